import { expect, test } from 'vitest';
import type { JsonValue } from './api';
import { nameOf, secretName } from './newDocuments';
import { findReferences } from './references';

test('a title becomes a name that a model takes', () => {
  const titles = ['My calendar', 'Überblick: 2. Quartal!', '365 days', '面接', '  '];
  const names = titles.map((title) => nameOf(title));
  expect(names).toEqual(['my_calendar', 'uberblick_2_quartal', 'days', 'new', 'new']);
  for (const name of names) expect(name).toMatch(/^[a-z](?:_?[a-z0-9])*$/);
});

test('a taken name gets a number', () => {
  expect(nameOf('Mail', ['mail', 'mail_2'])).toBe('mail_3');
});

test('a profile’s secret has a name that settings take', () => {
  expect(secretName('graph-user')).toBe('GRAPH_USER_SECRET');
});

test('a list is found where it is named: in pages, imports and their child lists, parents', () => {
  const documents: { name: string; value: JsonValue }[] = [
    { name: 'pages/p.yaml', value: { type: 'table', list: 'event', title: 'event' } },
    { name: 'imports/i.yaml', value: { list: 'event', children: { attendee: { items: 'attendees' } } } },
    { name: 'lists/attendee.yaml', value: { parent: 'event' } },
    { name: 'flows/f.yaml', value: { nodes: { one: { list: 'other' } } } },
  ];
  expect(findReferences('list', 'event', documents).map(({ document, path }) => `${document} ${path}`)).toEqual([
    'pages/p.yaml list',
    'imports/i.yaml list',
    'lists/attendee.yaml parent',
  ]);
  expect(findReferences('list', 'attendee', documents)).toEqual([
    { document: 'imports/i.yaml', path: 'children.attendee' },
  ]);
});

test('a flow is found in the navigation, as home and as sub-flow, and not by its title alone', () => {
  const documents: { name: string; value: JsonValue }[] = [
    { name: 'app.yaml', value: { home: 'mail', title: 'mail', navigation: [{ flow: 'mail' }, { flow: 'x' }] } },
    { name: 'flows/f.yaml', value: { nodes: { sub: { type: 'subflow', flow: 'mail' } } } },
  ];
  expect(findReferences('flow', 'mail', documents).map(({ path }) => path)).toEqual([
    'home',
    'navigation.0.flow',
    'nodes.sub.flow',
  ]);
});
