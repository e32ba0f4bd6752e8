import { describe, expect, it } from 'vitest';
import type { KindWire } from '../api.gen';
import { alignNodes, arrangeNodes, distributeNodes, freePlace, inOrder, placeMissing } from './arrange';
import { exitViews, onwardExit, type Surroundings } from './exits';
import { canvasEdges, canvasNodes, describeNodes, sizesOf } from './graph';
import type { FlowValue, NodeValue } from './model';
import { boundRange, newImport, newPageNode, nextSteps, withRange } from './nextSteps';
import { proposeFlow, proposePage, singular } from './proposals';
import { matches, summarise } from './summary';

const kind = (type: string, exits: string[], group = 'Flow', open = false): [string, KindWire] => [
  type,
  { type, title: type, group, summary: `About ${type}`, help: '', exits, open_exits: open, config_schema: {}, initial: {} },
];
const around: Surroundings = {
  kinds: new Map([
    kind('authenticate', ['authenticated', 'not_authenticated', 'error']), kind('http_request', ['default', 'error'], '', true),
    kind('import_data', ['default', 'error']), kind('page', [], '', true), kind('decision', ['otherwise', 'error'], '', true),
    kind('end', []), kind('subflow', ['default', 'error'], '', true),
  ]),
  pageKinds: new Map([kind('calendar', ['range_changed'])]),
  titles: new Map([['pages/calendar.yaml', 'My calendar'], ['lists/event.yaml', 'Events']]),
  values: new Map<string, never>([
    ['pages/calendar.yaml', { type: 'calendar', list: 'event', actions: { add: { title: 'New event' } } } as never],
    ['imports/event.yaml', { list: 'event' } as never],
    ['flows/other.yaml', { nodes: { done: { type: 'end', exit: 'sent' }, no: { type: 'end', exit: 'refused' } } } as never],
  ]),
};
const flow: FlowValue = {
  kind: 'regular', start: 'authorize',
  nodes: {
    authorize: { type: 'authenticate', profile: 'graph-user', exits: { authenticated: 'load' } },
    load: {
      type: 'http_request', url: '/me/calendarView', response: 'events',
      query: { startDateTime: '{{ range.start }}', endDateTime: '{{ range.end }}' }, exits: { default: 'keep', '404': 'failed' },
    },
    keep: { type: 'import_data', import: 'event', from: 'events.body', exits: { default: 'show' } },
    show: { type: 'page', page: 'calendar', exits: { range_changed: 'load' } },
    failed: { type: 'end', tone: 'error', heading: '<b>No</b>' },
    remark: { type: 'note', text: '<img src=x onerror=alert(1)>' },
  },
};
const names = (node: NodeValue): string[] => exitViews(node, around).map((exit) => exit.name);

describe('the exits of a node', () => {
  it('are those of its type, the wired ones between, the error last', () => {
    expect(names(flow.nodes.load!)).toEqual(['default', '404', 'error']);
    expect(exitViews(flow.nodes.load!, around)[1]).toMatchObject({ label: '404 Not found', tone: 'error', target: 'failed' });
  });

  it('are the events and buttons of its page', () => {
    expect(exitViews(flow.nodes.show!, around).map(({ label }) => label)).toEqual(['Range changed', 'New event']);
  });

  it('are the cases of a decision, and the ends of a sub-flow', () => {
    expect(names({ type: 'decision', cases: { late: 'x' } })).toEqual(['late', 'otherwise', 'error']);
    expect(names({ type: 'subflow', flow: 'other' })).toEqual(['sent', 'refused', 'default', 'error']);
  });

  it('are none of a note, and one of an unknown type only where wired', () => {
    expect(names(flow.nodes.remark!)).toEqual([]);
    expect(names({ type: 'of_another_package', exits: { sideways: 'load' } })).toEqual(['sideways']);
    expect(onwardExit(flow.nodes.failed!, around)).toBeNull();
  });
});

describe('a node in words', () => {
  it.each([
    ['load', 'GET /me/calendarView'], ['keep', 'events.body → Events'], ['show', 'calendar: My calendar'], ['failed', '<b>No</b>'],
  ])('%s: %s', (name, words) => {
    expect(summarise(flow.nodes[name]!, around)).toBe(words);
  });

  it.each([[undefined, 'Each item of rows'], [1, 'Each item of rows'], [8, 'Each item of rows, 8 at once']])(
    'a loop of %s at once: %s',
    (parallel, words) => {
      expect(summarise({ type: 'loop', items: 'rows', ...(parallel && { parallel }) }, around)).toBe(words);
    },
  );

  it('is found by any of its texts', () => {
    expect(matches('load', flow.nodes.load!, around, 'calendarview get')).toBe(true);
    expect(matches('load', flow.nodes.load!, around, 'calendarview post')).toBe(false);
  });
});

describe('where nodes stand', () => {
  const described = describeNodes(flow, around);
  const sizes = sizesOf(flow, described);

  it('is arranged from left to right without one over another', async () => {
    const layout = await arrangeNodes(flow, sizes);
    expect(Object.keys(layout).sort()).toEqual(['authorize', 'failed', 'keep', 'load', 'show']);
    expect(layout.authorize!.x).toBeLessThan(layout.load!.x);
    expect(layout.load!.x).toBeLessThan(layout.keep!.x);
    const boxes = Object.entries(layout).map(([name, at]) => ({ ...at, ...sizes[name]! }));
    for (const a of boxes) {
      for (const b of boxes) {
        if (a !== b) expect(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(true);
      }
    }
  });

  it('is beside what it follows, where only some have a place', () => {
    const layout = placeMissing({ flow, layout: { load: { x: 100, y: 50 } } }, sizes);
    expect(layout.load).toEqual({ x: 100, y: 50 });
    expect(layout.keep!.x).toBeGreaterThan(100 + 236);
    expect(Object.keys(layout)).toHaveLength(6);
  });

  it('moves down where the place is taken', () => {
    expect(freePlace({ load: { x: 0, y: 0 } }, sizes, { x: 10, y: 10 }, { width: 10, height: 10 }).y).toBeGreaterThan(sizes.load!.height);
  });

  it('is on one line after aligning, with equal gaps after distributing', () => {
    const layout = { authorize: { x: 0, y: 0 }, keep: { x: 300, y: 40 }, show: { x: 900, y: 90 } };
    expect(alignNodes(layout, sizes, ['authorize', 'keep'], 'top')).toEqual({ authorize: { x: 0, y: 0 }, keep: { x: 300, y: 0 } });
    expect(distributeNodes(layout, sizes, Object.keys(layout), 'x')).toEqual({ keep: { x: 450, y: 40 } });
    expect(alignNodes(layout, sizes, ['keep'], 'top')).toEqual({});
  });

  it('reads from the start along the exits', () => {
    expect(inOrder(flow)).toEqual(['authorize', 'load', 'keep', 'show', 'failed']);
  });

  it('keeps the object of a node that did not change', () => {
    const layout = placeMissing({ flow, layout: {} }, sizes);
    const first = canvasNodes(described, sizes, layout, new Set(), []);
    const again = canvasNodes(describeNodes(flow, around), sizes, { ...layout, keep: { x: 7, y: 7 } }, new Set(), first);
    expect(again.filter((node, index) => node !== first[index]).map((node) => node.id)).toEqual(['keep']);
    expect(first.find((node) => node.id === 'load')!.ariaLabel).toContain('404 Not found: Failed');
  });

  it('draws an edge for each exit, and runs those that lead back beside the nodes', () => {
    const layout = placeMissing({ flow, layout: {} }, sizes);
    const edges = canvasEdges(described, sizes, layout, []);
    expect(edges.map((edge) => edge.id)).toEqual(['authorize:authenticated', 'load:default', 'load:404', 'keep:default', 'show:range_changed']);
    expect(edges.find((edge) => edge.id === 'load:default')!.data!.channel).toBeNull();
    const channel = edges.find((edge) => edge.id === 'show:range_changed')!.data!.channel!;
    const crossed = ['load', 'keep', 'show'].filter((name) => channel > layout[name]!.y && channel < layout[name]!.y + sizes[name]!.height);
    expect(crossed).toEqual([]);
  });
});

describe('the next step', () => {
  const ids = (from: string, exit: string, errors = 0): string[] => nextSteps(flow, from, exit, around, errors).map((step) => step.id);

  it.each([
    ['authorize', 'authenticated', 'request:GET'], ['load', 'default', 'import'], ['keep', 'default', 'show'],
    ['show', 'add', 'form'], ['show', 'delete', 'request:DELETE'], ['show', 'range_changed', 'lead:load'], ['load', 'error', 'lead:failed'],
    ['authorize', 'not_authenticated', 'not_signed_in'],
  ])('behind %s at %s is first of all %s', (from, exit, first) => {
    expect(ids(from, exit)[0]).toBe(first);
  });

  it('leads several open errors to one end', () => {
    expect(ids('load', 'error', 3)[0]).toBe('catch');
  });

  it('takes the profile of the flow and a free variable into a new request', () => {
    const step = nextSteps(flow, 'authorize', 'authenticated', around)[0]!;
    expect(step.does).toMatchObject({
      kind: 'add', node: { authentication: { type: 'oauth2', profile: 'graph-user' }, response: 'response' },
    });
  });

  it('offers no page in a flow that runs unattended', () => {
    const action: FlowValue = { ...flow, kind: 'action' };
    const types = ['authorize', 'keep'].flatMap((from) => nextSteps(action, from, 'default', around).map((step) => step.type));
    expect(types).not.toContain('page');
  });

  it('imports within the range that the request is bound to', () => {
    const fields = { from_field: 'start', to_field: 'end' };
    expect(boundRange(flow.nodes.load)).toBe('range');
    expect(newImport(flow.nodes.load, 'event', fields)).toEqual({
      type: 'import_data', import: 'event', from: 'events.body', mode: 'replace',
      within: { from_field: 'start', to_field: 'end', start: 'range.start', end: 'range.end' },
    });
    expect(newImport({ type: 'http_request', url: '/users', response: 'people' }, 'person', fields)).not.toHaveProperty('within');
    expect(newImport(flow.nodes.load, 'person', null)).not.toHaveProperty('within');
  });

  it('leads a calendar back to its request, and gives the flow a range', () => {
    expect(newPageNode('calendar', { type: 'calendar' }, 'load')).toEqual({
      type: 'page', page: 'calendar', outputs: { range_changed: 'range' }, exits: { range_changed: 'load' },
    });
    expect(newPageNode('people', { type: 'table' }, 'load')).toEqual({ type: 'page', page: 'people' });
    const ranged = withRange({ flow, layout: {} }, 'range').flow;
    expect(ranged.variables).toEqual({ range: { start: '{{ now.week.start }}', end: '{{ now.week.end }}' } });
    expect(Object.keys(ranged)).toEqual(['kind', 'variables', 'start', 'nodes']);
    expect(withRange({ flow: ranged, layout: {} }, 'range').flow).toBe(ranged);
  });
});

describe('what a click makes', () => {
  it('is a calendar for rows that begin and end, else a table', () => {
    const fields = {
      id: { type: 'text', hidden: true }, subject: { type: 'text' }, start: { type: 'zoned_datetime' }, end: { type: 'zoned_datetime' },
      is_all_day: { type: 'boolean' }, location: { type: 'text' },
    };
    expect(proposePage('event', { title: 'Events', fields })).toEqual({
      type: 'calendar', title: 'Events', list: 'event', range: 'range',
      fields: { title: 'subject', start: 'start', end: 'end', all_day: 'is_all_day', location: 'location' },
    });
    expect(proposePage('person', { fields: { name: { type: 'text' } } })).toEqual({ type: 'table', title: 'Person', list: 'person' });
    expect(proposePage('odd', 'no list')).toMatchObject({ type: 'table' });
  });

  it('is a flow with a path that signs in first', () => {
    const { flow: made, layout } = proposeFlow({ kind: 'regular', title: 'My week', profile: 'graph-user' }, 'my_week');
    expect(made).toMatchObject({ path: '/my-week', start: 'authorize', nodes: { authorize: { profile: 'graph-user' } } });
    expect(Object.keys(layout)).toEqual(Object.keys(made.nodes));
    const action = proposeFlow({ kind: 'action', title: 'Nightly', profile: null }, 'nightly').flow;
    expect(action).not.toHaveProperty('path');
    expect(action.nodes[action.start]).toMatchObject({ type: 'end' });
  });

  it.each([['events', 'event'], ['entries', 'entry'], ['people', 'people'], ['address', 'address']])('names one of %s %s', (many, one) => {
    expect(singular(many)).toBe(one);
  });
});
