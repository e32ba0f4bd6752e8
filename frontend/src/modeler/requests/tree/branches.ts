/**
 * Which rows a tree shows whose levels are read part by part: only what is opened is known, only what
 * is seen is read, so that a level of 100,000 items costs what is seen of it. Pure.
 */
import type { Tree, TreeNode } from '../../api.gen';

/** How many children are read at once. */
export const partSize = 200;

/** An opened value: how many children it has, those that are read, those that are open themselves. */
export interface Branch {
  total: number;
  parts: { [part: number]: TreeNode[] };
  /** The place of an opened child: its pointer. */
  open: { [index: number]: string };
}

/** The opened values by pointer; the document itself has the pointer ''. */
export type Branches = { [pointer: string]: Branch };

export interface Row {
  /** Pointer of the value it is a child of. */
  parent: string;
  index: number;
  depth: number;
  size: number;
  /** null: not read yet. */
  node: TreeNode | null;
  open: boolean;
}

export function childAt(branch: Branch, index: number): TreeNode | null {
  return branch.parts[Math.floor(index / partSize)]?.[index % partSize] ?? null;
}

function openOf(branch: Branch): [number, string][] {
  return Object.entries(branch.open).map(([index, pointer]): [number, string] => [Number(index), pointer]);
}

/** How many rows stand under a value. */
export function countRows(branches: Branches, pointer = ''): number {
  const branch = branches[pointer];
  if (!branch) return 0;
  return openOf(branch).reduce((sum, [, child]) => sum + countRows(branches, child), branch.total);
}

/** The row at a place, counted from the first child of the document; null behind the last. */
export function rowAt(branches: Branches, place: number, pointer = '', depth = 1): Row | null {
  const branch = branches[pointer];
  if (!branch) return null;
  let rest = place;
  let next = 0;
  for (const [index, child] of openOf(branch)) {
    const own = index - next + 1;
    if (rest < own) break;
    rest -= own;
    next = index + 1;
    const inner = countRows(branches, child);
    if (rest < inner) return rowAt(branches, rest, child, depth + 1);
    rest -= inner;
  }
  const index = next + rest;
  if (index >= branch.total) return null;
  return {
    parent: pointer,
    index,
    depth,
    size: branch.total,
    node: childAt(branch, index),
    open: branch.open[index] !== undefined,
  };
}

function parentOf(branches: Branches, pointer: string): { parent: string; index: number } | null {
  for (const [parent, branch] of Object.entries(branches)) {
    for (const [index, child] of openOf(branch)) if (child === pointer) return { parent, index };
  }
  return null;
}

/** The place of the child `index` of a value, as `rowAt` counts; null where it is not to be seen. */
export function placeOfRow(branches: Branches, parent: string, index: number): number | null {
  const branch = branches[parent];
  if (!branch) return null;
  let before = index;
  for (const [at, child] of openOf(branch)) if (at < index) before += countRows(branches, child);
  if (parent === '') return before;
  const above = parentOf(branches, parent);
  if (!above) return null;
  const place = placeOfRow(branches, above.parent, above.index);
  return place === null ? null : place + 1 + before;
}

/** The row of the value that a row belongs to; null for the children of the document. */
export function placeOfParent(branches: Branches, row: Row): number | null {
  const above = parentOf(branches, row.parent);
  return above && placeOfRow(branches, above.parent, above.index);
}

/** What an answer of the server brings. */
export function withPart(branches: Branches, answer: Tree): Branches {
  const { pointer } = answer.node;
  const branch = branches[pointer] ?? { total: 0, parts: {}, open: {} };
  const part = Math.floor(answer.offset / partSize);
  const parts = { ...branch.parts, [part]: answer.children };
  return { ...branches, [pointer]: { ...branch, total: answer.total, parts } };
}

/** A child opened; its own children are read then. */
export function opened(branches: Branches, parent: string, index: number, pointer: string): Branches {
  const branch = branches[parent];
  if (!branch) return branches;
  const empty: Branch = { total: 0, parts: {}, open: {} };
  return {
    ...branches,
    [parent]: { ...branch, open: { ...branch.open, [index]: pointer } },
    [pointer]: branches[pointer] ?? empty,
  };
}

export function shut(branches: Branches, parent: string, index: number): Branches {
  const branch = branches[parent];
  if (!branch) return branches;
  const { [index]: _, ...open } = branch.open;
  return { ...branches, [parent]: { ...branch, open } };
}

/** The parts that some rows lack: each value with the first child to read. */
export function missingParts(rows: Iterable<Row>): { pointer: string; offset: number }[] {
  const found = new Map<string, { pointer: string; offset: number }>();
  for (const { node, parent, index } of rows) {
    if (node) continue;
    const offset = Math.floor(index / partSize) * partSize;
    found.set(`${parent}\n${offset}`, { pointer: parent, offset });
  }
  return [...found.values()];
}
