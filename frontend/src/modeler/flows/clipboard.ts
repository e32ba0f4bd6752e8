/** Nodes as text: copied, pasted into this flow or another, duplicated. The text is checked. */
import { exitsOf, freeName, namePattern, type Edited, type Layout, type Model, type NodeValue, readLayout, round } from './model';

const format = 'graphwright/nodes/1';
const offset = 40;
const largest = 1_000_000;

/** The nodes with the exits among them, as JSON text. */
export function copyNodes(model: Model, names: readonly string[]): string {
  const taken = names.filter((name) => Object.hasOwn(model.flow.nodes, name));
  const inside = new Set(taken);
  return JSON.stringify({
    format,
    nodes: Object.fromEntries(taken.map((name) => [name, onlyInside(model.flow.nodes[name]!, inside)])),
    layout: Object.fromEntries(taken.flatMap((name) => (model.layout[name] ? [[name, model.layout[name]]] : []))),
  });
}

function onlyInside(node: NodeValue, inside: Set<string>): NodeValue {
  const { exits: _, ...rest } = node;
  const kept = exitsOf(node).filter(([, target]) => inside.has(target));
  return kept.length > 0 ? { ...rest, type: node.type, exits: Object.fromEntries(kept) } : { ...rest, type: node.type };
}

export interface Clip {
  nodes: { [name: string]: NodeValue };
  layout: Layout;
}

/** The nodes of a text, or null where it holds none: any text may lie on a clipboard. */
export function readClip(text: string): Clip | null {
  if (text.length > largest) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('format' in value) || value.format !== format) return null;
  const { nodes, layout } = value as { nodes?: unknown; layout?: unknown };
  if (typeof nodes !== 'object' || nodes === null || Array.isArray(nodes)) return null;
  const entries = Object.entries(nodes);
  if (entries.length === 0 || !entries.every(([name, node]) => namePattern.test(name) && isNode(node))) return null;
  return { nodes: nodes as Clip['nodes'], layout: readLayout(layout) };
}

function isNode(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { type, exits } = value as { type?: unknown; exits?: unknown };
  if (typeof type !== 'string') return false;
  if (exits === undefined) return true;
  return (
    typeof exits === 'object' && exits !== null && !Array.isArray(exits) &&
    Object.values(exits).every((target) => typeof target === 'string')
  );
}

/** Adds the nodes of a clip under free names; `at` is where its upper left corner comes. */
export function paste(model: Model, clip: Clip, at: { x: number; y: number } | null): Edited {
  const nodes = { ...model.flow.nodes };
  const names = new Map<string, string>();
  for (const name of Object.keys(clip.nodes)) {
    const free = freeName(nodes, name);
    names.set(name, free);
    nodes[free] = clip.nodes[name]!;
  }
  for (const [old, name] of names) {
    const node = clip.nodes[old]!;
    const exits = exitsOf(node).flatMap(([exit, target]) => {
      const to = names.get(target);
      return to ? [[exit, to]] : [];
    });
    const { exits: _, ...rest } = node;
    nodes[name] = exits.length > 0 ? { ...rest, type: node.type, exits: Object.fromEntries(exits) } : { ...rest, type: node.type };
  }
  const start = Object.hasOwn(model.flow.nodes, model.flow.start) ? model.flow.start : [...names.values()][0]!;
  return {
    flow: { ...model.flow, start, nodes },
    layout: { ...model.layout, ...placed(clip, names, at) },
    added: [...names.values()],
  };
}

function placed(clip: Clip, names: Map<string, string>, at: { x: number; y: number } | null): Layout {
  const spots = Object.values(clip.layout);
  const left = Math.min(...spots.map((spot) => spot.x));
  const top = Math.min(...spots.map((spot) => spot.y));
  return Object.fromEntries(
    [...names].flatMap(([old, name]) => {
      const spot = clip.layout[old];
      if (!spot) return [];
      const moved = at
        ? { x: at.x + spot.x - left, y: at.y + spot.y - top }
        : { x: spot.x + offset, y: spot.y + offset };
      return [[name, round(moved)]];
    }),
  );
}

/** The nodes once more, a little below; where an error leads is kept. */
export function duplicate(model: Model, names: readonly string[]): Edited {
  const clip = readClip(copyNodes(model, names));
  if (!clip) return { ...model, added: [] };
  const edited = paste(model, clip, null);
  const nodes = { ...edited.flow.nodes };
  Object.keys(clip.nodes).forEach((old, index) => {
    const name = edited.added[index]!;
    const error = model.flow.nodes[old]!.exits?.error;
    const node = nodes[name]!;
    if (error !== undefined && node.exits?.error === undefined) {
      const { exits, ...rest } = node;
      nodes[name] = { ...rest, type: node.type, exits: { ...exits, error } };
    }
  });
  return { ...edited, flow: { ...edited.flow, nodes } };
}
