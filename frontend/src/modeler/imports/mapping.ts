/**
 * An import with the lists that it fills, and every edit of both as a pure function. Paths are those of
 * the tree of an example; an import's own paths begin at its items.
 */
import type { Inferred, JsonValue } from '../api';
import { isObject, type JsonObject } from '../merge';

export interface Mapping {
  /** The import's own definition. */
  import: JsonObject;
  /** The lists by name: the import's, then its child lists. */
  lists: { [name: string]: JsonObject };
}

/** Where in an import a list is filled: the names of the child lists from the top; [] is the import's list. */
export type Place = string[];

export const fieldTypes = [
  'text', 'integer', 'number', 'boolean', 'datetime', 'zoned_datetime', 'date', 'duration', 'json', 'html', 'reference', 'file',
] as const;

export const typeWords: { [type: string]: string } = {
  text: 'Text', integer: 'Whole number', number: 'Number', boolean: 'Yes or no', datetime: 'Date and time',
  zoned_datetime: 'Time with zone', date: 'Date', duration: 'Duration', json: 'Anything (JSON)', html: 'Rich text', reference: 'Row of a list', file: 'File',
};

export function mappingOf(inferred: Inferred): { name: string; mapping: Mapping } | null {
  const [found] = Object.entries(inferred.imports);
  if (!found || !isObject(found[1])) return null;
  const lists = Object.fromEntries(Object.entries(inferred.lists).flatMap(([name, list]) => (isObject(list) ? [[name, list]] : [])));
  return { name: found[0], mapping: { import: found[1], lists } };
}

const inner = (value: JsonValue | undefined): JsonObject => (isObject(value) ? value : {});

export function listAt(mapping: Mapping, place: Place): string {
  return place.at(-1) ?? String(mapping.import.list ?? '');
}

/** The part of the import that fills a list: it has `fields`, and `items` where it is nested. */
export function partAt(mapping: Mapping, place: Place): JsonObject {
  return place.reduce<JsonObject>((part, name) => inner(inner(part.children)[name]), mapping.import);
}

export function placesOf(mapping: Mapping): Place[] {
  const walk = (part: JsonObject, place: Place): Place[] => [
    place,
    ...Object.entries(inner(part.children)).flatMap(([name, child]) => walk(inner(child), [...place, name])),
  ];
  return walk(mapping.import, []);
}

function withPart(part: JsonObject, place: Place, edit: (part: JsonObject) => JsonObject): JsonObject {
  const [head, ...rest] = place;
  if (head === undefined) return edit(part);
  const children = inner(part.children);
  return { ...part, children: { ...children, [head]: withPart(inner(children[head]), rest, edit) } };
}

export function editPart(mapping: Mapping, place: Place, edit: (part: JsonObject) => JsonObject): Mapping {
  return { ...mapping, import: withPart(mapping.import, place, edit) };
}

export function editList(mapping: Mapping, name: string, edit: (list: JsonObject) => JsonObject): Mapping {
  return { ...mapping, lists: { ...mapping.lists, [name]: edit(mapping.lists[name] ?? {}) } };
}

export function fieldsOf(mapping: Mapping, place: Place): JsonObject {
  return inner(mapping.lists[listAt(mapping, place)]?.fields);
}

export function pathsOf(mapping: Mapping, place: Place): JsonObject {
  return inner(partAt(mapping, place).fields);
}

export function keyOf(mapping: Mapping, place: Place): string[] {
  const { key } = mapping.lists[listAt(mapping, place)] ?? {};
  return Array.isArray(key) ? key.map(String) : [];
}

/** A field as the editor shows it; one that is off is in `all` only. */
export interface FieldRow {
  name: string;
  on: boolean;
  path: string;
  field: JsonObject;
}

/** The fields that are mapped, and those of `all` (the proposal) that are not. */
export function rowsOf(mapping: Mapping, place: Place, all?: Mapping): FieldRow[] {
  const fields = fieldsOf(mapping, place);
  const paths = pathsOf(mapping, place);
  const offered = all ? fieldsOf(all, place) : {};
  const offeredPaths = all ? pathsOf(all, place) : {};
  const read = new Set(Object.values(paths).map(String));
  const names = [
    ...Object.keys(fields),
    ...Object.keys(paths).filter((name) => !(name in fields)),
    ...Object.keys(offered).filter((name) => !(name in fields) && !(name in paths) && !read.has(String(offeredPaths[name] ?? ''))),
  ];
  return names.map((name) => ({
    name,
    on: name in paths,
    path: String(paths[name] ?? offeredPaths[name] ?? ''),
    field: inner(fields[name] ?? offered[name]),
  }));
}

const without = (object: JsonObject, name: string): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));

/** Takes a field out of the import; of a list that is being made it goes as well, `keepInList` else. */
export function removeField(mapping: Mapping, place: Place, name: string, keepInList: boolean): Mapping {
  const next = editPart(mapping, place, (part) => ({ ...part, fields: without(inner(part.fields), name) }));
  if (keepInList) return next;
  return editList(next, listAt(mapping, place), (list) => {
    const { key, ...rest } = list;
    const left = Array.isArray(key) ? key.filter((each) => each !== name) : [];
    const edited = { ...rest, fields: without(inner(list.fields), name) };
    return left.length > 0 ? { ...list, ...edited, key: left } : edited;
  });
}

/** Maps a field that is not: the list gets it where it lacks it. */
export function addField(mapping: Mapping, place: Place, name: string, path: string, field: JsonObject): Mapping {
  const next = editPart(mapping, place, (part) => ({ ...part, fields: { ...inner(part.fields), [name]: path } }));
  return editList(next, listAt(mapping, place), (list) => {
    const fields = inner(list.fields);
    return name in fields ? list : { ...list, fields: { ...fields, [name]: field } };
  });
}

/** `renameKey({a: 1, b: 2}, 'a', 'c')` keeps the order. */
function renameKey(object: JsonObject, name: string, to: string): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key === name ? to : key, value]));
}

/** Another name of a field in the list and in the import; the name must be free. */
export function renameField(mapping: Mapping, place: Place, name: string, to: string): Mapping {
  if (name === to || to in fieldsOf(mapping, place) || to in pathsOf(mapping, place)) return mapping;
  const next = editPart(mapping, place, (part) => ({ ...part, fields: renameKey(inner(part.fields), name, to) }));
  return editList(next, listAt(mapping, place), (list) => ({
    ...list,
    ...(Array.isArray(list.key) && { key: list.key.map((each) => (each === name ? to : each)) }),
    fields: renameKey(inner(list.fields), name, to),
  }));
}

/** Another value of a field's definition (title, type…); undefined takes it away. */
export function setField(mapping: Mapping, place: Place, name: string, part: { [key: string]: JsonValue | undefined }): Mapping {
  return editList(mapping, listAt(mapping, place), (list) => {
    const field = { ...inner(inner(list.fields)[name]), ...part };
    const said = Object.fromEntries(Object.entries(field).filter(([, value]) => value !== undefined)) as JsonObject;
    return { ...list, fields: { ...inner(list.fields), [name]: said } };
  });
}

export function setPath(mapping: Mapping, place: Place, name: string, path: string): Mapping {
  return editPart(mapping, place, (part) => ({ ...part, fields: { ...inner(part.fields), [name]: path } }));
}

/** Makes a field part of the key, or no longer. */
export function toggleKey(mapping: Mapping, place: Place, name: string): Mapping {
  const key = keyOf(mapping, place);
  const next = key.includes(name) ? key.filter((each) => each !== name) : [...key, name];
  return editList(mapping, listAt(mapping, place), (list) => {
    if (next.length === 0) return without(list, 'key');
    if ('key' in list) return { ...list, key: next };
    const { fields, ...head } = list;
    return { ...head, key: next, fields: fields ?? {} };
  });
}

/** Turns a child list on or off. Off: its part of the import goes, and its list, where it is being made. */
export function removeChild(mapping: Mapping, place: Place, keepLists: boolean): Mapping {
  const name = place.at(-1);
  if (name === undefined) return mapping;
  const gone = placesOf(mapping).filter((each) => place.every((part, index) => each[index] === part)).map((each) => each.at(-1));
  const next = editPart(mapping, place.slice(0, -1), (part) => {
    const children = without(inner(part.children), name);
    return Object.keys(children).length > 0 ? { ...part, children } : without(part, 'children');
  });
  if (keepLists) return next;
  return { ...next, lists: Object.fromEntries(Object.entries(next.lists).filter(([list]) => !gone.includes(list))) };
}

/** Brings back a child list of the proposal. */
export function restoreChild(mapping: Mapping, place: Place, all: Mapping): Mapping {
  const name = place.at(-1);
  if (name === undefined) return mapping;
  const lists = placesOf(all).filter((each) => place.every((part, index) => each[index] === part)).map((each) => each.at(-1)!);
  const next = editPart(mapping, place.slice(0, -1), (part) => ({ ...part, children: { ...inner(part.children), [name]: partAt(all, place) } }));
  const missing = lists.filter((list) => !(list in next.lists)).map((list) => [list, all.lists[list] ?? {}]);
  return { ...next, lists: { ...next.lists, ...Object.fromEntries(missing) } };
}

/** Where the items of a place are, as a path of the tree; '' : the document itself is the item. */
export function itemsPath(mapping: Mapping, place: Place, itemsByDefault: string): string {
  const own = mapping.import.items;
  const top = typeof own === 'string' ? (own === '$' ? '' : own.replace(/\[\]$/, '')) : itemsByDefault;
  let path = top;
  for (let depth = 1; depth <= place.length; depth += 1) {
    const items = String(partAt(mapping, place.slice(0, depth)).items ?? '');
    path = path ? `${path}.${items}` : items;
  }
  return path;
}

/** The place whose items a path of the tree lies in, the deepest one, and the path within the item. */
export function placeOfPath(mapping: Mapping, path: string, itemsByDefault: string): { place: Place; path: string } | null {
  let best: { place: Place; path: string; length: number } | null = null;
  for (const place of placesOf(mapping)) {
    const items = itemsPath(mapping, place, itemsByDefault);
    const rest = items === '' ? path : path === items ? '$' : path.startsWith(`${items}.`) ? path.slice(items.length + 1) : null;
    if (rest !== null && (!best || items.length > best.length)) best = { place, path: rest, length: items.length };
  }
  return best && { place: best.place, path: best.path };
}

/** Which field reads a path of the tree. */
export function fieldReading(mapping: Mapping, path: string, itemsByDefault: string): { place: Place; name: string } | null {
  const found = placeOfPath(mapping, path, itemsByDefault);
  if (!found) return null;
  const name = Object.entries(pathsOf(mapping, found.place)).find(([, source]) => source === found.path)?.[0];
  return name === undefined ? null : { place: found.place, name };
}

/** A good name for a field that reads a path: `location.displayName` is `location_display_name`. */
export function fieldName(path: string, taken: string[]): string {
  const words = path
    .normalize('NFKD')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 45)
    .replace(/_+$/, '');
  const base = words || 'value';
  let name = base;
  for (let number = 2; taken.includes(name); number += 1) name = `${base}_${number}`;
  return name;
}

export const namePattern = /^[a-z](?:_?[a-z0-9])*_?$/;

export function titleOfName(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** The type that fits a value of the tree. */
export function typeOfNode(node: { kind: string; value?: JsonValue }): string {
  if (node.kind === 'number') return Number.isInteger(node.value) ? 'integer' : 'number';
  if (node.kind === 'boolean') return 'boolean';
  if (node.kind === 'object' || node.kind === 'array') return 'json';
  const text = String(node.value ?? '');
  if (instant.test(text)) return 'datetime';
  return /^\d{4}-\d\d-\d\d$/.test(text) ? 'date' : 'text';
}

/** A list that is there already with what the mapping needs beside: what is there wins. */
export function mergeList(existing: JsonObject, proposed: JsonObject): JsonObject {
  return { ...existing, fields: { ...inner(existing.fields), ...Object.fromEntries(Object.entries(inner(proposed.fields)).filter(([name]) => !(name in inner(existing.fields)))) } };
}

/** Other names of all lists that begin with the list's own; the import is called the same. */
export function renameLists(mapping: Mapping, to: string): Mapping {
  const from = listAt(mapping, []);
  const named = (name: string): string => (name === from ? to : name.startsWith(`${from}_`) ? to + name.slice(from.length) : name);
  const lists = Object.entries(mapping.lists).map(([name, list]) => {
    const { parent } = list;
    const title = name === from && list.title === titleOfName(from) ? { title: titleOfName(to) } : {};
    return [named(name), { ...list, ...title, ...(typeof parent === 'string' && { parent: named(parent) }) }];
  });
  const renamed = (part: JsonObject): JsonObject => {
    if (!isObject(part.children)) return part;
    return { ...part, children: Object.fromEntries(Object.entries(part.children).map(([name, child]) => [named(name), renamed(inner(child))])) };
  };
  return { import: { ...renamed(mapping.import), list: to }, lists: Object.fromEntries(lists) as Mapping['lists'] };
}
