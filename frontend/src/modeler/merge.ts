/** Comparing JSON values, and bringing two edits of the same value together. Pure. */
import type { JsonValue } from './api';

type Json = JsonValue | undefined;
export type JsonObject = { [key: string]: JsonValue };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function keysOf(value: JsonObject): string[] {
  return Object.keys(value).filter((key) => value[key] !== undefined);
}

/**
 * Whether two values are the same JSON. The order of keys counts, for it is a list's order of fields;
 * a key that is undefined is as good as absent.
 */
export function equal(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => equal(item, other[index]));
  }
  if (isObject(one) && isObject(other)) {
    const keys = keysOf(one);
    const others = keysOf(other);
    return (
      keys.length === others.length &&
      keys.every((key, index) => key === others[index] && equal(one[key], other[key]))
    );
  }
  return false;
}

export interface Merged {
  value: Json;
  /** Dotted paths that both sides changed, differently; there `value` holds what is mine. */
  clashes: string[];
}

/** What both sides changed since `base`: objects key by key, anything else as a whole. */
export function merge(base: Json, mine: Json, theirs: Json, path = ''): Merged {
  if (equal(base, theirs) || equal(mine, theirs)) return { value: mine, clashes: [] };
  if (equal(base, mine)) return { value: theirs, clashes: [] };
  if (!isObject(mine) || !isObject(theirs) || !isObject(base)) {
    return { value: mine, clashes: [path || '(everything)'] };
  }
  const value: JsonObject = {};
  const clashes: string[] = [];
  // The order is mine; what only they added comes behind it.
  for (const key of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    const merged = merge(base[key], mine[key], theirs[key], path ? `${path}.${key}` : key);
    clashes.push(...merged.clashes);
    if (merged.value !== undefined) value[key] = merged.value;
  }
  return { value, clashes };
}
