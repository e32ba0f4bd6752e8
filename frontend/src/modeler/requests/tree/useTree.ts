/** Reads the levels of a document as they are opened or come into sight. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { type ApiError, asApiError, getTree, type TreeNode } from '../../api';
import { type Branches, missingParts, opened, partSize, type Row, shut, withPart } from './branches';

export interface TreeState {
  root: TreeNode | null;
  branches: Branches;
  error: ApiError | null;
  toggle: (row: Row) => void;
  /** Reads what these rows lack. */
  see: (rows: Row[]) => void;
}

/** The document `example`; its first levels are opened: the items, and the first of them. */
export function useTree(example: string, version = 0): TreeState {
  const [root, setRoot] = useState<TreeNode | null>(null);
  const [branches, setBranches] = useState<Branches>({});
  const [error, setError] = useState<ApiError | null>(null);
  const asked = useRef(new Set<string>());
  const current = useRef(0);

  const read = useCallback(
    async (pointer: string, offset: number): Promise<TreeNode[]> => {
      const key = `${pointer}\n${offset}`;
      if (asked.current.has(key)) return [];
      asked.current.add(key);
      const run = current.current;
      try {
        const answer = await getTree(example, { pointer, offset, limit: partSize });
        if (run !== current.current) return [];
        if (pointer === '') setRoot(answer.node);
        setBranches((before) => withPart(before, answer));
        return answer.children;
      } catch (problem) {
        asked.current.delete(key);
        if (run === current.current) setError(asApiError(problem));
        return [];
      }
    },
    [example],
  );

  useEffect(() => {
    current.current += 1;
    asked.current = new Set();
    setRoot(null);
    setBranches({});
    setError(null);
    const start = async (): Promise<void> => {
      const run = current.current;
      const first = await read('', 0);
      if (run !== current.current) return;
      const openOne = async (parent: string, children: TreeNode[], index: number): Promise<TreeNode[]> => {
        const child = children[index];
        if (!child || !(child.count ?? 0)) return [];
        setBranches((before) => opened(before, parent, index, child.pointer));
        return read(child.pointer, 0);
      };
      const items = first.findIndex(({ key, kind }) => key === 'value' && kind === 'array');
      if (items >= 0) await openOne(first[items]!.pointer, await openOne('', first, items), 0);
      else if (typeof first[0]?.key === 'number') await openOne('', first, 0);
    };
    void start();
    return () => void (current.current += 1);
  }, [read, version]);

  const toggle = useCallback(
    (row: Row) => {
      const { node } = row;
      if (!node || (node.kind !== 'object' && node.kind !== 'array')) return;
      if (row.open) setBranches((before) => shut(before, row.parent, row.index));
      else {
        setBranches((before) => opened(before, row.parent, row.index, node.pointer));
        void read(node.pointer, 0);
      }
    },
    [read],
  );
  const see = useCallback(
    (rows: Row[]) => {
      for (const { pointer, offset } of missingParts(rows)) void read(pointer, offset);
    },
    [read],
  );
  return { root, branches, error, toggle, see };
}
