import { describe, expect, it } from 'vitest';
import { copyNodes, duplicate, paste, readClip } from './clipboard';
import {
  addNode, catchErrors, connect, disconnect, exitsOf, freeName, insertOnEdge, type Model, moveNodes, nodesOf,
  readFlow, readLayout, reconnect, removeNodes, setFlow, setStart, tidyLayout,
} from './model';

const model: Model = {
  flow: {
    kind: 'regular',
    title: 'Calendar',
    start: 'authorize',
    nodes: {
      authorize: { type: 'authenticate', profile: 'graph-user', exits: { authenticated: 'load', error: 'failed' } },
      load: { type: 'http_request', url: '/me', exits: { default: 'show', error: 'failed' } },
      show: { type: 'page', page: 'calendar', exits: { range_changed: 'load' } },
      failed: { type: 'end', tone: 'error' },
    },
  },
  layout: { authorize: { x: 0, y: 0 }, load: { x: 240, y: 0 }, show: { x: 480, y: 0 } },
};
const before = JSON.stringify(model);
const exits = (edited: Model, name: string): unknown => edited.flow.nodes[name]?.exits;

describe('an edit of a flow', () => {
  it('leaves the model it was given as it was', () => {
    removeNodes(connect(addNode(model, 'x', { type: 'end' }, { x: 1, y: 2 }), 'load', '404', 'x'), ['load']);
    expect(JSON.stringify(model)).toBe(before);
  });

  it('adds a node under a free name and at whole numbers', () => {
    const edited = addNode(model, 'load', { type: 'http_request', url: '/x' }, { x: 1.4, y: 2.6 });
    expect(edited.added).toEqual(['load_2']);
    expect(edited.layout.load_2).toEqual({ x: 1, y: 3 });
    expect(edited.flow.start).toBe('authorize');
  });

  it('makes the first node the start, but never a note', () => {
    const empty: Model = { flow: { kind: 'action', start: '', nodes: {} }, layout: {} };
    const noted = addNode(empty, 'note', { type: 'note', text: 'x' }, { x: 0, y: 0 });
    expect(noted.flow.start).toBe('');
    expect(addNode(noted, 'first', { type: 'end' }, { x: 0, y: 0 }).flow.start).toBe('first');
  });

  it('leads an exit elsewhere without changing the order of the exits', () => {
    const edited = connect(model, 'load', 'default', 'failed');
    expect(Object.entries(exits(edited, 'load') as object)).toEqual([['default', 'failed'], ['error', 'failed']]);
  });

  it('puts a new exit before the errors', () => {
    const edited = connect(disconnect(model, 'authorize', 'authenticated'), 'authorize', 'authenticated', 'load');
    expect(Object.keys(exits(edited, 'authorize') as object)).toEqual(['authenticated', 'error']);
  });

  it('connects to no node that is not there', () => {
    expect(connect(model, 'load', 'default', 'nowhere')).toBe(model);
    expect(connect(model, 'nowhere', 'default', 'load')).toBe(model);
  });

  it('leaves no empty exits behind', () => {
    expect('exits' in disconnect(model, 'show', 'range_changed').flow.nodes.show!).toBe(false);
  });

  it('moves an edge to another exit', () => {
    const edited = reconnect(model, { from: 'load', exit: 'default' }, { from: 'load', exit: '404', to: 'show' });
    expect(exits(edited, 'load')).toEqual({ error: 'failed', '404': 'show' });
  });

  it('inserts a node on an edge, which goes on where the edge led', () => {
    const edited = insertOnEdge(model, { from: 'load', exit: 'default' }, 'keep', { type: 'import_data' }, 'default', { x: 0, y: 0 });
    expect(exits(edited, 'load')).toMatchObject({ default: 'keep' });
    expect(exits(edited, 'keep')).toEqual({ default: 'show' });
  });

  it('removes the exits that lead to a removed node', () => {
    const edited = removeNodes(model, ['failed', 'show']);
    expect(exits(edited, 'authorize')).toEqual({ authenticated: 'load' });
    expect('exits' in edited.flow.nodes.load!).toBe(false);
    expect(edited.layout.show).toBeUndefined();
  });

  it('starts where the removed start led', () => {
    expect(removeNodes(model, ['authorize']).flow.start).toBe('load');
    expect(removeNodes(model, Object.keys(model.flow.nodes)).flow.start).toBe('');
    expect(setStart(model, 'show').flow.start).toBe('show');
  });

  it('leads all open errors to the one end that says so', () => {
    const open = [{ from: 'show', exit: 'error' }];
    expect(exits(catchErrors(model, open, { x: 0, y: 0 }), 'show')).toMatchObject({ error: 'failed' });
    const without = removeNodes(model, ['failed']);
    const edited = catchErrors(without, [{ from: 'load', exit: 'error' }, { from: 'authorize', exit: 'error' }], { x: 9, y: 9 });
    expect(edited.added).toEqual(['failed']);
    expect(edited.flow.nodes.failed).toMatchObject({ type: 'end', tone: 'error', message: '{{ error.text }}' });
    expect(exits(edited, 'authorize')).toMatchObject({ error: 'failed' });
  });

  it('takes a value of the flow away where it is undefined', () => {
    expect('title' in setFlow(model, { title: undefined }).flow).toBe(false);
  });

  it('keeps only positions of nodes that are there, in the order of the flow', () => {
    const edited = moveNodes({ ...model, layout: { ...model.layout, gone: { x: 1, y: 1 } } }, { failed: { x: 5, y: 5 } });
    expect(Object.keys(tidyLayout(edited))).toEqual(['authorize', 'load', 'show', 'failed']);
  });
});

describe('a document that anybody wrote', () => {
  it.each([[null], ['text'], [[1]], [{ nodes: 'none' }], [{ nodes: [] }]])('%j is no flow', (value) => {
    expect(readFlow(value)).toBeNull();
  });

  it('draws only what has the shape of a node', () => {
    const flow = readFlow({ nodes: { good: { type: 'end' }, bad: 'text', worse: { type: 3 }, none: null } })!;
    expect(nodesOf(flow).map(([name]) => name)).toEqual(['good']);
  });

  it('reads no exits that are none', () => {
    expect(exitsOf({ type: 'x', exits: { a: 'b', c: 3 } as never })).toEqual([['a', 'b']]);
    expect(exitsOf({ type: 'x', exits: ['a'] as never })).toEqual([]);
  });

  it('reads only positions that are two numbers', () => {
    expect(readLayout({ a: { x: 1, y: 2 }, b: { x: 'no', y: 1 }, c: 4, d: { x: 1, y: null } })).toEqual({ a: { x: 1, y: 2 } });
    expect(readLayout('text')).toEqual({});
  });
});

describe('a free name', () => {
  it.each([
    ['Größe laden', 'gro_e_laden'], ['42 Nodes', 'nodes'], ['<b>', 'b'], ['', 'node'], ['constructor', 'constructor'], ['load', 'load_2'], ['load_2', 'load_2'],
  ])('made of %j is %s', (wanted, name) => {
    expect(freeName({ load: {} }, wanted)).toBe(name);
  });
});

describe('the clipboard', () => {
  it('carries nodes with the exits among them into another flow', () => {
    const clip = readClip(copyNodes(model, ['load', 'show']))!;
    const other: Model = { flow: { kind: 'regular', start: 'load', nodes: { load: { type: 'end' } } }, layout: {} };
    const pasted = paste(other, clip, { x: 100, y: 50 });
    expect(pasted.added).toEqual(['load_2', 'show']);
    expect(exits(pasted, 'load_2')).toEqual({ default: 'show' });
    expect(exits(pasted, 'show')).toEqual({ range_changed: 'load_2' });
    expect(pasted.layout).toEqual({ load_2: { x: 100, y: 50 }, show: { x: 340, y: 50 } });
  });

  it('counts on in the names of copies of a copy', () => {
    expect(freeName({ load: {}, load_2: {} }, 'load_2')).toBe('load_3');
  });

  it('duplicates a node and keeps where its error leads', () => {
    const edited = duplicate(model, ['load']);
    expect(exits(edited, edited.added[0]!)).toEqual({ error: 'failed' });
    expect(edited.layout.load_2).toEqual({ x: 280, y: 40 });
  });

  it.each([
    ['no JSON'], ['null'], ['[]'], ['{}'], ['{"format":"graphwright/nodes/1","nodes":{}}'],
    ['{"format":"graphwright/nodes/1","nodes":{"A":{"type":"end"}}}'],
    ['{"format":"graphwright/nodes/1","nodes":{"a":{"type":1}}}'],
    ['{"format":"graphwright/nodes/1","nodes":{"a":{"type":"end","exits":{"b":1}}}}'],
    ['{"format":"graphwright/nodes/1","nodes":{"__proto__":{"type":"end"}}}'],
    ['{"format":"another","nodes":{"a":{"type":"end"}}}'],
  ])('takes nothing from %s', (text) => {
    expect(readClip(text)).toBeNull();
  });
});
