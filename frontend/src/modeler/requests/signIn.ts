/** Accounts of a profile, and signing in to it from here; the sign-in happens in a tab of its own. */
import { useEffect, useRef, useState } from 'react';
import { type AccountWire, type ApiError, asApiError, getAccounts, getSignIn, testProfile } from '../api';
import { ApiError as Failure } from '../api';
import { flush } from '../documents';
import { useEvent } from '../events';
import { isObject } from '../merge';
import { useAnswer } from '../useAnswer';

const askAgainAfter = 1200;

export interface SignIn {
  accounts: AccountWire[];
  /** null while the accounts are read. */
  known: boolean;
  waiting: boolean;
  /** Where the sign-in goes on, should its tab be lost. */
  url: string | null;
  error: ApiError | null;
  start: () => void;
  stop: () => void;
}

/** `onDone` gets the account that was signed in. */
export function useSignIn(profile: string, onDone: (account: AccountWire) => void): SignIn {
  const { answer, again } = useAnswer(getAccounts, [profile]);
  useEvent('accounts', again);
  const [url, setUrl] = useState<string | null>(null);
  const [waiting, setWaiting] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const run = useRef(0);
  const done = useRef(onDone);
  done.current = onDone;
  useEffect(() => () => void (run.current += 1), [profile]);

  const start = async (tab: Window | null): Promise<void> => {
    run.current += 1;
    const mine = run.current;
    setWaiting(true);
    setError(null);
    try {
      await flush();
      let outcome = await testProfile(profile);
      if (outcome.url && tab) {
        tab.opener = null;
        tab.location.href = outcome.url;
      } else tab?.close();
      setUrl(outcome.url);
      while (outcome.status === 'waiting' && outcome.sign_in && mine === run.current) {
        await new Promise((resolve) => setTimeout(resolve, askAgainAfter));
        outcome = await getSignIn(outcome.sign_in);
      }
      if (mine !== run.current) return;
      if (outcome.status === 'failed') {
        const told = isObject(outcome.error) ? outcome.error : {};
        setError(new Failure(0, String(told.code ?? 'failed'), String(told.message ?? 'The sign-in failed.'), String(told.hint ?? '')));
      } else if (outcome.account) {
        again();
        done.current(outcome.account);
      }
    } catch (problem) {
      tab?.close();
      if (mine === run.current) setError(asApiError(problem));
    }
    if (mine === run.current) setWaiting(false);
  };
  return {
    accounts: answer?.accounts.filter((account) => account.profile === profile) ?? [],
    known: answer !== null,
    waiting,
    url,
    error,
    // The tab is opened before anything is awaited, else the browser takes it for an unasked pop-up.
    start: () => void start(window.open('', '_blank')),
    stop: () => {
      run.current += 1;
      setWaiting(false);
    },
  };
}
