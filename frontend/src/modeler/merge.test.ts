import { expect, test } from 'vitest';
import { equal, merge } from './merge';

test('what each side changed elsewhere is in the merged value', () => {
  const base = { title: 'A', nodes: { one: { x: 1 }, two: { x: 2 } } };
  const mine = { title: 'B', nodes: { one: { x: 1 }, two: { x: 2 }, three: { x: 3 } } };
  const theirs = { title: 'A', nodes: { one: { x: 10 }, two: { x: 2 } } };
  expect(merge(base, mine, theirs)).toEqual({
    value: { title: 'B', nodes: { one: { x: 10 }, two: { x: 2 }, three: { x: 3 } } },
    clashes: [],
  });
});

test('the same place changed differently is a clash, named by its path, with mine in the value', () => {
  const merged = merge({ a: { b: 1 } }, { a: { b: 2 } }, { a: { b: 3 } });
  expect(merged).toEqual({ value: { a: { b: 2 } }, clashes: ['a.b'] });
});

test('the same change on both sides is no clash', () => {
  expect(merge({ a: [1] }, { a: [1, 2] }, { a: [1, 2] })).toEqual({ value: { a: [1, 2] }, clashes: [] });
});

test('what one side removed stays removed, unless the other side changed it', () => {
  expect(merge({ a: 1, b: 2 }, { b: 2 }, { a: 1, b: 3 })).toEqual({ value: { b: 3 }, clashes: [] });
  expect(merge({ a: { x: 1 } }, {}, { a: { x: 2 } }).clashes).toEqual(['a']);
});

test('lists are merged as a whole', () => {
  expect(merge({ a: [1, 2] }, { a: [1, 2, 3] }, { a: [0, 2] }).clashes).toEqual(['a']);
});

test('the order of keys counts, an undefined key does not', () => {
  expect(equal({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(false);
  expect(equal({ a: 1, b: undefined }, { a: 1 })).toBe(true);
  expect(Object.keys(merge({ a: 1, b: 2 }, { b: 2, a: 1 }, { a: 1, b: 3 }).value as object)).toEqual(['b', 'a']);
});
