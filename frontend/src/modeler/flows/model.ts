/**
 * A flow and where its nodes stand, and every edit of them as a pure function.
 * Knows nothing of React, of the canvas or of the server. Values come from files that anybody may
 * have written: what has not the shape of a node is left alone and not drawn.
 */
import type { JsonValue } from '../../api';

export interface NodeValue {
  type: string;
  title?: string | null;
  exits?: { [exit: string]: string };
  [field: string]: JsonValue | undefined;
}

export interface FlowValue {
  kind: 'regular' | 'action';
  title?: string | null;
  path?: string | null;
  start: string;
  variables?: { [name: string]: JsonValue };
  inputs?: { [name: string]: JsonValue };
  nodes: { [name: string]: NodeValue };
  [field: string]: unknown;
}

export interface Position {
  x: number;
  y: number;
}

export type Layout = { [node: string]: Position };

export interface Model {
  flow: FlowValue;
  layout: Layout;
}

/** A model and the nodes that an edit made, to select them. */
export interface Edited extends Model {
  added: string[];
}

/** Whether an exit is taken where something failed. */
export function isErrorExit(name: string): boolean {
  return name === 'error' || name === 'not_authenticated' || /^[45](\d\d|xx)$/.test(name);
}

type Fields = { [key: string]: JsonValue };

export const namePattern = /^[a-z][a-z0-9_-]{0,59}$/;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The flow of a document's value, or null where it cannot be drawn. */
export function readFlow(value: unknown): FlowValue | null {
  if (!isObject(value) || !isObject(value.nodes ?? {})) return null;
  return { ...value, kind: value.kind ?? 'regular', start: value.start ?? '', nodes: value.nodes ?? {} } as unknown as FlowValue;
}

/** The positions of a layout document; what is no position is left out. */
export function readLayout(value: unknown): Layout {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, at]) =>
      isObject(at) && Number.isFinite(at.x) && Number.isFinite(at.y)
        ? [[name, { x: at.x as number, y: at.y as number }]]
        : [],
    ),
  );
}

/** The nodes that have the shape of one, in the order of the file. */
export function nodesOf(flow: FlowValue): [string, NodeValue][] {
  return Object.entries(flow.nodes).filter(([, node]) => isObject(node) && typeof node.type === 'string');
}

/** Each exit of a node with the node it leads to. */
export function exitsOf(node: NodeValue | undefined): [string, string][] {
  if (!node || !isObject(node.exits)) return [];
  return Object.entries(node.exits).filter(([, target]) => typeof target === 'string');
}

/** A name that no node of the flow has yet, made of any text. */
export function freeName(taken: { [name: string]: unknown }, wanted: string): string {
  const base =
    wanted
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[\u0300-\u036f]/g, '')
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^[^a-z]+|_+$/g, '')
      .slice(0, 54) || 'node';
  if (!Object.hasOwn(taken, base)) return base;
  const stem = base.replace(/_\d+$/, '') || base;
  for (let number = 2; ; number += 1) {
    if (!Object.hasOwn(taken, `${stem}_${number}`)) return `${stem}_${number}`;
  }
}

function withExits(node: NodeValue, exits: [string, string][]): NodeValue {
  const { exits: _, ...rest } = node;
  return exits.length > 0 ? { ...rest, type: node.type, exits: Object.fromEntries(exits) } : { ...rest, type: node.type };
}

function withNode(model: Model, name: string, node: NodeValue): Model {
  return { ...model, flow: { ...model.flow, nodes: { ...model.flow.nodes, [name]: node } } };
}

/** Adds a node; the first one of a flow is its start. */
export function addNode(model: Model, wanted: string, node: NodeValue, at: Position): Edited {
  const name = freeName(model.flow.nodes, wanted);
  const known = Object.hasOwn(model.flow.nodes, model.flow.start);
  const next = withNode(model, name, node);
  return {
    flow: known || node.type === 'note' ? next.flow : { ...next.flow, start: name },
    layout: { ...model.layout, [name]: round(at) },
    added: [name],
  };
}

/** Replaces a node's definition. */
export function setNode(model: Model, name: string, node: NodeValue): Model {
  return withNode(model, name, node);
}

/** Leads an exit to a node, wherever it led before. */
export function connect(model: Model, from: string, exit: string, to: string): Model {
  const node = model.flow.nodes[from];
  if (!node || !Object.hasOwn(model.flow.nodes, to)) return model;
  const exits = exitsOf(node);
  const led = exits.findIndex(([name]) => name === exit);
  // A new one comes before the errors, as one would write it.
  const first = exits.findIndex(([name]) => isErrorExit(name));
  const place = led >= 0 ? led : isErrorExit(exit) || first < 0 ? exits.length : first;
  return withNode(model, from, withExits(node, exits.toSpliced(place, led >= 0 ? 1 : 0, [exit, to])));
}

/** Takes away where an exit leads. */
export function disconnect(model: Model, from: string, exit: string): Model {
  const node = model.flow.nodes[from];
  if (!node) return model;
  return withNode(model, from, withExits(node, exitsOf(node).filter(([name]) => name !== exit)));
}

/** Moves an edge: another end, another exit, or both. */
export function reconnect(
  model: Model,
  old: { from: string; exit: string },
  now: { from: string; exit: string; to: string },
): Model {
  const moved = old.from !== now.from || old.exit !== now.exit;
  return connect(moved ? disconnect(model, old.from, old.exit) : model, now.from, now.exit, now.to);
}

/** Puts a node between an exit and where it led; the new node goes on by `onward`. */
export function insertOnEdge(
  model: Model,
  edge: { from: string; exit: string },
  wanted: string,
  node: NodeValue,
  onward: string | null,
  at: Position,
): Edited {
  const target = model.flow.nodes[edge.from]?.exits?.[edge.exit];
  const added = addNode(model, wanted, node, at);
  const name = added.added[0]!;
  let next: Model = connect(added, edge.from, edge.exit, name);
  if (target !== undefined && onward !== null) next = connect(next, name, onward, target);
  return { ...next, added: [name] };
}

/** Removes nodes, and the exits that lead to them. A flow whose start went starts where that one led. */
export function removeNodes(model: Model, names: readonly string[]): Model {
  const gone = new Set(names);
  const nodes = Object.fromEntries(
    Object.entries(model.flow.nodes)
      .filter(([name]) => !gone.has(name))
      .map(([name, node]) => {
        const exits = exitsOf(node);
        const kept = exits.filter(([, target]) => !gone.has(target));
        return [name, kept.length === exits.length ? node : withExits(node, kept)];
      }),
  );
  const layout = Object.fromEntries(Object.entries(model.layout).filter(([name]) => !gone.has(name)));
  return { flow: { ...model.flow, start: startWithout(model.flow, gone), nodes }, layout };
}

function startWithout(flow: FlowValue, gone: Set<string>): string {
  if (!gone.has(flow.start)) return flow.start;
  const led = exitsOf(flow.nodes[flow.start]).map(([, target]) => target);
  const left = nodesOf(flow).filter(([name, node]) => !gone.has(name) && node.type !== 'note');
  return led.find((name) => !gone.has(name)) ?? left[0]?.[0] ?? '';
}

export function setStart(model: Model, name: string): Model {
  return { ...model, flow: { ...model.flow, start: name } };
}

/** Other values of the flow itself (title, variables…); undefined takes one away. */
export function setFlow(model: Model, fields: { [field: string]: JsonValue | undefined }): Model {
  const flow: { [field: string]: unknown } = { ...model.flow, ...fields };
  for (const [field, value] of Object.entries(fields)) if (value === undefined) delete flow[field];
  return { ...model, flow: flow as FlowValue };
}

/** Whole numbers only: a drag of half a pixel is no change of a file. */
export function round(at: Position): Position {
  return { x: Math.round(at.x), y: Math.round(at.y) };
}

/** New positions of some nodes. */
export function moveNodes(model: Model, positions: Layout): Model {
  const rounded = Object.fromEntries(Object.entries(positions).map(([name, at]) => [name, round(at)]));
  return { ...model, layout: { ...model.layout, ...rounded } };
}

/** Positions of nodes that are there, in the order of the flow: what the layout file holds. */
export function tidyLayout(model: Model): Layout {
  return Object.fromEntries(
    Object.keys(model.flow.nodes).flatMap((name) => {
      const at = model.layout[name];
      return at ? [[name, at]] : [];
    }),
  );
}

/** Leads every error exit that leads nowhere to one end node, which is made where there is none. */
export function catchErrors(
  model: Model,
  open: { from: string; exit: string }[],
  at: Position,
): Edited {
  if (open.length === 0) return { ...model, added: [] };
  const there = nodesOf(model.flow).find(([, node]) => node.type === 'end' && node.tone === 'error')?.[0];
  const edited = there
    ? { ...model, added: [] }
    : addNode(
        model,
        'failed',
        { type: 'end', heading: 'That did not work', message: '{{ error.text }}', tone: 'error' },
        at,
      );
  const end = there ?? edited.added[0]!;
  const next = open.reduce<Model>((result, { from, exit }) => connect(result, from, exit, end), edited);
  return { ...next, added: edited.added };
}
