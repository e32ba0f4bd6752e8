/**
 * The exits of a node: those of its type, of its page, of its cases, of the sub-flow's end nodes,
 * and those that the model names. Pure; knows nothing of drawing them.
 */
import type { JsonValue } from '../../api';
import type { KindWire } from '../api.gen';
import { exitsOf, isErrorExit, type NodeValue, nodesOf, readFlow } from './model';

/** What stands around a flow: the kinds, and the other documents of the model. */
export interface Surroundings {
  kinds: ReadonlyMap<string, KindWire>;
  pageKinds: ReadonlyMap<string, KindWire>;
  /** Titles of documents, such as of `pages/calendar.yaml`. */
  titles: ReadonlyMap<string, string>;
  /** Values of documents that are loaded. */
  values: ReadonlyMap<string, JsonValue>;
}

export interface ExitView {
  name: string;
  label: string;
  tone: 'normal' | 'error';
  target: string | null;
  /** Whether its type, page or cases list it; another one was added by hand and can be taken away. */
  listed: boolean;
}

const labels: Record<string, string> = {
  default: 'Then',
  error: 'Error',
  authenticated: 'Signed in',
  not_authenticated: 'Not signed in',
  otherwise: 'Otherwise',
  each: 'For each',
  done: 'When done',
};

const statusTitles: Record<string, string> = {
  '2xx': 'Success', '4xx': 'Refused', '5xx': 'Server failed', '400': 'Bad request', '401': 'Not authorized',
  '403': 'Forbidden', '404': 'Not found', '409': 'Conflict', '410': 'Gone', '412': 'Changed meanwhile',
  '429': 'Too many requests',
};

export const statusPattern = /^[1-5](\d\d|xx)$/;

function humanise(name: string): string {
  const text = name.replace(/[_-]+/g, ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function fields(value: unknown): { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { [key: string]: unknown })
    : {};
}

/** The exits a page's node has, each with its label. */
export function exitsOfPage(page: unknown, around: Surroundings): [string, string][] {
  const { type, actions } = fields(page);
  const events = around.pageKinds.get(String(type))?.exits ?? [];
  return [
    ...events.map((name): [string, string] => [name, humanise(name)]),
    ...Object.entries(fields(actions)).map(([name, action]): [string, string] => [
      name,
      String(fields(action).title ?? humanise(name)),
    ]),
  ];
}

function offeredExits(node: NodeValue, around: Surroundings): [string, string][] {
  const own = (around.kinds.get(node.type)?.exits ?? []).map((name): [string, string] => [
    name,
    labels[name] ?? humanise(name),
  ]);
  if (node.type === 'decision') {
    return [...Object.keys(fields(node.cases)).map((name): [string, string] => [name, humanise(name)]), ...own];
  }
  if (node.type === 'page') {
    return [...exitsOfPage(around.values.get(`pages/${String(node.page)}.yaml`), around), ...own];
  }
  if (node.type === 'subflow') {
    const flow = readFlow(around.values.get(`flows/${String(node.flow)}.yaml`));
    const ends = flow
      ? nodesOf(flow).flatMap(([, end]) => (end.type === 'end' ? [String(end.exit ?? 'default')] : []))
      : [];
    const names = [...new Set(ends.length > 0 ? ends : ['default'])];
    const known = new Set(own.map(([name]) => name));
    return [
      ...names.filter((name) => !known.has(name)).map((name): [string, string] => [name, labels[name] ?? humanise(name)]),
      ...own,
    ];
  }
  return own;
}

/** Every exit of a node, offered or wired: normal ones first, `error` last. */
export function exitViews(node: NodeValue, around: Surroundings): ExitView[] {
  if (node.type === 'note') return [];
  const wired = new Map(exitsOf(node));
  const offered = new Map(offeredExits(node, around));
  const names = [...new Set([...offered.keys(), ...wired.keys()])];
  const views = names.map((name): ExitView => {
    const status = statusTitles[name];
    return {
      name,
      label: offered.get(name) ?? (status ? `${name} ${status}` : humanise(name)),
      tone: isErrorExit(name) ? 'error' : 'normal',
      target: wired.get(name) ?? null,
      listed: offered.has(name),
    };
  });
  const rank = (view: ExitView): number => (view.name === 'error' ? 2 : view.tone === 'error' ? 1 : 0);
  return views.sort((a, b) => rank(a) - rank(b));
}

/** The exit that a node usually goes on by: where a chain of nodes continues. */
export function onwardExit(node: NodeValue, around: Surroundings): string | null {
  const views = exitViews(node, around).filter((view) => view.tone === 'normal');
  return (views.find((view) => view.name === 'default') ?? views[0])?.name ?? null;
}
