/** A request of the model and every edit of it as a pure function; what is not said stays out. */
import type { JsonValue } from '../api';
import { equal, isObject, type JsonObject } from '../merge';

export const methods = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'HEAD'] as const;

const requestFields = ['method', 'url', 'query', 'headers', 'body', 'api', 'authentication', 'timeout', 'paged'];

export function methodOf(value: JsonObject): string {
  return typeof value.method === 'string' ? value.method : 'GET';
}

export function urlOf(value: JsonObject): string {
  return typeof value.url === 'string' ? value.url : '';
}

export function writes(value: JsonObject): boolean {
  return !['GET', 'HEAD'].includes(methodOf(value));
}

/** The request alone, of a node or of the library. */
export function requestOf(value: JsonObject): JsonObject {
  return Object.fromEntries(requestFields.flatMap((field) => (value[field] === undefined ? [] : [[field, value[field]]])));
}

/** The profile whose token goes with it; null: none does. */
export function profileOf(value: JsonObject): string | null {
  const { authentication } = value;
  if (!isObject(authentication) || authentication.type !== 'oauth2') return null;
  return typeof authentication.profile === 'string' && authentication.profile ? authentication.profile : null;
}

/** What goes with it besides a profile's token. */
export function carriedBy({ authentication }: JsonObject): 'password' | 'certificate' | 'nothing' {
  const type = isObject(authentication) ? authentication.type : 'none';
  if (type === 'client_certificate') return 'certificate';
  return type === 'basic' ? 'password' : 'nothing';
}

/** With a field, or without it where it says nothing; new ones stand in the usual order. */
export function withField(value: JsonObject, field: string, next: JsonValue | undefined): JsonObject {
  const nothing = next === undefined || (isObject(next) && Object.keys(next).length === 0);
  if (nothing) {
    const { [field]: _, ...rest } = value;
    return rest;
  }
  if (field in value) return { ...value, [field]: next };
  const place = requestFields.indexOf(field);
  const after = requestFields.slice(place + 1);
  const keys = Object.keys(value);
  const at = keys.findIndex((key) => after.includes(key) || ['response', 'exits'].includes(key));
  keys.splice(at < 0 ? keys.length : at, 0, field);
  return Object.fromEntries(keys.map((key) => [key, key === field ? next : value[key]!]));
}

export function withMethod(value: JsonObject, method: string): JsonObject {
  const next = { ...withField(value, 'method', method) };
  if (['GET', 'HEAD'].includes(method)) delete next.body;
  return next;
}

export function withProfile(value: JsonObject, profile: string): JsonObject {
  return withField(value, 'authentication', { type: 'oauth2', profile });
}

/** A URL as it is pasted: Graph's own address becomes a path, its query rows of the table. */
export function withUrl(value: JsonObject, typed: string): JsonObject {
  const graph = /^https:\/\/graph\.microsoft\.com\/(v1\.0|beta)(\/.*)$/i.exec(typed);
  let next = value;
  let url = typed;
  if (graph) {
    next = withField(next, 'api', graph[1]!.toLowerCase() === 'beta' ? 'beta' : undefined);
    url = graph[2]!;
  }
  const question = url.indexOf('?');
  if (question > 0 && question < url.length - 1 && !url.slice(0, question).includes('{{')) {
    const pairs = [...new URLSearchParams(url.slice(question + 1))];
    if (pairs.every(([name]) => name) && pairs.some(([, given]) => given)) {
      const rows = [...pairsOf(next.query).filter(({ name }) => !pairs.some(([given]) => given === name))];
      next = withField(next, 'query', pairsValue([...rows, ...pairs.map(([name, given]) => ({ name, value: given, on: true }))]));
      url = url.slice(0, question);
    }
  }
  return withField(next, 'url', url);
}

/** A row of the tables: a query parameter, a header, a field of a form. */
export interface Pair {
  name: string;
  value: JsonValue;
  /** One that is off stands in the table only, not in the model. */
  on: boolean;
}

export function pairsOf(value: JsonValue | undefined): Pair[] {
  if (Array.isArray(value)) {
    return value.flatMap((pair) => (Array.isArray(pair) ? [{ name: String(pair[0] ?? ''), value: pair[1] ?? '', on: true }] : []));
  }
  return isObject(value) ? Object.entries(value).map(([name, each]) => ({ name, value: each, on: true })) : [];
}

/** What the model says: a map, or pairs where a name stands there twice. */
export function pairsValue(rows: Pair[], unique = false): JsonValue | undefined {
  const said = rows.filter(({ name, on }) => on && name.trim() !== '');
  if (said.length === 0) return undefined;
  const names = new Set(said.map(({ name }) => name));
  // Names that are whole numbers would change places in a map.
  if (!unique && (names.size < said.length || said.some(({ name }) => /^\d+$/.test(name)))) {
    return said.map(({ name, value }) => [name, value]);
  }
  return Object.fromEntries(said.map(({ name, value }) => [name, value]));
}

/** The rows that a table shows after its value changed elsewhere; those that are off stay. */
export function mergeRows(rows: Pair[], value: JsonValue | undefined, unique = false): Pair[] {
  if (equal(pairsValue(rows, unique), value ?? undefined)) return rows;
  const next = pairsOf(value);
  const off = rows.filter((row) => !row.on && !next.some(({ name }) => name === row.name));
  return [...next, ...off];
}

export type BodyKind = 'none' | 'json' | 'form' | 'text' | 'file';

export function bodyKind(value: JsonObject): BodyKind {
  const { body } = value;
  if (!isObject(body)) return 'none';
  return 'json' in body ? 'json' : 'form' in body ? 'form' : 'text' in body ? 'text' : 'file' in body ? 'file' : 'none';
}

const emptyBodies: { [kind in BodyKind]: JsonValue | undefined } = {
  none: undefined,
  json: { json: {} },
  form: { form: {} },
  text: { text: '', content_type: 'text/plain' },
  file: { file: '' },
};

export function withBodyKind(value: JsonObject, kind: BodyKind): JsonObject {
  if (bodyKind(value) === kind) return value;
  return withField(value, 'body', emptyBodies[kind]);
}

/** The texts and values of a JSON tree with where they stand. */
export function leavesOf(value: JsonValue | undefined, path: (string | number)[] = []): { path: (string | number)[]; value: JsonValue }[] {
  if (Array.isArray(value)) {
    return value.length === 0 ? [{ path, value }] : value.flatMap((each, index) => leavesOf(each, [...path, index]));
  }
  if (isObject(value)) {
    const entries = Object.entries(value);
    return entries.length === 0 && path.length > 0 ? [{ path, value }] : entries.flatMap(([key, each]) => leavesOf(each, [...path, key]));
  }
  return value === undefined ? [] : [{ path, value }];
}

export function withLeaf(value: JsonValue | undefined, path: (string | number)[], next: JsonValue): JsonValue {
  const [head, ...rest] = path;
  if (head === undefined) return next;
  if (Array.isArray(value)) return value.map((each, index) => (index === head ? withLeaf(each, rest, next) : each));
  const object = isObject(value) ? value : {};
  return { ...object, [head]: withLeaf(object[head], rest, next) };
}

export interface JsonFault {
  message: string;
  line: number;
}

/** Reads a typed JSON text; a fault says the line. */
export function parseJson(text: string): { value: JsonValue } | { fault: JsonFault } {
  try {
    return { value: JSON.parse(text) as JsonValue };
  } catch (problem) {
    const message = problem instanceof Error ? problem.message : String(problem);
    const position = /position (\d+)/.exec(message);
    const at = position ? Number(position[1]) : text.length;
    const line = text.slice(0, at).split('\n').length;
    return { fault: { message: message.replace(/^JSON\.parse: /, '').replace(/ in JSON at position.*$/, ''), line } };
  }
}
