/** Rows of a step in windows of 100, fetched as they come into sight; a new query starts over. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type ApiError, asApiError, getRows, isAbort, type Row, type RowsQuery, rowsQueryString, type StepAddress } from './api';

const windowSize = 100;
const keptWindows = 60;

export interface Rows {
  /** null until the first answer. */
  total: number | null;
  error: ApiError | null;
  row: (index: number) => Row | undefined;
  /** Asks for what these rows need. */
  need: (first: number, last: number) => void;
  retry: () => void;
  /** Puts another value into a row that is here (a mail that was read). */
  patch: (key: string, change: Partial<Row>) => void;
}

export function useRows(address: StepAddress, query: RowsQuery): Rows {
  const { instance, step } = address;
  const text = rowsQueryString(query);
  const [total, setTotal] = useState<number | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [version, setVersion] = useState(0);
  const [attempt, setAttempt] = useState(0);
  const windows = useRef(new Map<number, Row[]>());
  const asked = useRef(new Set<number>());
  const controller = useRef(new AbortController());
  const settled = useRef<number | undefined>(undefined);
  const queryRef = useRef(query);
  queryRef.current = query;
  const fresh = useRef(true);

  const load = useCallback(
    (index: number) => {
      if (asked.current.has(index)) return;
      asked.current.add(index);
      const { signal } = controller.current;
      const asking = { ...queryRef.current, offset: index * windowSize, limit: windowSize };
      getRows({ instance, step }, asking, signal)
        .then((answer) => {
          if (signal.aborted) return;
          // The first answer of a new query replaces what the old one showed, so that nothing flickers.
          if (fresh.current) windows.current.clear();
          fresh.current = false;
          windows.current.set(index, answer.rows);
          for (const old of windows.current.keys()) {
            if (windows.current.size <= keptWindows) break;
            if (old !== index) {
              windows.current.delete(old);
              asked.current.delete(old);
            }
          }
          setError(null);
          setTotal(answer.total);
          setVersion((count) => count + 1);
        })
        .catch((reason: unknown) => {
          if (isAbort(reason) || signal.aborted) return;
          asked.current.delete(index);
          setError(asApiError(reason));
        });
    },
    [instance, step],
  );

  useEffect(() => {
    controller.current = new AbortController();
    asked.current.clear();
    fresh.current = true;
    setError(null);
    load(0);
    return () => controller.current.abort();
  }, [load, text, attempt]);

  const need = useCallback(
    (first: number, last: number) => {
      // A drag of the scrollbar passes thousands of rows: only where it rests is asked for.
      window.clearTimeout(settled.current);
      settled.current = window.setTimeout(() => {
        if (fresh.current) return;
        for (let index = Math.floor(first / windowSize); index <= Math.floor(last / windowSize); index += 1) {
          load(index);
        }
      }, 60);
    },
    [load],
  );
  useEffect(() => () => window.clearTimeout(settled.current), []);

  return useMemo(
    () => ({
      total,
      error,
      row: (index: number) => windows.current.get(Math.floor(index / windowSize))?.[index % windowSize],
      need,
      retry: () => setAttempt((count) => count + 1),
      patch: (key: string, change: Partial<Row>) => {
        for (const rows of windows.current.values()) {
          const at = rows.findIndex((row) => row._key === key);
          if (at >= 0) rows[at] = { ...rows[at]!, ...change } as Row;
        }
        setVersion((count) => count + 1);
      },
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `version` says that the windows changed
    [total, error, need, version],
  );
}
