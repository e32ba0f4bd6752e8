/**
 * Walks a flow: the address says which step is shown, exits lead to the next one. Each step gets an
 * address of its own, so Back and reload work; a submission keeps its id however often it is sent.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import { useLocation, useNavigate, type Location } from 'react-router';
import {
  ApiError,
  asApiError,
  type EndStep,
  getStep,
  isAbort,
  type PageStep,
  startFlow,
  type Step,
  type StepAddress,
  type Submission,
  takeExit,
} from '../api';
import type { PageViewProps } from '../pageType';
import { dropDraft, keepDraft } from './drafts';
import { useSession } from './session';

export interface Failure {
  error: ApiError;
  retry?: (() => void) | undefined;
}

export interface Flow {
  shown: PageStep | EndStep | null;
  /** The step is on its way, nothing can be shown yet. */
  loading: boolean;
  busy: boolean;
  notice: string | null;
  /** A failure instead of a step. */
  problem: Failure | null;
  /** A failure of an exit, the step still stands. */
  failure: Failure | null;
  signIn: 'no' | 'needed' | 'ended';
  exit: PageViewProps<unknown>['exit'];
  dismissNotice: () => void;
  dismissFailure: () => void;
}

export function runId({ instance, step }: StepAddress): string {
  return `${instance}.${step}`;
}

function parseRun(text: string | null): StepAddress | null {
  const dot = text?.lastIndexOf('.') ?? -1;
  if (!text || dot < 1 || dot === text.length - 1) return null;
  return { instance: text.slice(0, dot), step: text.slice(dot + 1) };
}

function startQuery(location: Location): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (name !== 'run') query[name] = value;
  }
  return query;
}

/** 128 random bits; `crypto.randomUUID` is missing on plain http that is not loopback. */
function newSubmissionId(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Where the server says the user is, when a step's exits can no longer be taken. */
function placeIn(error: ApiError): StepAddress | null {
  const { instance, step } = error.facts;
  if (typeof instance === 'string' && (typeof step === 'number' || typeof step === 'string')) {
    return { instance, step };
  }
  return null;
}

const gone = new Set([404, 409, 410]);

export function useFlow(): Flow {
  const location = useLocation();
  const navigate = useNavigate();
  const { session, refresh } = useSession();
  const sessionRef = useRef(session);
  sessionRef.current = session;

  const [shown, setShown] = useState<PageStep | EndStep | null>(null);
  const [loading, setLoading] = useState(true);
  const [busy, setBusy] = useState(false);
  const [notice, setNotice] = useState<string | null>(null);
  const [problem, setProblem] = useState<Failure | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [signIn, setSignIn] = useState<Flow['signIn']>('no');
  const [attempt, setAttempt] = useState(0);

  const handed = useRef<PageStep | null>(null);
  const pendingNotice = useRef<string | null>(null);
  const shownRef = useRef(shown);
  shownRef.current = shown;
  const sequence = useRef(0);
  const sending = useRef<AbortController | null>(null);
  const busyRef = useRef(false);

  const setSending = useCallback((now: boolean) => {
    busyRef.current = now;
    setBusy(now);
  }, []);

  const settle = useCallback(
    async (step: Step, replace: boolean): Promise<void> => {
      if (step.kind === 'redirect') {
        window.location.assign(step.url);
        return;
      }
      if (step.kind === 'end') {
        setShown(step);
        setNotice(null);
        setLoading(false);
        return;
      }
      handed.current = step;
      // At once: while the address and the page differ, another click would start from the wrong one.
      await navigate(`${step.path}?run=${encodeURIComponent(runId(step))}`, { replace, flushSync: true });
    },
    [navigate],
  );

  // The address has changed: show the step that was handed over, or fetch it, or start the flow.
  useEffect(() => {
    const controller = new AbortController();
    const run = new URLSearchParams(location.search).get('run');
    sequence.current += 1;
    setProblem(null);
    setFailure(null);
    setSignIn('no');

    const show = (step: PageStep): void => {
      setShown(step);
      setNotice(pendingNotice.current ?? step.notice ?? step.page.notice ?? null);
      pendingNotice.current = null;
      setLoading(false);
    };
    const settleHere = (step: Step): void => {
      if (step.kind === 'page' && run === runId(step)) show(step);
      else void settle(step, true);
    };
    const fail = (reason: unknown): void => {
      if (isAbort(reason) || controller.signal.aborted) return;
      const error = asApiError(reason);
      setLoading(false);
      if (error.status === 401) {
        setSignIn(sessionRef.current.signed_in ? 'ended' : 'needed');
        void refresh().catch(() => undefined);
        return;
      }
      setShown(null);
      setProblem({ error, retry: () => setAttempt((count) => count + 1) });
    };
    const start = (triesLeft = 1): void => {
      startFlow(location.pathname, startQuery(location), controller.signal)
        .then((step) => {
          if (!controller.signal.aborted) settleHere(step);
        })
        .catch(async (reason: unknown) => {
          const { status, code } = asApiError(reason);
          if (triesLeft === 0 || !(code === 'sessionExpired' || (status === 403 && /csrf/i.test(code)))) {
            return fail(reason);
          }
          // The session went with its token: a new one may do, where the flow is open to everybody.
          await refresh().catch(() => undefined);
          if (!controller.signal.aborted) start(triesLeft - 1);
        });
    };

    const waiting = handed.current;
    handed.current = null;
    if (waiting && run === runId(waiting)) {
      show(waiting);
    } else {
      setLoading(true);
      const address = parseRun(run);
      if (address) {
        getStep(address, controller.signal)
          .then((step) => {
            if (!controller.signal.aborted) settleHere(step);
          })
          .catch((reason: unknown) => {
            if (isAbort(reason) || controller.signal.aborted) return;
            const error = asApiError(reason);
            if (!gone.has(error.status)) return fail(error);
            const place = placeIn(error);
            pendingNotice.current = `${error.message} ${error.hint || 'It was started again.'}`;
            if (place && runId(place) !== run) {
              void navigate(`${location.pathname}?run=${encodeURIComponent(runId(place))}`, { replace: true });
            } else start();
          });
      } else start();
    }
    return () => {
      controller.abort();
      sending.current?.abort();
      setSending(false);
    };
  }, [location, attempt, navigate, refresh, settle, setSending]);

  const send = useCallback(
    async (submission: Submission, own: boolean, triesLeft: number): Promise<ApiError | null> => {
      const turn = ++sequence.current;
      const controller = new AbortController();
      sending.current = controller;
      setSending(true);
      setFailure(null);
      const from = shownRef.current;
      try {
        const step = await takeExit(submission, controller.signal);
        if (turn !== sequence.current) return null;
        if (from?.kind === 'page') dropDraft(from.path, from.page.name);
        // A page keeps it until it is shown; a redirect until the browser has gone.
        if (step.kind === 'end') setSending(false);
        await settle(step, false);
        return null;
      } catch (reason) {
        if (isAbort(reason) || turn !== sequence.current) return null;
        setSending(false);
        const error = asApiError(reason);
        return await explain(error, submission, own, triesLeft, from);
      }
    },
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `explain` and `send` call each other
    [settle, setSending],
  );

  const explain = useCallback(
    async (
      error: ApiError,
      submission: Submission,
      own: boolean,
      triesLeft: number,
      from: PageStep | EndStep | null,
    ): Promise<ApiError | null> => {
      // Before a refresh makes it nobody's: what was entered is kept for this person alone.
      const before = sessionRef.current;
      const again = (): void => void send(submission, own, 1);
      if (error.status === 401) {
        if (triesLeft > 0) {
          // Another tab may have signed in again, and a public flow only needs a new session.
          const fresh = await refresh().catch(() => null);
          if (fresh?.signed_in) return send(submission, own, 0);
        }
        if (from?.kind === 'page') {
          keepDraft(before, from.path, from.page, submission.data);
        }
        setFailure({
          error: new ApiError(401, error.code, 'Your session ended. Sign in to go on.', 'What you entered is kept.', error.requestId),
        });
        return error;
      }
      if (error.status === 403 && /csrf/i.test(error.code) && triesLeft > 0) {
        await refresh().catch(() => undefined);
        return send(submission, own, triesLeft - 1);
      }
      const place = placeIn(error);
      if (error.status === 409 && place && from?.kind === 'page') {
        pendingNotice.current = [error.message, error.hint].filter(Boolean).join(' ');
        void navigate(`${from.path}?run=${encodeURIComponent(runId(place))}`);
        return error;
      }
      if (error.status === 410 && from?.kind === 'page') {
        keepDraft(before, from.path, from.page, submission.data);
        pendingNotice.current = [error.message, error.hint || 'It was started again.'].join(' ');
        void navigate(from.path);
        return error;
      }
      if (!own || error.code !== 'formInvalid') setFailure({ error, retry: again });
      return error;
    },
    [navigate, refresh, send],
  );

  const exit = useCallback<Flow['exit']>(
    (name, data = null, options = {}) => {
      const from = shownRef.current;
      if (from?.kind !== 'page') return Promise.resolve(null);
      if (options.lastWins) sending.current?.abort();
      else if (busyRef.current) return Promise.resolve(null);
      const submission: Submission = {
        address: { instance: from.instance, step: from.step },
        exit: name,
        submission: newSubmissionId(),
        data,
      };
      return send(submission, options.ownErrors ?? false, 1);
    },
    [send],
  );

  return {
    shown,
    loading,
    busy,
    notice,
    problem,
    failure,
    signIn,
    exit,
    dismissNotice: () => setNotice(null),
    dismissFailure: () => setFailure(null),
  };
}
