import { describe, expect, test } from 'vitest';
import type { LibraryRequest } from '../api';
import { searchLibrary, withReady } from './library';

function ready(id: string, workload: string, url: string, more: object = {}): LibraryRequest {
  return {
    id, title: id, workload, request: { method: 'GET', url, ...more }, collection: true, delegated: ['Calendars.Read'],
    application: [], docs: 'https://learn.microsoft.com', range: false, import_name: null,
  };
}

const events = ready('Events of a range', 'Calendar', '/me/calendarView', { query: { startDateTime: '{{ range.start }}' } });
const users = ready('All users', 'Users', '/users');

describe('the library', () => {
  test('is searched by all words, in title, path, workload and permissions', () => {
    expect(searchLibrary([events, users], '').map(({ workload }) => workload)).toEqual(['Calendar', 'Users']);
    expect(searchLibrary([events, users], 'RANGE calendarview')).toEqual([{ workload: 'Calendar', requests: [events] }]);
    expect(searchLibrary([events, users], 'calendars.read users').flatMap(({ requests }) => requests)).toEqual([users]);
    expect(searchLibrary([events, users], 'range nothing')).toEqual([]);
  });

  test('fills a node and keeps what belongs to the flow', () => {
    const node = {
      type: 'http_request', method: 'POST', url: '/old', body: { json: {} }, api: 'beta',
      authentication: { type: 'oauth2', profile: 'graph' }, response: 'events', exits: { default: 'next' },
    };
    expect(withReady(node, events, 'other')).toEqual({
      type: 'http_request', title: 'Events of a range', method: 'GET', url: '/me/calendarView',
      query: { startDateTime: '{{ range.start }}' }, authentication: { type: 'oauth2', profile: 'graph' },
      response: 'events', exits: { default: 'next' },
    });
  });

  test('gives an empty pad the profile, and no title', () => {
    expect(withReady({}, users, 'graph')).toEqual({ method: 'GET', url: '/users', authentication: { type: 'oauth2', profile: 'graph' } });
    expect(withReady({ authentication: { type: 'none' } }, users, null)).toMatchObject({ authentication: { type: 'none' } });
  });
});
