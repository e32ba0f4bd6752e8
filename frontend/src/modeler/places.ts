/** Where each part of an application is edited: kinds, their folders, words, icons and addresses. */
import {
  ArrowImport20Regular,
  Flow20Regular,
  type FluentIcon,
  Person20Regular,
  Settings20Regular,
  Table20Regular,
  WindowNew20Regular,
} from '@fluentui/react-icons';
import type { ProblemWire } from './api';
import type { Kind } from './documents';

export interface Place {
  kind: Kind;
  folder: string;
  one: string;
  many: string;
  icon: FluentIcon;
}

export const places: Place[] = [
  { kind: 'flow', folder: 'flows', one: 'flow', many: 'Flows', icon: Flow20Regular },
  { kind: 'page', folder: 'pages', one: 'page', many: 'Pages', icon: WindowNew20Regular },
  { kind: 'import', folder: 'imports', one: 'import', many: 'Imports', icon: ArrowImport20Regular },
  { kind: 'list', folder: 'lists', one: 'list', many: 'Lists', icon: Table20Regular },
  { kind: 'profile', folder: 'profiles', one: 'profile', many: 'Profiles', icon: Person20Regular },
  { kind: 'app', folder: '', one: 'application', many: 'Application', icon: Settings20Regular },
];

export function placeOf(kind: Kind): Place {
  return places.find((place) => place.kind === kind) ?? places.at(-1)!;
}

/** `flows/calendar.yaml` from `flow` and `calendar`. */
export function documentName(kind: Kind, name: string): string {
  return kind === 'app' ? 'app.yaml' : `${placeOf(kind).folder}/${name}.yaml`;
}

/** `calendar` from `flows/calendar.yaml`. */
export function shortName(document: string): string {
  return document.replace(/^.*\//, '').replace(/\.yaml$/, '');
}

/** The address of the screen that edits a document, with the field to go to. */
export function addressOf(document: string, target: { node?: string; field?: string } = {}): string {
  const folder = document.includes('/') ? document.slice(0, document.indexOf('/')) : '';
  const path = folder === '' ? '/' : `/${folder === 'layout' ? 'flows' : folder}/${shortName(document)}`;
  const query = new URLSearchParams();
  if (target.node) query.set('node', target.node);
  if (target.field) query.set('field', target.field);
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** Where a problem is mended: at its field, or where it has none, at its line. */
export function addressOfProblem({ file, node, field, line }: ProblemWire): string {
  if (file && !node && !field) return `/yaml/${file}?line=${line ?? 1}`;
  const target: { node?: string; field?: string } = {};
  const inNode = node ?? (file?.startsWith('flows/') && /^nodes\.([^.]+)/.exec(field ?? '')?.[1]);
  if (inNode) target.node = inNode;
  if (field) target.field = field;
  return addressOf(file ?? 'app.yaml', target);
}
