/** What a new document says at first, and names made of titles. Pure. */
import type { Catalogue, JsonValue } from './api';
import type { Kind } from './documents';
import { isObject, type JsonObject } from './merge';

/** `My calendar` as `my_calendar`; another number behind it where the name is taken. */
export function nameOf(title: string, taken: string[] = []): string {
  const plain = title
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '')
    .slice(0, 40)
    .replace(/_+$/, '');
  const start = plain || 'new';
  let name = start;
  for (let number = 2; taken.includes(name); number += 1) name = `${start}_${number}`;
  return name;
}

function initialOf(kinds: { type: string; initial: JsonValue }[], type: string): JsonObject {
  const initial = kinds.find((kind) => kind.type === type)?.initial;
  return isObject(initial) ? { type, ...initial } : { type };
}

export interface NewDocument {
  name: string;
  title: string;
  /** The kind of profile. */
  type: string;
  /** Of a profile: whom its requests are sent as. */
  flavour?: 'user' | 'application';
  /** Of an import: the list whose rows it writes, and that list's fields. */
  list?: { name: string; fields: string[] };
}

/** The application's secret has a name at once, so that it can be typed at once. */
export function secretName(profile: string): string {
  return `${profile.replace(/[^a-zA-Z0-9]+/g, '_').toUpperCase()}_SECRET`;
}

function oauth2(flavour: 'user' | 'application', name: string): JsonObject {
  const client_secret = { secret: secretName(name) };
  return flavour === 'user'
    ? { grant_type: 'authorization_code', client_secret, scopes: ['User.Read'] }
    : { grant_type: 'client_credentials', client_secret };
}

/** The value of a new profile, list or import, as far as it can be known. */
export function newValue(kind: Kind, what: NewDocument, catalogue: Catalogue): JsonObject {
  const { name, title, type, flavour, list } = what;
  switch (kind) {
    case 'profile':
      return { ...initialOf(catalogue.profiles, type), title, ...(flavour && oauth2(flavour, name)) };
    case 'import':
      return { list: list?.name ?? '', fields: Object.fromEntries((list?.fields ?? []).map((field) => [field, field])) };
    case 'list':
      return { title, key: ['id'], fields: { id: { type: 'text' } } };
    default:
      return { title };
  }
}
