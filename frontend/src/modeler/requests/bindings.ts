/**
 * What a value of a request is bound to, so that nobody need type an expression: the page's range,
 * today, the signed-in user, a variable, or a fixed value. Pure.
 */
import type { JsonValue } from '../api';
import { isObject, type JsonObject } from '../merge';

export interface Binding {
  /** Where it stands in the menu. */
  group: 'range' | 'now' | 'user' | 'variable';
  title: string;
  hint: string;
  /** The expression, without braces. */
  source: string;
}

const range: Binding[] = [
  { group: 'range', title: 'Start of the page’s range', hint: 'The first moment that the calendar shows.', source: 'range.start' },
  { group: 'range', title: 'End of the page’s range', hint: 'The moment at which what the calendar shows is over.', source: 'range.end' },
];

const now: Binding[] = [
  { group: 'now', title: 'Today', hint: 'The date, where the user is.', source: 'now.date' },
  { group: 'now', title: 'Now', hint: 'The moment of the request.', source: 'now.instant' },
  { group: 'now', title: 'Start of this week', hint: '', source: 'now.week.start' },
  { group: 'now', title: 'End of this week', hint: '', source: 'now.week.end' },
  { group: 'now', title: 'Start of this month', hint: '', source: 'now.month.start' },
  { group: 'now', title: 'End of this month', hint: '', source: 'now.month.end' },
];

const user: Binding[] = [
  { group: 'user', title: 'Their mail address', hint: '', source: 'user.email' },
  { group: 'user', title: 'Their name', hint: '', source: 'user.name' },
  { group: 'user', title: 'Their id', hint: '', source: 'user.id' },
  { group: 'user', title: 'Their time zone', hint: '', source: 'user.time_zone' },
];

const standard = [...range, ...now, ...user];
const plainPath = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/;
const alone = /^\{\{([^{}]*)\}\}$/;

/** The expression of a text that is nothing else, or null. */
export function soleExpression(value: JsonValue | undefined): string | null {
  if (typeof value !== 'string') return null;
  return alone.exec(value.trim())?.[1]?.trim() ?? null;
}

/** What a value is bound to, in words; null: it is fixed, or an expression of somebody's own. */
export function bindingOf(value: JsonValue | undefined): Binding | null {
  const source = soleExpression(value);
  if (source === null) return null;
  const known = standard.find((each) => each.source === source);
  if (known) return known;
  if (!plainPath.test(source)) return null;
  return { group: 'variable', title: source, hint: 'A value of the flow.', source };
}

export function bound(source: string): string {
  return `{{ ${source} }}`;
}

/** A variable that a request can be bound to, with the names inside it. */
export interface Variable {
  name: string;
  children: string[];
}

/** What a value can be bound to, by group; the flow's variables come last. */
export function bindings(variables: Variable[]): { group: Binding['group']; title: string; bindings: Binding[] }[] {
  const own = variables
    .filter(({ name }) => !['range', 'now', 'user'].includes(name))
    .flatMap(({ name, children }) => [name, ...children.map((child) => `${name}.${child}`)])
    .map((source): Binding => ({ group: 'variable', title: source, hint: '', source }));
  return [
    { group: 'range', title: 'The page’s range', bindings: range },
    { group: 'now', title: 'Date and time', bindings: now },
    { group: 'user', title: 'The signed-in user', bindings: user },
    ...(own.length > 0 ? [{ group: 'variable' as const, title: 'Variables of the flow', bindings: own }] : []),
  ];
}

/** Every expression in the texts of a value. */
export function expressionsIn(value: JsonValue | undefined): string[] {
  if (typeof value === 'string') return [...value.matchAll(/\{\{([\s\S]*?)\}\}/g)].map(([, source]) => source!.trim());
  if (Array.isArray(value)) return value.flatMap(expressionsIn);
  return isObject(value) ? Object.values(value).flatMap(expressionsIn) : [];
}

const words = new Set(['and', 'or', 'in', 'true', 'false', 'null', 'function']);
const given = new Set(['now', 'user']);

/** The paths that expressions read of variables: `range.start`. What the server knows is left out. */
export function pathsRead(value: JsonValue | undefined): string[] {
  const found = new Set<string>();
  for (const source of expressionsIn(value)) {
    const bare = source.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, ' ');
    for (const [path] of bare.matchAll(/(?<![\w$.`])[A-Za-z_]\w*(?:\.(?:[A-Za-z_]\w*|`[^`]*`))*(?!\s*[\w(:])/g)) {
      const head = path.split('.')[0]!;
      if (!words.has(head) && !given.has(head)) found.add(path);
    }
  }
  return [...found];
}

/** The value at a dotted path; undefined: there is none. */
export function valueAt(values: JsonObject, path: string): JsonValue | undefined {
  let at: JsonValue | undefined = values;
  for (const part of path.replaceAll('`', '').split('.')) at = isObject(at) ? at[part] : undefined;
  return at;
}

/** The values with another one at a dotted path. */
export function withValue(values: JsonObject, path: string, value: JsonValue): JsonObject {
  const [head = '', ...rest] = path.replaceAll('`', '').split('.');
  if (rest.length === 0) return { ...values, [head]: value };
  const inner = values[head];
  return { ...values, [head]: withValue(isObject(inner) ? inner : {}, rest.join('.'), value) };
}

/** The template whose value a variable's path has at first: of the flow, else of what the name says. */
export function firstTemplate(path: string, variables: JsonObject): JsonValue | undefined {
  const own = valueAt(variables, path);
  if (own !== undefined && own !== null) return own;
  if (/(^|\.)start$/.test(path)) return bound('now.week.start');
  if (/(^|\.)end$/.test(path)) return bound('now.week.end');
  return undefined;
}
