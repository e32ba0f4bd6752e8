/** A request becomes a node of a flow, behind what the flow does so far. Pure. */
import type { JsonObject } from '../merge';
import { addNode, connect, exitsOf, type Edited, type Model, type NodeValue, nodesOf } from '../flows/model';
import { boundRange, freeVariable, withRange } from '../flows/nextSteps';
import { profileOf, requestOf } from './model';

const onward: { [type: string]: string } = { authenticate: 'authenticated', http_request: 'default', import_data: 'default', assign: 'default' };

/** The last node whose way on leads nowhere, or to an end node. */
function lastOpen({ flow }: Model, profile: string | null): { from: string; exit: string; to: string | null } | null {
  const found = nodesOf(flow).flatMap(([from, node]) => {
    const exit = onward[node.type];
    if (!exit) return [];
    const to = exitsOf(node).find(([name]) => name === exit)?.[1] ?? null;
    const free = to === null || flow.nodes[to]?.type === 'end';
    return free ? [{ from, exit, to, signs: node.type === 'authenticate' && node.profile === profile }] : [];
  });
  return found.find(({ signs }) => signs) ?? found.at(-1) ?? null;
}

/** The flow with the request in it; its range variable comes with it. */
export function intoFlow(model: Model, request: JsonObject, title: string): Edited {
  const sent = requestOf(request);
  const reads = (sent.method ?? 'GET') === 'GET';
  const node: NodeValue = {
    type: 'http_request',
    ...(title && { title }),
    ...sent,
    ...(reads && { response: freeVariable(model.flow, 'response') }),
  };
  const open = lastOpen(model, profileOf(request));
  const from = open && model.layout[open.from];
  const at = from ? { x: from.x + 280, y: from.y } : { x: 0, y: 0 };
  const added = addNode(model, title || 'request', node, at);
  const name = added.added[0]!;
  let next: Model = added;
  if (open) {
    next = connect(next, open.from, open.exit, name);
    if (open.to) next = connect(next, name, 'default', open.to);
  } else if (model.flow.nodes[model.flow.start]?.type === 'end') {
    // A flow that only ends: the request goes before its end.
    next = { ...connect(next, name, 'default', model.flow.start), flow: { ...connect(next, name, 'default', model.flow.start).flow, start: name } };
  }
  return { ...withRange(next, boundRange(node)), added: [name] };
}
