/** Edits of a page's definition as pure functions over its value. Knows no React and no server. */
import type { JsonValue } from '../../api';

export type JsonObject = { [name: string]: JsonValue };
export type PageValue = JsonObject & { type: string; title: string };

export interface FieldChoice {
  name: string;
  title: string;
  type: string;
  hidden: boolean;
}

export function asObject(value: JsonValue | undefined): JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}

/** The fields of a list's value, in its order; sensitive ones are shown by no page. */
export function fieldsOf(list: JsonValue | undefined): FieldChoice[] {
  return Object.entries(asObject(asObject(list).fields))
    .filter(([, field]) => asObject(field).sensitive !== true)
    .map(([name, raw]) => {
      const field = asObject(raw);
      return {
        name,
        title: typeof field.title === 'string' ? field.title : name.replaceAll('_', ' '),
        type: String(field.type ?? 'text'),
        hidden: field.hidden === true,
      };
    });
}

/** Where a page of a type keeps the fields it shows in order; null where it has places for them instead. */
export function orderedKey(type: string): 'columns' | 'fields' | null {
  if (type === 'table') return 'columns';
  return type === 'form' || type === 'detail' ? 'fields' : null;
}

export type Entry = string | JsonObject;

function entryName(entry: Entry): string {
  return typeof entry === 'string' ? entry : String(entry.field);
}

/** The fields shown, in order. A page that names none shows all that are not hidden. */
export function shownFields(page: PageValue, fields: FieldChoice[]): Entry[] {
  const key = orderedKey(page.type);
  const named = key ? page[key] : undefined;
  if (Array.isArray(named)) return named as Entry[];
  return fields.filter((field) => !field.hidden).map((field) => field.name);
}

/** The page with these fields, in this order. */
export function withShown(page: PageValue, shown: Entry[]): PageValue {
  const key = orderedKey(page.type);
  // An empty list is no valid page: without the key it shows all again.
  if (!key || shown.length === 0) return page;
  return { ...page, [key]: shown };
}

export function toggleField(page: PageValue, fields: FieldChoice[], name: string): PageValue {
  const shown = shownFields(page, fields);
  const without = shown.filter((entry) => entryName(entry) !== name);
  return withShown(page, without.length < shown.length ? without : [...shown, name]);
}

/** A title of its own for a field on this page; empty takes it away. Detail pages have none. */
export function retitleField(page: PageValue, fields: FieldChoice[], name: string, title: string): PageValue {
  if (page.type === 'detail') return page;
  const shown = shownFields(page, fields).map((entry): Entry => {
    if (entryName(entry) !== name) return entry;
    const { title: _old, ...rest } = typeof entry === 'string' ? { field: name } : entry;
    const next: JsonObject = title ? { ...rest, field: name, title } : { ...rest, field: name };
    return Object.keys(next).length === 1 ? name : next;
  });
  return withShown(page, shown);
}

export function entryTitle(entry: Entry): string {
  return typeof entry === 'string' || typeof entry.title !== 'string' ? '' : entry.title;
}

export { entryName };

function firstOf(fields: FieldChoice[], types: string[], names: RegExp): string | undefined {
  const fitting = fields.filter((field) => types.includes(field.type));
  return (fitting.find((field) => names.test(field.name)) ?? undefined)?.name;
}

function anyOf(fields: FieldChoice[], types: string[], names: RegExp): string | undefined {
  return firstOf(fields, types, names) ?? fields.find((field) => types.includes(field.type) && !field.hidden)?.name;
}

const times = ['zoned_datetime', 'datetime', 'date'];

function without(places: { [name: string]: string | undefined }): JsonObject {
  return Object.fromEntries(Object.entries(places).filter((place): place is [string, string] => place[1] !== undefined));
}

/** A new page of a type over a list, complete as far as the list's fields allow. */
export function newPage(type: string, title: string, list: string, definition: JsonValue | undefined): PageValue {
  const fields = fieldsOf(definition);
  const page: PageValue = { type, title, list };
  if (type === 'calendar') {
    page.fields = without({
      title: anyOf(fields, ['text'], /^(subject|title|summary|name|display_name)$/),
      start: anyOf(fields, times, /^start/),
      end: firstOf(fields, times, /^end/),
      all_day: firstOf(fields, ['boolean'], /all_?day/),
      location: firstOf(fields, ['text'], /location/),
    });
  }
  if (type === 'message') {
    page.fields = without({
      from: anyOf(fields, ['text'], /^(from|sender)/),
      subject: anyOf(fields, ['text'], /^(subject|title)/),
      body: anyOf(fields, ['html'], /body|content/) ?? firstOf(fields, ['text'], /body|content|preview/),
      received: anyOf(fields, times, /^(received|sent|created)/),
      preview: firstOf(fields, ['text'], /preview/),
      read: firstOf(fields, ['boolean'], /^is_read$/),
      has_attachments: firstOf(fields, ['boolean'], /attachments/),
    });
  }
  if (type === 'files') {
    page.fields = without({
      name: anyOf(fields, ['text'], /^(name|title)$/),
      folder: anyOf(fields, ['boolean'], /folder/),
      size: firstOf(fields, ['integer', 'number'], /size/),
      modified: firstOf(fields, times, /modified|changed/),
    });
  }
  return page;
}

/** The list a page type suits best, by what a list has: proposed first, nothing is forbidden. */
export function suitsBest(definition: JsonValue | undefined): string {
  const fields = fieldsOf(definition);
  const has = (types: string[], names: RegExp): boolean => firstOf(fields, types, names) !== undefined;
  if (has(times, /^start/) && has(times, /^end/)) return 'calendar';
  if (has(['text'], /^subject$/) && has(times, /^received/)) return 'message';
  return 'table';
}

export type Actions = { [name: string]: JsonObject };

export function actionsOf(page: PageValue): Actions {
  return asObject(page.actions) as Actions;
}

/** The page with these actions, in this order. */
export function withActions(page: PageValue, actions: Actions): PageValue {
  const { actions: _old, ...rest } = page;
  return (Object.keys(actions).length > 0 ? { ...rest, actions } : rest) as PageValue;
}

export function setAction(page: PageValue, name: string, action: JsonObject): PageValue {
  const kept = Object.fromEntries(
    Object.entries(action).filter(([, value]) => value !== '' && value !== null && value !== undefined),
  );
  return withActions(page, { ...actionsOf(page), [name]: kept });
}

export function removeAction(page: PageValue, name: string): PageValue {
  return withActions(page, Object.fromEntries(Object.entries(actionsOf(page)).filter(([one]) => one !== name)));
}

/** A name that a definition may have, from what a person calls it; numbered where it is taken. */
export function nameFrom(title: string, taken: Iterable<string>): string {
  const plain = title.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^[_0-9]+|_+$/g, '');
  const base = (plain || 'page').slice(0, 50);
  const used = new Set(taken);
  let name = base;
  for (let number = 2; used.has(name); number += 1) name = `${base}_${number}`;
  return name;
}
