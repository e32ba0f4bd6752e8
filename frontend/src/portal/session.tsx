/** The session, for whatever is shown below the shell. */
import { createContext, useContext } from 'react';
import type { Session } from '../api';

export interface SessionState {
  session: Session;
  /** Asks the server again (after a 401, or to get a fresh CSRF token). */
  refresh: () => Promise<Session>;
}

export const SessionContext = createContext<SessionState | null>(null);

export function useSession(): SessionState {
  const state = useContext(SessionContext);
  if (!state) throw new Error('useSession is used outside the application shell');
  return state;
}
