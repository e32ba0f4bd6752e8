/** Loads the session, then shows the shell around the route. */
import { makeStyles, Spinner } from '@fluentui/react-components';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { Outlet } from 'react-router';
import { type ApiError, asApiError, getSession, type Session } from '../api';
import { Problem } from '../components/Problem';
import { SessionContext } from './session';
import { Shell } from './Shell';

const useStyles = makeStyles({
  waiting: { height: '100%', display: 'grid', placeItems: 'center' },
});

export function App(): React.JSX.Element {
  const styles = useStyles();
  const [session, setSession] = useState<Session | null>(null);
  const [problem, setProblem] = useState<ApiError | null>(null);

  const refresh = useCallback(async () => {
    const fresh = await getSession();
    setSession(fresh);
    return fresh;
  }, []);
  const load = useCallback(() => {
    setProblem(null);
    refresh().catch((reason: unknown) => setProblem(asApiError(reason)));
  }, [refresh]);
  useEffect(load, [load]);

  const state = useMemo(() => (session ? { session, refresh } : null), [session, refresh]);
  if (problem) return <main><Problem error={problem} onRetry={load} /></main>;
  if (!state) {
    return (
      <main className={styles.waiting}>
        <Spinner size="large" label="Opening…" />
      </main>
    );
  }
  return (
    <SessionContext value={state}>
      <Shell>
        <Outlet />
      </Shell>
    </SessionContext>
  );
}
