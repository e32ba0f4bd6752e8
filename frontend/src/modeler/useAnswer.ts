/** An answer of the server for a component: read when shown, and again when what it depends on changes. */
import { type DependencyList, useCallback, useEffect, useState } from 'react';
import { type ApiError, asApiError, isAbort } from './api';

export interface Answered<Answer> {
  /** The last answer; it stays while a newer one is awaited. */
  answer: Answer | null;
  error: ApiError | null;
  again: () => void;
}

export function useAnswer<Answer>(
  ask: (signal: AbortSignal) => Promise<Answer>,
  dependencies: DependencyList,
): Answered<Answer> {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [count, setCount] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    ask(abort.signal).then(
      (given) => {
        if (abort.signal.aborted) return;
        setAnswer(given);
        setError(null);
      },
      (problem: unknown) => {
        if (!abort.signal.aborted && !isAbort(problem)) setError(asApiError(problem));
      },
    );
    return () => abort.abort();
    // `ask` is made anew for every render; what it depends on is said beside it.
  }, [...dependencies, count]);
  return { answer, error, again: useCallback(() => setCount((before) => before + 1), []) };
}
