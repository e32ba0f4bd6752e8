import { describe, expect, test } from 'vitest';
import { carriedBy, leavesOf, mergeRows, pairsOf, pairsValue, parseJson, requestOf, withBodyKind, withField, withLeaf, withMethod, withProfile, withUrl } from './model';

describe('a request', () => {
  test('is read of a node without what belongs to the flow', () => {
    const node = { type: 'http_request', title: 'Events', url: '/me', exits: { default: 'x' }, response: 'events', api: 'beta' };
    expect(requestOf(node)).toEqual({ url: '/me', api: 'beta' });
  });

  test('gets a new field where it usually stands, and loses one that says nothing', () => {
    const node = { type: 'http_request', url: '/me', authentication: { type: 'none' }, exits: {} };
    expect(Object.keys(withField(node, 'query', { $top: '5' }))).toEqual(['type', 'url', 'query', 'authentication', 'exits']);
    expect(withField({ url: '/me', query: { a: 'b' } }, 'query', {})).toEqual({ url: '/me' });
    expect(Object.keys(withProfile({ url: '/me', response: 'x' }, 'graph'))).toEqual(['url', 'authentication', 'response']);
  });

  test('loses its body with a method that has none', () => {
    expect(withMethod({ method: 'POST', url: '/x', body: { json: {} } }, 'GET')).toEqual({ method: 'GET', url: '/x' });
  });

  test('takes a pasted address apart', () => {
    expect(withUrl({ url: '/me', query: { $top: '5', $skip: '1' } }, 'https://graph.microsoft.com/beta/me/events?$top=10&$select=id,subject')).toEqual({
      url: '/me/events', api: 'beta', query: { $skip: '1', $top: '10', $select: 'id,subject' },
    });
    expect(withUrl({}, 'https://example.com/a?b=c')).toEqual({ url: 'https://example.com/a', query: { b: 'c' } });
    // While it is being typed, and where an expression holds the mark, nothing moves.
    for (const typed of ['/me?', '/me?$top', '/a/{{ b ? c : d }}']) expect(withUrl({}, typed)).toEqual({ url: typed });
  });
});

test('what goes along is known before it is sent', () => {
  expect(carriedBy({ authentication: { type: 'client_certificate', certificate: { secret: 'A' } } })).toBe('certificate');
  expect(carriedBy({ authentication: { type: 'basic' } })).toBe('password');
  expect(carriedBy({ authentication: { type: 'oauth2', profile: 'p' } })).toBe('nothing');
  expect(carriedBy({})).toBe('nothing');
});

describe('rows of a table', () => {
  test('are a map, or pairs where a name stands there twice', () => {
    const rows = [{ name: 'a', value: '1', on: true }, { name: 'b', value: '2', on: false }, { name: ' ', value: '3', on: true }];
    expect(pairsValue(rows)).toEqual({ a: '1' });
    expect(pairsValue([...rows, { name: 'a', value: '4', on: true }])).toEqual([['a', '1'], ['a', '4']]);
    expect(pairsValue([])).toBeUndefined();
    expect(pairsOf([['a', 1], 'no pair', ['b']])).toEqual([{ name: 'a', value: 1, on: true }, { name: 'b', value: '', on: true }]);
  });

  test('that are off stay when the model changes elsewhere', () => {
    const rows = [{ name: 'a', value: '1', on: true }, { name: 'b', value: '2', on: false }];
    expect(mergeRows(rows, { a: '1' })).toBe(rows);
    expect(mergeRows(rows, { c: '3' }).map(({ name, on }) => [name, on])).toEqual([['c', true], ['b', false]]);
    expect(mergeRows(rows, { b: '5' })).toEqual([{ name: 'b', value: '5', on: true }]);
  });
});

describe('a body', () => {
  test('changes its kind only where it is another', () => {
    const value = { url: '/x', body: { json: { a: 1 } } };
    expect(withBodyKind(value, 'json')).toBe(value);
    expect(withBodyKind(value, 'none')).toEqual({ url: '/x' });
    expect(withBodyKind(value, 'text').body).toEqual({ text: '', content_type: 'text/plain' });
    expect(withBodyKind(withBodyKind(value, 'file'), 'file').body).toEqual({ file: '' });
  });

  test('is edited leaf by leaf', () => {
    const body = { a: 1, to: [{ mail: 'x' }], none: [] };
    expect(leavesOf(body).map(({ path }) => path.join('.'))).toEqual(['a', 'to.0.mail', 'none']);
    expect(withLeaf(body, ['to', 0, 'mail'], '{{ y }}')).toEqual({ a: 1, to: [{ mail: '{{ y }}' }], none: [] });
    expect(leavesOf({})).toEqual([]);
  });

  test('that is no JSON says in which line', () => {
    expect(parseJson('{"a": 1}')).toEqual({ value: { a: 1 } });
    expect(parseJson('{\n"a": 1,\n}')).toMatchObject({ fault: { line: 3 } });
  });
});
