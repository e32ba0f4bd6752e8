/** Where nodes stand: their size, automatic layout, alignment. Pure but for loading the layout engine. */
import type { ExitView } from './exits';
import { exitsOf, type FlowValue, isErrorExit, type Layout, type Model, nodesOf, type Position } from './model';

export const nodeWidth = 236;
const headHeight = 60;
const rowHeight = 24;
const columnGap = 84;
const rowGap = 36;
export const grid = 8;

export interface Size {
  width: number;
  height: number;
}

/** The exits that have a row of their own: all but the plain `default`, which leaves at the head. */
export function exitRows(exits: readonly ExitView[]): ExitView[] {
  return exits.filter((exit) => exit.name !== 'default');
}

/** The size of a node's card. */
export function nodeSize(exits: readonly ExitView[]): Size {
  const rows = exitRows(exits).length;
  return { width: nodeWidth, height: headHeight + (rows > 0 ? rows * rowHeight + 9 : 0) };
}

/** How far below the card's upper edge an exit leaves. */
export function exitOffset(exits: readonly ExitView[], name: string): number {
  const row = exitRows(exits).findIndex((exit) => exit.name === name);
  return row < 0 ? headHeight / 2 : headHeight + 4 + row * rowHeight + rowHeight / 2;
}

export type Sizes = { [node: string]: Size };

function sizeOf(sizes: Sizes, name: string): Size {
  return sizes[name] ?? { width: nodeWidth, height: headHeight };
}

/** Positions of all nodes (or the named ones), from left to right along the exits. */
export async function arrangeNodes(flow: FlowValue, sizes: Sizes, only?: ReadonlySet<string>): Promise<Layout> {
  const { Graph, layout } = await import('@dagrejs/dagre');
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', ranksep: columnGap, nodesep: rowGap, edgesep: 16, ranker: 'network-simplex' });
  graph.setDefaultEdgeLabel(() => ({}));
  const sinks = errorSinks(flow);
  const all = inOrder(flow).filter((name) => !only || only.has(name));
  const names = all.filter((name) => !sinks.has(name));
  const inside = new Set(names);
  for (const name of names) graph.setNode(name, { ...sizeOf(sizes, name) });
  for (const name of names) {
    for (const [exit, target] of exitsOf(flow.nodes[name])) {
      if (!inside.has(target) || target === name) continue;
      graph.setEdge(name, target, { weight: isErrorExit(exit) ? 1 : mainExits.has(exit) ? 12 : 2, minlen: 1 }, exit);
    }
  }
  layout(graph);
  const arranged: Layout = Object.fromEntries(
    names.map((name) => {
      const { x, y } = graph.node(name) as unknown as Position;
      const { width, height } = sizeOf(sizes, name);
      return [name, snap({ x: x - width / 2, y: y - height / 2 })];
    }),
  );
  return placeSinks(flow, sizes, arranged, all.filter((name) => sinks.has(name)));
}

const mainExits = new Set(['default', 'authenticated', 'each']);

/** Ends to which several errors lead. They stand below, and their lines run together. */
export function errorSinks(flow: FlowValue): Set<string> {
  const errors = new Map<string, number>();
  const others = new Set<string>();
  for (const [, node] of nodesOf(flow)) {
    for (const [exit, target] of exitsOf(node)) {
      if (isErrorExit(exit)) errors.set(target, (errors.get(target) ?? 0) + 1);
      else others.add(target);
    }
  }
  return new Set([...errors].flatMap(([name, count]) => (count > 1 && !others.has(name) && flow.nodes[name]?.type === 'end' ? [name] : [])));
}

function placeSinks(flow: FlowValue, sizes: Sizes, arranged: Layout, sinks: readonly string[]): Layout {
  let layout = arranged;
  const bottom = Math.max(0, ...Object.entries(arranged).map(([name, at]) => at.y + sizeOf(sizes, name).height));
  for (const sink of sinks) {
    const columns = nodesOf(flow)
      .filter(([name, node]) => arranged[name] && exitsOf(node).some(([, target]) => target === sink))
      .map(([name]) => arranged[name]!.x)
      .sort((a, b) => a - b);
    const x = (columns[Math.floor((columns.length - 1) / 2)] ?? 0) + nodeWidth + columnGap;
    layout = { ...layout, [sink]: freePlace(layout, sizes, { x, y: bottom + 56 }, sizeOf(sizes, sink)) };
  }
  return layout;
}

/** The nodes as a reader meets them: the start first, then along the exits. Notes stand aside. */
export function inOrder(flow: FlowValue): string[] {
  const all = nodesOf(flow).filter(([, node]) => node.type !== 'note');
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const stack = [name];
    while (stack.length > 0) {
      const next = stack.pop()!;
      const node = flow.nodes[next];
      if (seen.has(next) || !node || node.type === 'note') continue;
      seen.add(next);
      // Last in, first out: what goes well comes before what fails.
      const exits = exitsOf(node).sort(([a], [b]) => Number(isErrorExit(b)) - Number(isErrorExit(a)));
      stack.push(...exits.map(([, target]) => target));
    }
  };
  visit(flow.start);
  for (const [name] of all) visit(name);
  return [...seen].filter((name) => all.some(([known]) => known === name));
}

export function snap(at: Position): Position {
  return { x: Math.round(at.x / grid) * grid, y: Math.round(at.y / grid) * grid };
}

/** A free place of that size, at or below the wished one. */
export function freePlace(layout: Layout, sizes: Sizes, at: Position, size: Size): Position {
  const taken = Object.entries(layout).map(([name, spot]) => ({ ...spot, ...sizeOf(sizes, name) }));
  let { y } = at;
  for (let turn = 0; turn <= taken.length; turn += 1) {
    const hit = taken.find(
      (box) =>
        at.x < box.x + box.width + grid && box.x < at.x + size.width + grid &&
        y < box.y + box.height + grid && box.y < y + size.height + grid,
    );
    if (!hit) break;
    y = hit.y + hit.height + rowGap / 2;
  }
  return snap({ x: at.x, y });
}

/** Where a node comes that follows another at an exit. */
export function placeBehind(model: Model, sizes: Sizes, from: string, offset: number, size: Size): Position {
  const source = model.layout[from] ?? { x: 0, y: 0 };
  return freePlace(
    model.layout,
    sizes,
    { x: source.x + sizeOf(sizes, from).width + columnGap, y: source.y + offset - headHeight / 2 },
    size,
  );
}

/** Positions for nodes that have none, beside what they follow; the others stay. */
export function placeMissing(model: Model, sizes: Sizes): Layout {
  let { layout } = model;
  const before = new Map<string, string>();
  for (const [name, node] of nodesOf(model.flow)) {
    for (const [, target] of exitsOf(node)) if (!before.has(target)) before.set(target, name);
  }
  const notes = nodesOf(model.flow).filter(([, node]) => node.type === 'note').map(([name]) => name);
  for (const name of [...inOrder(model.flow), ...notes]) {
    if (layout[name]) continue;
    const from = before.get(name);
    const size = sizeOf(sizes, name);
    const at =
      from && layout[from]
        ? placeBehind({ ...model, layout }, sizes, from, headHeight / 2, size)
        : freePlace(layout, sizes, { x: 0, y: 0 }, size);
    layout = { ...layout, [name]: at };
  }
  return layout;
}

export type Side = 'left' | 'center' | 'right' | 'top' | 'middle' | 'bottom';

/** Puts nodes on one line. */
export function alignNodes(layout: Layout, sizes: Sizes, names: readonly string[], side: Side): Layout {
  const boxes = names.flatMap((name) => (layout[name] ? [{ name, ...layout[name], ...sizeOf(sizes, name) }] : []));
  if (boxes.length < 2) return {};
  const left = Math.min(...boxes.map((box) => box.x));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const top = Math.min(...boxes.map((box) => box.y));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return Object.fromEntries(
    boxes.map(({ name, x, y, width, height }) => {
      if (side === 'left') return [name, { x: left, y }];
      if (side === 'right') return [name, { x: right - width, y }];
      if (side === 'center') return [name, { x: (left + right - width) / 2, y }];
      if (side === 'top') return [name, { x, y: top }];
      if (side === 'bottom') return [name, { x, y: bottom - height }];
      return [name, { x, y: (top + bottom - height) / 2 }];
    }),
  );
}

/** Equal gaps between nodes; the outermost two stay. */
export function distributeNodes(layout: Layout, sizes: Sizes, names: readonly string[], axis: 'x' | 'y'): Layout {
  const extent = axis === 'x' ? 'width' : 'height';
  const boxes = names
    .flatMap((name) => (layout[name] ? [{ name, at: layout[name], length: sizeOf(sizes, name)[extent] }] : []))
    .sort((a, b) => a.at[axis] - b.at[axis]);
  if (boxes.length < 3) return {};
  const first = boxes[0]!;
  const last = boxes.at(-1)!;
  const inner = boxes.slice(1, -1);
  const room = last.at[axis] - first.at[axis] - first.length - inner.reduce((sum, box) => sum + box.length, 0);
  const gap = room / (boxes.length - 1);
  let next = first.at[axis] + first.length + gap;
  return Object.fromEntries(
    inner.map((box) => {
      const moved = { ...box.at, [axis]: next };
      next += box.length + gap;
      return [box.name, moved];
    }),
  );
}
