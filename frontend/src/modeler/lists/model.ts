/** A list and every edit of it as a pure function; what is not said stays out. */
import type { JsonValue } from '../api';
import { isObject, type JsonObject } from '../merge';
import { fieldName } from '../imports/mapping';

const inner = (value: JsonValue | undefined): JsonObject => (isObject(value) ? value : {});

export interface ListField {
  name: string;
  field: JsonObject;
}

export function fieldsOf(list: JsonObject): ListField[] {
  return Object.entries(inner(list.fields)).map(([name, field]) => ({ name, field: inner(field) }));
}

export function keyOf(list: JsonObject): string[] {
  return Array.isArray(list.key) ? list.key.map(String) : [];
}

/** With a value said, or not said where it is undefined; `head` values come before the fields. */
export function withValue(list: JsonObject, name: string, value: JsonValue | undefined): JsonObject {
  const { [name]: _, ...rest } = list;
  if (value === undefined) return rest;
  if (name in list) return { ...list, [name]: value };
  const { fields, ...head } = list;
  return { ...head, [name]: value, ...(fields !== undefined && { fields }) };
}

export function withFields(list: JsonObject, fields: ListField[]): JsonObject {
  return { ...list, fields: Object.fromEntries(fields.map(({ name, field }) => [name, field])) };
}

/** Another value of a field's definition; undefined and false take it away, for absent means that. */
export function setField(list: JsonObject, name: string, part: { [key: string]: JsonValue | undefined }): JsonObject {
  const fields = inner(list.fields);
  const next = Object.fromEntries(
    Object.entries({ ...inner(fields[name]), ...part }).filter(([, value]) => value !== undefined && value !== false && value !== ''),
  ) as JsonObject;
  if (next.type !== 'reference') delete next.list;
  if (next.type !== 'text') delete next.options;
  return { ...list, fields: { ...fields, [name]: next } };
}

export function addField(list: JsonObject, title: string): { list: JsonObject; name: string } {
  const fields = inner(list.fields);
  const name = fieldName(title || 'field', Object.keys(fields));
  const field: JsonObject = { type: 'text', ...(title && { title }) };
  return { list: { ...list, fields: { ...fields, [name]: field } }, name };
}

export function removeField(list: JsonObject, name: string): JsonObject {
  const { [name]: _, ...fields } = inner(list.fields);
  const key = keyOf(list).filter((each) => each !== name);
  const next = { ...list, fields };
  return key.length === keyOf(list).length ? next : withValue(next, 'key', key.length > 0 ? key : undefined);
}

export function toggleKey(list: JsonObject, name: string): JsonObject {
  const key = keyOf(list);
  const next = key.includes(name) ? key.filter((each) => each !== name) : [...key, name];
  return withValue(list, 'key', next.length > 0 ? next : undefined);
}

/** One option a line: `value` or `value = What people see`. */
export function optionsText(options: JsonValue | undefined): string {
  if (Array.isArray(options)) return options.map(String).join('\n');
  return Object.entries(inner(options)).map(([value, title]) => (value === title ? value : `${value} = ${String(title)}`)).join('\n');
}

export function readOptions(text: string): JsonValue | undefined {
  const pairs = text.split('\n').flatMap((line): [string, string][] => {
    const at = line.indexOf('=');
    const value = (at < 0 ? line : line.slice(0, at)).trim();
    return value ? [[value, at < 0 ? value : line.slice(at + 1).trim() || value]] : [];
  });
  if (pairs.length === 0) return undefined;
  // Whole numbers would change places in a map, and a plain list says the same shorter.
  return pairs.every(([value, title]) => value === title) ? pairs.map(([value]) => value) : Object.fromEntries(pairs);
}
