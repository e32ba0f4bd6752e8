/**
 * The flow as nodes and edges for the canvas, and the way each edge takes. Pure.
 * What has not changed keeps its object, so that the canvas draws only what did.
 */
import type { Edge, Node } from '@xyflow/react';
import { exitOffset, nodeSize, type Size, type Sizes } from './arrange';
import { type ExitView, exitViews, type Surroundings } from './exits';
import { type FlowValue, isErrorExit, type Layout, type NodeValue, nodesOf, type Position } from './model';
import { nodeTitle, summarise } from './summary';

export interface StepData extends Record<string, unknown> {
  name: string;
  type: string;
  kind: string;
  group: string;
  title: string;
  summary: string;
  exits: ExitView[];
  start: boolean;
  /** The text of a note. */
  note: string | null;
}

export type StepNode = Node<StepData, 'step' | 'note'>;

export interface WayData extends Record<string, unknown> {
  exit: string;
  tone: 'normal' | 'error';
  /** Of an edge that leads back: the height at which it runs. */
  channel: number | null;
}

export type WayEdge = Edge<WayData, 'way'>;

export const edgeId = (from: string, exit: string): string => `${from}:${exit}`;

/** What the canvas shows of each node, by name. */
export function describeNodes(flow: FlowValue, around: Surroundings): Map<string, StepData> {
  return new Map(
    nodesOf(flow).map(([name, node]) => {
      const kind = around.kinds.get(node.type);
      return [
        name,
        {
          name,
          type: node.type,
          kind: kind?.title ?? node.type,
          group: kind?.group ?? '',
          title: nodeTitle(name, node),
          summary: summarise(node, around),
          exits: exitViews(node, around),
          start: flow.start === name,
          note: node.type === 'note' ? String(node.text ?? '') : null,
        },
      ];
    }),
  );
}

export const noteWidth = 220;

function noteSize(node: NodeValue): Size {
  const lines = String(node.text ?? '').split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 30)), 0);
  return { width: noteWidth, height: 36 + Math.min(lines, 12) * 18 };
}

export function sizesOf(flow: FlowValue, described: ReadonlyMap<string, StepData>): Sizes {
  return Object.fromEntries(
    nodesOf(flow).map(([name, node]) => [
      name,
      node.type === 'note' ? noteSize(node) : nodeSize(described.get(name)?.exits ?? []),
    ]),
  );
}

/** Nodes for the canvas; those of `previous` that are as they were keep their object. */
export function canvasNodes(
  described: ReadonlyMap<string, StepData>,
  sizes: Sizes,
  layout: Layout,
  selected: ReadonlySet<string>,
  previous: readonly StepNode[],
): StepNode[] {
  const old = new Map(previous.map((node) => [node.id, node]));
  return [...described].map(([name, data]) => {
    const before = old.get(name);
    const position = layout[name] ?? { x: 0, y: 0 };
    const same = before && JSON.stringify(before.data) === JSON.stringify(data);
    if (
      same && before.position.x === position.x && before.position.y === position.y &&
      (before.selected ?? false) === selected.has(name)
    ) {
      return before;
    }
    return {
      ...before,
      id: name,
      type: data.type === 'note' ? 'note' : 'step',
      position,
      data: same ? before.data : data,
      selected: selected.has(name),
      // A step is as large as it was computed: React Flow would forget where its handles are of a node
      // that is put anew before its measurement came back.
      ...(data.type === 'note'
        ? { initialWidth: noteWidth, initialHeight: sizes[name]?.height ?? 60 }
        : { ...sizes[name], ...(sizes[name] && { measured: sizes[name] }) }),
      ariaLabel: labelOf(data, described),
      zIndex: data.type === 'note' ? -1 : 0,
    } satisfies StepNode;
  });
}

/** A node for a screen reader: what it is, and where each exit leads. */
export function labelOf(data: StepData, described: ReadonlyMap<string, StepData>): string {
  const ways = data.exits.map(
    (exit) => `${exit.label}: ${exit.target ? (described.get(exit.target)?.title ?? exit.target) : 'nowhere yet'}`,
  );
  return [
    `${data.title}, ${data.kind}${data.start ? ', the start' : ''}`,
    data.summary,
    ways.length > 0 ? `Exits: ${ways.join('; ')}` : '',
  ].filter(Boolean).join('. ');
}

/** Edges for the canvas; those of `previous` that are as they were keep their object. */
export function canvasEdges(
  described: ReadonlyMap<string, StepData>,
  sizes: Sizes,
  layout: Layout,
  previous: readonly WayEdge[],
): WayEdge[] {
  const old = new Map(previous.map((edge) => [edge.id, edge]));
  const channels = findChannels(described, sizes, layout);
  return [...described.values()].flatMap((data) =>
    data.exits.flatMap((exit) => {
      if (!exit.target || !described.has(exit.target)) return [];
      const id = edgeId(data.name, exit.name);
      const channel = channels.get(id) ?? null;
      const before = old.get(id);
      if (before && before.target === exit.target && before.data?.channel === channel) return [before];
      const target = described.get(exit.target)!.title;
      return [
        {
          ...before,
          id,
          type: 'way',
          source: data.name,
          sourceHandle: exit.name,
          target: exit.target,
          targetHandle: 'in',
          ariaLabel: `${exit.label} of ${data.title} leads to ${target}`,
          data: { exit: exit.name, tone: isErrorExit(exit.name) ? 'error' : 'normal', channel },
        } satisfies WayEdge,
      ];
    }),
  );
}

interface Box extends Position, Size {
  name: string;
}

const margin = 18;

/**
 * The heights at which edges that lead back run: between the rows of nodes, where they cross the
 * fewest. Edges to one node share a height, and look like one line.
 */
function findChannels(described: ReadonlyMap<string, StepData>, sizes: Sizes, layout: Layout): Map<string, number> {
  const boxes: Box[] = [...described.keys()].flatMap((name) =>
    layout[name] ? [{ name, ...layout[name], width: sizes[name]!.width, height: sizes[name]!.height }] : [],
  );
  const byName = new Map(boxes.map((box) => [box.name, box]));
  const sinks = sinksOf(described);
  const groups = new Map<string, { id: string; source: Box; y: number }[]>();
  for (const data of described.values()) {
    const source = byName.get(data.name);
    if (!source) continue;
    for (const exit of data.exits) {
      const target = exit.target ? byName.get(exit.target) : undefined;
      const sunk = exit.tone === 'error' && sinks.has(exit.target ?? '');
      if (!target || (target.x > source.x + source.width + 12 && !sunk)) continue;
      const key = `${exit.target}:${exit.tone}`;
      const list = groups.get(key) ?? [];
      list.push({ id: edgeId(data.name, exit.name), source, y: source.y + exitOffset(data.exits, exit.name) });
      groups.set(key, list);
    }
  }
  const taken: { y: number; left: number; right: number }[] = [];
  const found = new Map<string, number>();
  for (const [key, edges] of groups) {
    const target = byName.get(key.slice(0, key.lastIndexOf(':')))!;
    const left = Math.min(target.x, ...edges.map(({ source }) => source.x + source.width)) - 30;
    const right = Math.max(target.x, ...edges.map(({ source }) => source.x + source.width)) + 30;
    const y = bestChannel(boxes, taken, left, right, target, edges.map((edge) => edge.y));
    taken.push({ y, left, right });
    for (const { id } of edges) found.set(id, y);
  }
  return found;
}

/** Ends to which several errors lead, as `errorSinks` of the flow. */
function sinksOf(described: ReadonlyMap<string, StepData>): Set<string> {
  const counts = new Map<string, number>();
  for (const data of described.values()) {
    for (const exit of data.exits) {
      if (exit.target) counts.set(exit.target, (counts.get(exit.target) ?? 0) + (exit.tone === 'error' ? 1 : -1000));
    }
  }
  return new Set([...counts].flatMap(([name, count]) => (count > 1 && described.get(name)?.type === 'end' ? [name] : [])));
}

function bestChannel(
  boxes: readonly Box[],
  taken: readonly { y: number; left: number; right: number }[],
  left: number,
  right: number,
  target: Box,
  exits: readonly number[],
): number {
  const between = boxes.filter((box) => box.x < right && box.x + box.width > left);
  const candidates = between.flatMap((box) => [box.y - margin, box.y + box.height + margin]);
  const cost = (y: number): number => {
    const crossed = between.filter((box) => y > box.y - 6 && y < box.y + box.height + 6).length;
    const way = Math.abs(y - target.y - 30) + exits.reduce((sum, exit) => sum + Math.abs(y - exit), 0) / exits.length;
    return crossed * 400 + way;
  };
  let best = candidates[0] ?? target.y - margin;
  let lowest = Infinity;
  for (const y of candidates) {
    const value = cost(y);
    if (value < lowest) [best, lowest] = [y, value];
  }
  while (taken.some((other) => Math.abs(other.y - best) < 6 && other.left < right && other.right > left)) best += 8;
  return best;
}
