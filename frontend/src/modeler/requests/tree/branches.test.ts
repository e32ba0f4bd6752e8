import { describe, expect, test } from 'vitest';
import type { Tree, TreeNode } from '../../api.gen';
import { type Branches, countRows, missingParts, opened, partSize, placeOfParent, placeOfRow, rowAt, shut, withPart } from './branches';

function node(pointer: string, kind: TreeNode['kind'] = 'text', count: number | null = null): TreeNode {
  const key = pointer.split('/').at(-1) ?? null;
  return { key, pointer, path: null, kind, value: null, cut: false, count };
}

function answer(pointer: string, total: number, offset = 0, kind: TreeNode['kind'] = 'text'): Tree {
  const size = Math.min(partSize, total - offset);
  const children = Array.from({ length: size }, (_, index) => node(`${pointer}/${offset + index}`, kind));
  return { node: node(pointer, 'array', total), children, total, offset };
}

/** A document of 100,000 items of which the third and the last are open, with two and three values. */
function example(): Branches {
  let branches = withPart({}, answer('', 100_000, 0, 'object'));
  branches = withPart(branches, answer('', 100_000, 99_800, 'object'));
  branches = withPart(opened(branches, '', 2, '/2'), answer('/2', 2));
  return withPart(opened(branches, '', 99_999, '/99999'), answer('/99999', 3));
}

describe('the rows of a tree', () => {
  test('are those of the document and of what is open', () => {
    expect(countRows({})).toBe(0);
    expect(countRows(example())).toBe(100_005);
  });

  test('stand where they are read from the top', () => {
    const branches = example();
    const seen = [0, 2, 3, 4, 5, 100_001, 100_002, 100_004].map((place) => rowAt(branches, place));
    expect(seen.map((row) => row?.node?.pointer)).toEqual(['/0', '/2', '/2/0', '/2/1', '/3', '/99999', '/99999/0', '/99999/2']);
    expect(seen.map((row) => row?.depth)).toEqual([1, 1, 2, 2, 1, 1, 2, 2]);
    expect(rowAt(branches, 100_005)).toBeNull();
  });

  test('are found again by what they are', () => {
    const branches = example();
    for (const place of [0, 2, 3, 4, 5, 50_000, 100_001, 100_004]) {
      const row = rowAt(branches, place)!;
      expect(placeOfRow(branches, row.parent, row.index)).toBe(place);
    }
    expect(placeOfParent(branches, rowAt(branches, 4)!)).toBe(2);
    expect(placeOfParent(branches, rowAt(branches, 5)!)).toBeNull();
  });

  test('know what is still to be read, each part once', () => {
    const branches = example();
    const rows = [190, 210, 220, 450].map((place) => rowAt(branches, place)!);
    expect(missingParts(rows)).toEqual([
      { pointer: '', offset: 200 },
      { pointer: '', offset: 400 },
    ]);
  });

  test('go with what is shut, and come back read', () => {
    const closed = shut(example(), '', 2);
    expect(countRows(closed)).toBe(100_003);
    expect(rowAt(closed, 3)?.node?.pointer).toBe('/3');
    expect(rowAt(opened(closed, '', 2, '/2'), 3)?.node?.pointer).toBe('/2/0');
  });
});
