import { describe, expect, test } from 'vitest';
import type { Model } from '../flows/model';
import { intoFlow } from './intoFlow';

const request = {
  url: '/me/calendarView', query: { startDateTime: '{{ range.start }}', endDateTime: '{{ range.end }}' },
  authentication: { type: 'oauth2', profile: 'graph' },
};

describe('a request put into a flow', () => {
  test('stands behind the sign-in of its profile, before what came there, with its range', () => {
    const model: Model = {
      flow: {
        kind: 'regular', start: 'sign_in',
        nodes: {
          sign_in: { type: 'authenticate', profile: 'graph', exits: { authenticated: 'end' } },
          end: { type: 'end' },
        },
      },
      layout: { sign_in: { x: 10, y: 20 } },
    };
    const { flow, layout, added } = intoFlow(model, request, 'Events of the range');
    expect(added).toEqual(['events_of_the_range']);
    expect(flow.nodes.sign_in!.exits).toEqual({ authenticated: 'events_of_the_range' });
    expect(flow.nodes.events_of_the_range).toMatchObject({ type: 'http_request', response: 'response', exits: { default: 'end' } });
    expect(flow.variables).toEqual({ range: { start: '{{ now.week.start }}', end: '{{ now.week.end }}' } });
    expect(layout.events_of_the_range).toEqual({ x: 290, y: 20 });
  });

  test('is the start of a flow that only ends', () => {
    const model: Model = { flow: { kind: 'action', start: 'end', nodes: { end: { type: 'end' } } }, layout: {} };
    const { flow } = intoFlow(model, { url: '/users', method: 'POST' }, '');
    expect(flow.start).toBe('request');
    expect(flow.nodes.request).toEqual({ type: 'http_request', url: '/users', method: 'POST', exits: { default: 'end' } });
    expect(flow.variables).toBeUndefined();
  });

  test('leaves what leads on elsewhere alone', () => {
    const model: Model = {
      flow: { kind: 'regular', start: 'a', nodes: { a: { type: 'http_request', exits: { default: 'b' } }, b: { type: 'page' } } },
      layout: {},
    };
    const { flow } = intoFlow(model, request, '');
    expect(flow.nodes.a!.exits).toEqual({ default: 'b' });
    expect(flow.start).toBe('a');
  });
});
