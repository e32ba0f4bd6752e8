/**
 * Requests that are tried out: one session for each node (or the scratch pad), which lasts when the
 * editor is closed and opened again. Knows nothing of what a request says.
 */
import { create } from 'zustand';
import { type ApiError, asApiError, isAbort, type JsonValue, nextPage, sendTry, type TryWire } from '../api';
import { flush } from '../documents';
import type { JsonObject } from '../merge';

export interface TrySession {
  /** Values of variables that were typed here. */
  values: JsonObject;
  /** Chosen account; null: the first one. */
  account: string | null;
  sending: AbortController | null;
  result: TryWire | null;
  /** Why nothing was sent. */
  error: ApiError | null;
}

export const emptySession: TrySession = { values: {}, account: null, sending: null, result: null, error: null };

export const useTries = create<{ sessions: { [key: string]: TrySession } }>(() => ({ sessions: {} }));

export function patchTry(key: string, change: Partial<TrySession>): void {
  useTries.setState(({ sessions }) => ({
    sessions: { ...sessions, [key]: { ...(sessions[key] ?? emptySession), ...change } },
  }));
}

export interface Sent {
  request: JsonObject;
  values: { [name: string]: JsonValue };
  account: string | null;
  confirmed: boolean;
  flow: string | null;
  node: string | null;
}

async function during(key: string, act: (signal: AbortSignal) => Promise<TryWire>): Promise<ApiError | null> {
  const sending = new AbortController();
  useTries.getState().sessions[key]?.sending?.abort();
  patchTry(key, { sending, error: null });
  try {
    // The profile that sends it may have been edited a moment ago.
    await flush();
    const result = await act(sending.signal);
    patchTry(key, { result, sending: null });
    return null;
  } catch (problem) {
    if (useTries.getState().sessions[key]?.sending !== sending) return null;
    if (isAbort(problem)) {
      patchTry(key, { sending: null });
      return null;
    }
    const error = asApiError(problem);
    patchTry(key, { sending: null, ...(error.code === 'confirmationNeeded' ? {} : { error, result: null }) });
    return error;
  }
}

/** Sends a request; gives what went wrong before anything was sent. */
export function send(key: string, sent: Sent): Promise<ApiError | null> {
  return during(key, (signal) => sendTry(sent, signal));
}

export function sendNext(key: string, id: string): Promise<ApiError | null> {
  return during(key, (signal) => nextPage(id, signal));
}

export function cancelTry(key: string): void {
  useTries.getState().sessions[key]?.sending?.abort();
}
