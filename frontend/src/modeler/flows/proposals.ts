/** Definitions that a click makes: a page that fits a list, a flow with its first nodes. Pure. */
import type { JsonValue } from '../../api';
import type { FlowValue, Layout, NodeValue } from './model';

type Fields = { [name: string]: JsonValue };

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shownFields(list: JsonValue): [string, string][] {
  const fields = isObject(list) && isObject(list.fields) ? list.fields : {};
  return Object.entries(fields).flatMap(([name, field]): [string, string][] =>
    isObject(field) && field.hidden !== true && field.sensitive !== true ? [[name, String(field.type)]] : [],
  );
}

/** A name for one of many: `events` is `event`. */
export function singular(name: string): string {
  return name.replace(/ies$/, 'y').replace(/(?<=[^s])s$/, '');
}

export function titleOf(name: string): string {
  const text = name.replace(/[_-]+/g, ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The page that shows a list best: a calendar where its rows begin and end, else a table. */
export function proposePage(listName: string, list: JsonValue): { [field: string]: JsonValue } {
  const title = isObject(list) && typeof list.title === 'string' ? list.title : titleOf(listName);
  const fields = shownFields(list);
  const instants = fields.filter(([, type]) => ['datetime', 'zoned_datetime', 'date'].includes(type)).map(([name]) => name);
  const texts = fields.filter(([, type]) => type === 'text').map(([name]) => name);
  const start = instants.find((name) => /(^|_)(start|begin)/.test(name));
  const end = instants.find((name) => /(^|_)(end|until)/.test(name));
  const heading = texts.find((name) => /subject|title|name/.test(name)) ?? texts[0];
  if (!start || !end || !heading) return { type: 'table', title, list: listName };
  const allDay = fields.find(([name, type]) => type === 'boolean' && /all_?day/.test(name))?.[0];
  const place = texts.find((name) => /location|place|room/.test(name) && name !== heading);
  return {
    type: 'calendar',
    title,
    list: listName,
    fields: { title: heading, start, end, ...(allDay ? { all_day: allDay } : {}), ...(place ? { location: place } : {}) },
    range: 'range',
  };
}

export interface NewFlow {
  kind: 'regular' | 'action';
  title: string;
  profile: string | null;
}

/** A flow that signs in, and says so where that fails. */
export function proposeFlow({ kind, title, profile }: NewFlow, name: string): { flow: FlowValue; layout: Layout } {
  const nodes: { [name: string]: NodeValue } = {};
  const layout: Layout = {};
  if (profile) {
    nodes.authorize = {
      type: 'authenticate',
      title: 'Sign in',
      profile,
      ...(kind === 'regular' ? { exits: { not_authenticated: 'not_signed_in', error: 'failed' } } : {}),
    };
    layout.authorize = { x: 0, y: 0 };
  }
  if (profile && kind === 'regular') {
    nodes.not_signed_in = { type: 'end', heading: 'You are not signed in', message: 'This needs your sign-in.', tone: 'info' };
    nodes.failed = { type: 'end', heading: 'That did not work', message: '{{ error.text }}', tone: 'error' };
    layout.not_signed_in = { x: 320, y: 176 };
    layout.failed = { x: 320, y: 272 };
  }
  if (!profile) {
    nodes.start = { type: 'end', message: title };
    layout.start = { x: 0, y: 0 };
  }
  return {
    flow: {
      kind,
      title,
      ...(kind === 'regular' ? { path: `/${name.replace(/_/g, '-')}` } : {}),
      start: Object.keys(nodes)[0]!,
      nodes,
    },
    layout,
  };
}
