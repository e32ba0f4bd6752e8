import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { JsonValue } from './api';
import {
  type OpenDocument,
  openDocument,
  redo,
  setDocument,
  settleClash,
  setText,
  undo,
  undoAmong,
  useModel,
} from './documents';

type Value = { [key: string]: JsonValue };
const name = 'flows/f.yaml';

/** A server with one document in memory; `refusal` is what it answers writes with instead. */
const server = {
  documents: new Map<string, { revision: number; value: Value }>(),
  writes: [] as { revision: string; value?: Value; text?: string }[],
  refusal: null as null | { status: number; code: string } | 'offline',
  slow: false,
};

function answer(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status });
}

function wire(each: string): unknown {
  const { revision, value } = server.documents.get(each)!;
  return {
    name: each, revision: String(revision), text: JSON.stringify(value), value, broken: null, changed: true,
    conflict: false, disk_text: null,
  };
}

async function serve(url: string, init: RequestInit): Promise<Response> {
  const each = decodeURIComponent(url.replace('/api/documents/', ''));
  const document = server.documents.get(each);
  if (server.refusal === 'offline') throw new TypeError('no network');
  if (!document) return answer(404, { error: { code: 'notFound', message: 'Not there.' } });
  if (init.method === 'PUT') {
    const body = JSON.parse(String(init.body));
    server.writes.push(body);
    if (server.slow) await new Promise((resolve) => setTimeout(resolve, 1000));
    if (server.refusal) {
      return answer(server.refusal.status, { error: { code: server.refusal.code, message: 'No.' } });
    }
    if (body.revision !== String(document.revision)) {
      return answer(409, { error: { code: 'documentChanged', message: 'Changed.' } });
    }
    document.revision += 1;
    document.value = body.value ?? JSON.parse(body.text);
  }
  return answer(200, wire(each));
}

function others(change: Value): void {
  const document = server.documents.get(name)!;
  document.revision += 1;
  document.value = change;
}

const open = (each = name): OpenDocument => useModel.getState().open[each]!;
const later = (milliseconds = 400): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal('fetch', serve);
  server.documents = new Map<string, { revision: number; value: Value }>([
    [name, { revision: 1, value: { title: 'A', path: '/a' } }],
    ['layout/f.yaml', { revision: 1, value: { nodes: {} } }],
  ]);
  server.writes = [];
  server.refusal = null;
  server.slow = false;
  useModel.setState({ open: {} });
  await openDocument(name);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('an edit is here at once and sent once a moment later, with the revision it is based on', async () => {
  setDocument(name, { title: 'B', path: '/a' });
  setDocument(name, { title: 'BC', path: '/a' });
  expect(open().value).toEqual({ title: 'BC', path: '/a' });
  expect(server.writes).toEqual([]);
  await later();
  expect(server.writes).toEqual([{ revision: '1', value: { title: 'BC', path: '/a' } }]);
  expect(open().document?.revision).toBe('2');
});

test('what is edited while a write is under way goes next, on its new revision', async () => {
  server.slow = true;
  setDocument(name, { title: 'B', path: '/a' });
  await later();
  expect(open().saving).toBe(true);
  setDocument(name, { title: 'C', path: '/a' });
  await later(4000);
  expect(open().value).toEqual({ title: 'C', path: '/a' });
  expect(server.writes.map(({ revision }) => revision)).toEqual(['1', '2']);
  expect(server.documents.get(name)?.value).toEqual({ title: 'C', path: '/a' });
});

test('another editor’s change elsewhere is taken in silently, and mine is written on top', async () => {
  others({ title: 'A', path: '/other' });
  setDocument(name, { title: 'B', path: '/a' });
  await later();
  await later();
  expect(open().value).toEqual({ title: 'B', path: '/other' });
  expect(open().clash).toBeNull();
  expect(server.documents.get(name)?.value).toEqual({ title: 'B', path: '/other' });
});

test('the same place changed by both waits for the person, and nothing is written', async () => {
  others({ title: 'Theirs', path: '/a' });
  setDocument(name, { title: 'Mine', path: '/a' });
  await later();
  expect(open().clash?.paths).toEqual(['title']);
  await later(5000);
  expect(server.documents.get(name)?.value.title).toBe('Theirs');
  settleClash(name, 'mine');
  await later();
  expect(server.documents.get(name)?.value.title).toBe('Mine');
});

test('theirs can be taken instead, and then nothing of mine is written', async () => {
  others({ title: 'Theirs', path: '/a' });
  setDocument(name, { title: 'Mine', path: '/a' });
  await later();
  const before = server.writes.length;
  settleClash(name, 'theirs');
  await later();
  expect(open().value).toEqual({ title: 'Theirs', path: '/a' });
  expect(server.writes.length).toBe(before);
});

test('offline an edit is kept and sent when the server is back', async () => {
  server.refusal = 'offline';
  setDocument(name, { title: 'B', path: '/a' });
  await later();
  expect(open().error?.code).toBe('offline');
  expect(open().value?.title).toBe('B');
  server.refusal = null;
  await later(4000);
  expect(server.documents.get(name)?.value.title).toBe('B');
  expect(open().error).toBeNull();
});

test('a refused edit is told and not lost', async () => {
  server.refusal = { status: 400, code: 'invalidInput' };
  setDocument(name, { title: 'B', path: '/a' });
  await later();
  expect(open().error?.code).toBe('invalidInput');
  expect(open().value?.title).toBe('B');
});

test('edits with one checkpoint are undone together, others one by one', () => {
  setDocument(name, { title: 'Ab', path: '/a' }, { checkpoint: 'title' });
  setDocument(name, { title: 'Abc', path: '/a' }, { checkpoint: 'title' });
  setDocument(name, { title: 'Abc', path: '/b' }, { checkpoint: 'path' });
  setDocument(name, { title: 'Abc', path: '/c' });
  setDocument(name, { title: 'Abc', path: '/d' });
  const paths = [];
  while (open().past.length) {
    undo(name);
    paths.push(open().value);
  }
  expect(paths).toEqual([
    { title: 'Abc', path: '/c' },
    { title: 'Abc', path: '/b' },
    { title: 'Abc', path: '/a' },
    { title: 'A', path: '/a' },
  ]);
  redo(name);
  expect(open().value).toEqual({ title: 'Abc', path: '/a' });
});

test('a new edit after undo leaves nothing to do again', () => {
  setDocument(name, { title: 'B', path: '/a' });
  undo(name);
  expect(open().future.length).toBe(1);
  setDocument(name, { title: 'C', path: '/a' });
  expect(open().future).toEqual([]);
});

test('undo is written like any edit', async () => {
  setDocument(name, { title: 'B', path: '/a' });
  await later();
  undo(name);
  await later();
  expect(server.documents.get(name)?.value.title).toBe('A');
});

test('a flow and its layout are undone together where they were edited together', async () => {
  const layout = 'layout/f.yaml';
  await openDocument(layout);
  setDocument(layout, { nodes: { one: 1 } });
  await later(1000);
  setDocument(name, { title: 'B', path: '/a' });
  setDocument(layout, { nodes: { one: 1, two: 2 } });
  undoAmong([name, layout]);
  expect(open().value).toEqual({ title: 'A', path: '/a' });
  expect(open(layout).value).toEqual({ nodes: { one: 1 } });
  undoAmong([name, layout]);
  expect(open(layout).value).toEqual({ nodes: {} });
});

test('a text typed by hand is sent as text, and undo goes back to the value before', async () => {
  setText(name, JSON.stringify({ title: 'By hand', path: '/a' }));
  await later();
  expect(server.writes.at(-1)).toMatchObject({ text: '{"title":"By hand","path":"/a"}' });
  expect(open().value).toEqual({ title: 'By hand', path: '/a' });
  expect(open().text).toBeNull();
  undo(name);
  expect(open().value).toEqual({ title: 'A', path: '/a' });
});
