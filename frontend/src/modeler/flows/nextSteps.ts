/**
 * What makes sense next at an open exit, best first, and the node that a choice makes, filled in with
 * what the flow already knows. Pure: steps that need the server say so by `needs`.
 */
import type { JsonValue } from '../../api';
import type { Surroundings } from './exits';
import { exitsOf, type FlowValue, isErrorExit, type Model, type NodeValue, nodesOf } from './model';
import { nodeTitle } from './summary';

export interface NextStep {
  id: string;
  title: string;
  summary: string;
  /** The type whose icon it has. */
  type: string;
  /** Shown first: what a flow like this usually does here. */
  likely: boolean;
  /** What choosing it does. */
  does:
    | { kind: 'add'; name: string; node: NodeValue; onward: string | null }
    | { kind: 'lead'; to: string }
    | { kind: 'import'; request: string }
    | { kind: 'show'; list: string; request: string | null }
    | { kind: 'page'; pageType: 'form' }
    | { kind: 'catch' };
}

/** Every variable a flow has: initial ones and those that nodes set. */
export function variablesOf(flow: FlowValue): Set<string> {
  const names = new Set(Object.keys(flow.variables ?? {}));
  for (const [, node] of nodesOf(flow)) {
    const { response, result, outputs, set, type } = node;
    for (const name of [response, result]) if (typeof name === 'string') names.add(name);
    if (type === 'loop') names.add(typeof node.item === 'string' ? node.item : 'item');
    if (outputs && typeof outputs === 'object') {
      for (const name of Object.values(outputs)) if (typeof name === 'string') names.add(name);
    }
    if (type === 'assign' && set && typeof set === 'object') for (const name of Object.keys(set)) names.add(name);
  }
  return names;
}

export function freeVariable(flow: FlowValue, wanted: string): string {
  const taken = variablesOf(flow);
  const base = wanted.replace(/[^A-Za-z0-9_]/g, '_').replace(/^[^a-z]+/, '') || 'value';
  if (!taken.has(base)) return base;
  for (let number = 2; ; number += 1) if (!taken.has(`${base}_${number}`)) return `${base}_${number}`;
}

/** The nodes that come before one, nearest first. */
export function before(flow: FlowValue, name: string): string[] {
  const seen = new Set([name]);
  const queue = [name];
  for (const next of queue) {
    for (const [other, node] of nodesOf(flow)) {
      if (!seen.has(other) && exitsOf(node).some(([, target]) => target === next)) {
        seen.add(other);
        queue.push(other);
      }
    }
  }
  return queue.slice(1);
}

/** The profile that a request behind a node is sent with: the nearest one before it, else the flow's. */
export function profileFor(flow: FlowValue, name: string): string | null {
  const near = [name, ...before(flow, name)].map((other) => flow.nodes[other]);
  const nodes = [...near, ...nodesOf(flow).map(([, node]) => node)];
  for (const node of nodes) {
    if (node?.type === 'authenticate' && typeof node.profile === 'string') return node.profile;
    const sent = node?.authentication as { type?: unknown; profile?: unknown } | undefined;
    if (sent?.type === 'oauth2' && typeof sent.profile === 'string') return sent.profile;
  }
  return null;
}

/** A request with the flow's profile and a response variable. */
export function newRequest(flow: FlowValue, from: string, method = 'GET'): NodeValue {
  const profile = profileFor(flow, from);
  return {
    type: 'http_request',
    method,
    url: '/me',
    ...(profile ? { authentication: { type: 'oauth2', profile } } : {}),
    ...(method === 'GET' ? { response: freeVariable(flow, 'response') } : {}),
  };
}

/** The variables that bind a request to a stretch of time: `{{ range.start }}` and `{{ range.end }}`. */
export function boundRange(request: NodeValue | undefined): string | null {
  const texts = JSON.stringify([request?.url ?? '', request?.query ?? {}]);
  const start = /\{\{\s*([a-z]\w*)\.start\s*\}\}/.exec(texts)?.[1];
  return start && new RegExp(`\\{\\{\\s*${start}\\.end\\s*\\}\\}`).test(texts) ? start : null;
}

/** The flow with the variable that a request is bound to: this week, where it had none. */
export function withRange(model: Model, variable: string | null): Model {
  if (variable === null || model.flow.variables?.[variable] !== undefined) return model;
  const variables: { [name: string]: JsonValue } = {
    ...model.flow.variables,
    [variable]: { start: '{{ now.week.start }}', end: '{{ now.week.end }}' },
  };
  return { ...model, flow: orderedFlow({ ...model.flow, variables }) };
}

const order = ['kind', 'title', 'description', 'path', 'access', 'inputs', 'variables', 'start', 'nodes'];

function orderedFlow(flow: FlowValue): FlowValue {
  const keys = [...order.filter((key) => key in flow), ...Object.keys(flow).filter((key) => !order.includes(key))];
  return Object.fromEntries(keys.map((key) => [key, flow[key]])) as FlowValue;
}

/** The node that imports a request's response; `within`: the fields that say when a row begins and ends. */
export function newImport(
  request: NodeValue | undefined,
  importName: string,
  within: { from_field: string; to_field: string } | null,
): NodeValue {
  const range = boundRange(request);
  return {
    type: 'import_data',
    import: importName,
    from: `${typeof request?.response === 'string' ? request.response : 'response'}.body`,
    mode: 'replace',
    ...(range && within ? { within: { ...within, start: `${range}.start`, end: `${range}.end` } } : {}),
  };
}

/** The node that shows a page, and where moving its range leads. */
export function newPageNode(name: string, page: JsonValue, request: string | null): NodeValue {
  const { type, range } = page as { type?: unknown; range?: unknown };
  if (type !== 'calendar') return { type: 'page', page: name };
  const variable = typeof range === 'string' && /^[a-z]\w*$/.test(range) ? range : 'range';
  return {
    type: 'page',
    page: name,
    outputs: { range_changed: variable },
    ...(request ? { exits: { range_changed: request } } : {}),
  };
}

const isRequest = (node: NodeValue | undefined): boolean => node?.type === 'http_request';
const reads = (node: NodeValue | undefined): boolean => isRequest(node) && ['GET', undefined, null].includes(node?.method as string);

function add(id: string, title: string, summary: string, name: string, node: NodeValue, onward: string | null = 'default'): NextStep {
  return { id, title, summary, type: node.type, likely: true, does: { kind: 'add', name, node, onward } };
}

function lead(flow: FlowValue, to: string, title: string): NextStep {
  const node = flow.nodes[to]!;
  return { id: `lead:${to}`, title, summary: `Leads to ${nodeTitle(to, node)}.`, type: node.type, likely: true, does: { kind: 'lead', to } };
}

function request(flow: FlowValue, from: string, method: string, title: string, summary: string): NextStep {
  const names: Record<string, string> = { GET: 'load', POST: 'create', PATCH: 'update', DELETE: 'delete' };
  return add(`request:${method}`, title, summary, names[method] ?? 'request', newRequest(flow, from, method));
}

const form: NextStep = {
  id: 'form', title: 'Ask with a form', summary: 'A page with fields; what is typed goes on.', type: 'page', likely: true,
  does: { kind: 'page', pageType: 'form' },
};

function errorSteps(flow: FlowValue, exit: string, openErrors: number): NextStep[] {
  if (exit === 'not_authenticated') {
    return [
      add('not_signed_in', 'Say that sign-in is needed', 'Ends with a message.', 'not_signed_in',
        { type: 'end', heading: 'You are not signed in', message: 'This needs your sign-in.', tone: 'info' }, null),
    ];
  }
  const all: NextStep = {
    id: 'catch', title: 'All errors to one end', type: 'end', likely: true, does: { kind: 'catch' },
    summary: `“That did not work”, with the reason; for ${openErrors} open error exits.`,
  };
  const end = nodesOf(flow).find(([, node]) => node.type === 'end' && node.tone === 'error')?.[0];
  const here = end
    ? lead(flow, end, nodeTitle(end, flow.nodes[end]!))
    : add('failed', 'Say that it did not work', 'Ends with the reason.', 'failed',
        { type: 'end', heading: 'That did not work', message: '{{ error.text }}', tone: 'error' }, null);
  return openErrors > 1 ? [all, here] : [here];
}

function pageSteps(flow: FlowValue, from: string, exit: string, around: Surroundings): NextStep[] {
  const earlier = before(flow, from);
  const back = earlier.find((name) => reads(flow.nodes[name]));
  const backStep = back ? [lead(flow, back, 'Load again')] : [];
  const again = request(flow, from, 'GET', 'HTTP request', 'Reads from Microsoft 365 or another service.');
  if (/range|folder|refresh|reload|cancel|back/.test(exit)) return [...backStep, again];
  const page = around.values.get(`pages/${String(flow.nodes[from]?.page)}.yaml`) as { type?: unknown } | undefined;
  if (/delete|remove/.test(exit)) return [request(flow, from, 'DELETE', 'Delete it', 'A request that deletes the row.')];
  if (exit === 'submit' || page?.type === 'form') {
    return [
      request(flow, from, 'POST', 'Create it', 'A request that sends what was typed.'),
      request(flow, from, 'PATCH', 'Change it', 'A request that updates what is there.'),
      ...backStep,
    ];
  }
  return [form, request(flow, from, 'PATCH', 'Change it', 'A request that updates the row.'), again, ...backStep];
}

/** What makes sense at an exit, best first. `openErrors`: how many error exits lead nowhere yet. */
export function nextSteps(flow: FlowValue, from: string, exit: string, around: Surroundings, openErrors = 0): NextStep[] {
  const node = flow.nodes[from];
  if (!node) return [];
  if (isErrorExit(exit)) return errorSteps(flow, exit, openErrors);
  const again = request(flow, from, 'GET', 'HTTP request', 'Reads from Microsoft 365 or another service.');
  const end = add('end', 'End', 'Ends the flow with a message.', 'done', { type: 'end', message: 'Done.' }, null);
  if (node.type === 'page') return pageSteps(flow, from, exit, around);
  if (node.type === 'http_request') {
    if (!reads(node)) {
      const back = before(flow, from).find((name) => reads(flow.nodes[name]));
      return [...(back ? [lead(flow, back, 'Load again')] : []), again, end];
    }
    return [
      { id: 'import', title: 'Import the response', summary: 'Into a list, by a mapping made from the last answer.',
        type: 'import_data', likely: true, does: { kind: 'import', request: from } },
      again,
    ];
  }
  if (node.type === 'import_data') {
    const definition = around.values.get(`imports/${String(node.import)}.yaml`) as { list?: unknown } | undefined;
    const source = before(flow, from).find((name) => isRequest(flow.nodes[name])) ?? null;
    const show: NextStep = {
      id: 'show', title: 'Show on a page', summary: 'A page that fits the list.', type: 'page', likely: true,
      does: { kind: 'show', list: String(definition?.list ?? node.import), request: source },
    };
    return flow.kind === 'action' ? [end, again] : [show, again, end];
  }
  return flow.kind === 'action' ? [again, end] : [again, form, end];
}
