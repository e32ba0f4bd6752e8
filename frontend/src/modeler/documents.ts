/**
 * The model in the browser: which documents there are, what is wrong with them, and those that are
 * open, with the edits that the server does not know yet. An edit is here at once and sent a moment
 * later; one of another editor's is merged into mine, and where both changed the same place, nothing
 * is written until the person has chosen. Knows nothing of what a document says.
 */
import { useCallback, useEffect, useMemo } from 'react';
import { create } from 'zustand';
import * as api from './api';
import { ApiError, asApiError, type JsonValue } from './api';
import { onEvent } from './events';
import { equal, isObject, type JsonObject, merge } from './merge';

export type Kind = api.DocumentEntry['kind'];

interface Step {
  value: JsonObject;
  label: string;
  at: number;
}

/** A document that is open; `value` and `text` hold the edits, `document` what the server has. */
export interface OpenDocument {
  document: api.DocumentWire | null;
  value: JsonObject | null;
  /** A text typed by hand that is not sent yet; it goes before the value. */
  text: string | null;
  error: ApiError | null;
  saving: boolean;
  /** Somebody else changed the same places: nothing is sent until `settleClash`. */
  clash: { theirs: api.DocumentWire; paths: string[] } | null;
  past: Step[];
  future: Step[];
}

export interface Model {
  status: 'loading' | 'ready' | 'failed';
  error: ApiError | null;
  session: api.SessionWire | null;
  catalogue: api.Catalogue | null;
  documents: api.DocumentEntry[];
  removed: string[];
  problems: api.ProblemWire[];
  online: boolean;
  open: { [name: string]: OpenDocument };
}

export const useModel = create<Model>(() => ({
  status: 'loading',
  error: null,
  session: null,
  catalogue: null,
  documents: [],
  removed: [],
  problems: [],
  online: true,
  open: {},
}));

const { getState: state, setState } = useModel;
const saveAfter = 300;
const retryAfter = 3000;
/** Edits of one label that follow each other this quickly are one step of undo. */
const sameStepWithin = 5000;
const stepsKept = 100;
const timers = new Map<string, ReturnType<typeof setTimeout>>();
const writers = new Map<string, Promise<void>>();
const closed: OpenDocument = {
  document: null,
  value: null,
  text: null,
  error: null,
  saving: false,
  clash: null,
  past: [],
  future: [],
};

function patch(name: string, change: Partial<OpenDocument>): void {
  setState(({ open }) => ({ open: { ...open, [name]: { ...(open[name] ?? closed), ...change } } }));
}

export function isDirty({ document, value, text, clash }: OpenDocument): boolean {
  return document !== null && (clash !== null || text !== null || !equal(value, document.value));
}

function valueOf(document: api.DocumentWire): JsonObject | null {
  return isObject(document.value) ? document.value : null;
}

/** One thing after the other for each document: no two writes of it are ever under way. */
function inTurn(name: string, act: () => Promise<void>): Promise<void> {
  const turn = (writers.get(name) ?? Promise.resolve()).then(act);
  writers.set(name, turn);
  return turn;
}

function schedule(name: string, delay = saveAfter): void {
  clearTimeout(timers.get(name));
  timers.set(name, setTimeout(() => void flush(name), delay));
}

// The model as a whole

/** Reads session, catalogue and model; once, when the modeler starts, or again after a failure. */
export async function loadModel(): Promise<void> {
  setState({ status: 'loading', error: null });
  try {
    const session = await api.getSession();
    const [catalogue, model] = await Promise.all([api.getCatalogue(), api.getModel()]);
    setState({ status: 'ready', session, catalogue, ...model });
  } catch (problem) {
    setState({ status: 'failed', error: asApiError(problem) });
  }
}

/** Reads the tree and the problems again. */
export async function refreshModel(): Promise<void> {
  try {
    const [session, model] = await Promise.all([api.getSession(), api.getModel()]);
    setState({ ...model, session });
    tellReached(true);
  } catch (problem) {
    if (asApiError(problem).code !== 'offline') throw problem;
    tellReached(false);
  }
}

let reachTimer: ReturnType<typeof setTimeout> | undefined;

/** Whether the server answers; where it does not, it is asked again until it does. */
function tellReached(reached: boolean): void {
  const wasOnline = state().online;
  if (reached !== wasOnline) setState({ online: reached });
  clearTimeout(reachTimer);
  if (!reached) reachTimer = setTimeout(refreshQuietly, retryAfter);
  else if (!wasOnline) catchUp();
}

/** Nobody waits for it: a refusal, such as of a server that was started again, is like none being there. */
function refreshQuietly(): void {
  refreshModel().catch(() => tellReached(false));
}

/** Events may have been missed. */
function catchUp(): void {
  refreshSoon();
  for (const name of Object.keys(state().open)) void follow(name, '');
}

let refreshTimer: ReturnType<typeof setTimeout> | undefined;
function refreshSoon(): void {
  clearTimeout(refreshTimer);
  refreshTimer = setTimeout(refreshQuietly, 100);
}

/** Keeps the model as the server tells; returns the way to stop. */
export function followModel(): () => void {
  let hears = true;
  const stops = [
    onEvent('documents', ({ changed, removed }) => {
      for (const { name, revision } of changed) void follow(name, revision);
      for (const name of removed) forget(name);
      refreshSoon();
    }),
    onEvent('problems', ({ problems }) => setState({ problems })),
    onEvent('connection', ({ open }) => {
      // The server may have answered calls while its events were not heard.
      if (open && !hears) catchUp();
      hears = open;
      tellReached(open);
    }),
  ];
  return () => stops.forEach((stop) => stop());
}

function forget(name: string): void {
  clearTimeout(timers.get(name));
  setState(({ open: { [name]: _, ...open } }) => ({ open }));
}

// One document

/** Reads a document, where it is not open yet. */
export async function openDocument(name: string): Promise<void> {
  if (state().open[name]?.document) return;
  await inTurn(name, async () => {
    if (!state().open[name]?.document) await readAgain(name);
  });
}

async function follow(name: string, revision: string): Promise<void> {
  if (!state().open[name]) return;
  await inTurn(name, async () => {
    if (state().open[name]?.document?.revision !== revision) await readAgain(name);
  });
}

async function readAgain(name: string): Promise<void> {
  try {
    take(name, await api.getDocument(name));
  } catch (problem) {
    patch(name, { error: asApiError(problem) });
  }
}

/** Somebody else's version arrives: my edits go on top of it, or it waits as a clash. */
function take(name: string, theirs: api.DocumentWire): void {
  const open = state().open[name] ?? closed;
  if (open.document?.revision === theirs.revision) {
    patch(name, { document: theirs, error: null });
    return;
  }
  if (!open.document || !isDirty(open)) {
    const fresh = { document: theirs, value: valueOf(theirs), error: null, past: [], future: [] };
    patch(name, { ...fresh, text: null, clash: null });
    return;
  }
  const merged =
    open.text === null
      ? merge(open.document.value, open.value ?? undefined, theirs.value)
      : { value: open.value, clashes: ['(text)'] };
  if (merged.clashes.length > 0 || !isObject(merged.value)) {
    patch(name, { clash: { theirs, paths: merged.clashes }, saving: false });
    return;
  }
  patch(name, { document: theirs, value: merged.value, clash: null, past: [], future: [] });
  schedule(name);
}

/** `mine` is written over the other editor's version, `theirs` drops what was edited here. */
export function settleClash(name: string, choice: 'mine' | 'theirs'): void {
  const open = state().open[name];
  if (!open?.clash) return;
  const { theirs, paths } = open.clash;
  if (choice === 'theirs') {
    const value = valueOf(theirs);
    patch(name, { document: theirs, value, text: null, clash: null, past: [], future: [] });
    return;
  }
  const text = paths.includes('(text)');
  const merged = text ? open.value : merge(open.document?.value, open.value ?? {}, theirs.value).value;
  patch(name, { document: theirs, value: isObject(merged) ? merged : open.value, clash: null });
  schedule(name, 0);
}

export interface SetOptions {
  /** Edits that follow each other with the same label are undone together: a word, a drag. */
  checkpoint?: string | undefined;
}

/** Edits a document: at once here, a moment later on the server. */
export function setDocument(name: string, next: JsonObject, { checkpoint = '' }: SetOptions = {}): void {
  const open = state().open[name];
  if (!open?.document || open.value === next) return;
  const last = open.past.at(-1);
  const now = Date.now();
  const goesOn =
    last && checkpoint && last.label === checkpoint && now - last.at < sameStepWithin && !open.future.length;
  const step = { value: goesOn ? last.value : (open.value ?? {}), label: checkpoint, at: now };
  const past = [...(goesOn ? open.past.slice(0, -1) : open.past), step].slice(-stepsKept);
  patch(name, { value: next, text: null, past, future: [], error: null });
  schedule(name);
}

/** Edits a document's YAML by hand. */
export function setText(name: string, text: string): void {
  const open = state().open[name];
  if (!open?.document || (open.text ?? open.document.text) === text) return;
  patch(name, { text, error: null });
  schedule(name);
}

function move(name: string, from: 'past' | 'future', to: 'past' | 'future'): void {
  const open = state().open[name];
  const step = open?.[from].at(-1);
  if (!open?.value || !step) return;
  patch(name, {
    value: step.value,
    text: null,
    [from]: open[from].slice(0, -1),
    [to]: [...open[to], { ...step, value: open.value }],
  });
  schedule(name);
}

export const undo = (name: string): void => move(name, 'past', 'future');
export const redo = (name: string): void => move(name, 'future', 'past');

/** Two documents that are edited as one (a flow and its layout) are edited this close together. */
const togetherWithin = 250;

function moveAmong(names: string[], from: 'past' | 'future', act: (name: string) => void): void {
  const steps = names.flatMap((name) => {
    const step = state().open[name]?.[from].at(-1);
    return step ? [{ name, at: step.at }] : [];
  });
  const times = steps.map(({ at }) => at);
  // What was done last is undone first; what was undone last, the earliest, is done again first.
  const next = from === 'past' ? Math.max(...times) : Math.min(...times);
  for (const { name, at } of steps) if (Math.abs(at - next) <= togetherWithin) act(name);
}

/** Undoes the last step of documents that are edited as one, such as a flow and its layout. */
export const undoAmong = (names: string[]): void => moveAmong(names, 'past', undo);
export const redoAmong = (names: string[]): void => moveAmong(names, 'future', redo);

/** Sends what was edited, of one document or of all; resolves when the server has it. */
export async function flush(name?: string): Promise<void> {
  const names = name === undefined ? Object.keys(state().open) : [name];
  await Promise.all(
    names.map((each) => {
      clearTimeout(timers.get(each));
      return inTurn(each, () => write(each));
    }),
  );
}

async function write(name: string): Promise<void> {
  const open = state().open[name];
  if (!open?.document || open.clash || !isDirty(open)) return;
  const { revision } = open.document;
  const { text, value } = open;
  patch(name, { saving: true });
  try {
    const body = text === null ? { revision, value: value as JsonValue } : { revision, text };
    accept(name, await api.writeDocument(name, body), open);
    tellReached(true);
  } catch (problem) {
    const error = asApiError(problem);
    patch(name, { saving: false });
    if (error.status === 409 && error.code === 'documentChanged') {
      await readAgain(name);
      return;
    }
    patch(name, { error });
    if (error.code !== 'offline') return;
    tellReached(false);
    schedule(name, retryAfter);
  }
}

/** The server has what was sent; what was edited since stays and goes next. */
function accept(name: string, answer: api.DocumentWire, sent: OpenDocument): void {
  const open = state().open[name] ?? closed;
  const change: Partial<OpenDocument> = { document: answer, saving: false, error: null };
  if (open.value === sent.value && open.text === sent.text) {
    const value = valueOf(answer);
    if (!equal(open.value, value)) change.value = value;
    if (sent.text !== null && sent.value && value && !equal(sent.value, value)) {
      change.past = [...open.past, { value: sent.value, label: 'text', at: 0 }].slice(-stepsKept);
      change.future = [];
    }
    change.text = null;
  }
  patch(name, change);
  setState(({ documents }) => ({
    documents: documents.map((entry) =>
      entry.name === name
        ? { ...entry, revision: answer.revision, changed: answer.changed, conflict: answer.conflict }
        : entry,
    ),
  }));
  if (isDirty(state().open[name] ?? closed)) schedule(name);
}

// What a component sees

export interface DocumentHandle<T> {
  /** As the server has it: text, revision, whether it differs from the file. */
  document: api.DocumentWire | null;
  /** null while it is loading, or where the text is no YAML. */
  value: T | null;
  problems: api.ProblemWire[];
  error: ApiError | null;
  set: (next: T | ((value: T) => T), options?: SetOptions) => void;
  undo: () => void;
  redo: () => void;
  canUndo: boolean;
  canRedo: boolean;
  saving: boolean;
}

/** A document of the draft, opened when first asked for. `name` as in `flows/calendar.yaml`. */
export function useDocument<T extends object = JsonObject>(name: string): DocumentHandle<T> {
  const open = useModel((model) => model.open[name]) ?? closed;
  const problems = useProblems(name);
  useEffect(() => {
    if (name) void openDocument(name);
  }, [name]);
  const set = useCallback(
    (next: T | ((value: T) => T), options?: SetOptions) => {
      const current = state().open[name]?.value;
      if (typeof next !== 'function') setDocument(name, next as JsonObject, options);
      else if (current) setDocument(name, next(current as T) as JsonObject, options);
    },
    [name],
  );
  return {
    document: open.document,
    value: open.value as T | null,
    problems,
    error: open.error,
    set,
    undo: useCallback(() => undo(name), [name]),
    redo: useCallback(() => redo(name), [name]),
    canUndo: open.past.length > 0,
    canRedo: open.future.length > 0,
    saving: open.saving || isDirty(open),
  };
}

/** The problems of one document. */
export function useProblems(name: string): api.ProblemWire[] {
  const problems = useModel((model) => model.problems);
  return useMemo(() => problems.filter(({ file }) => file === name), [problems, name]);
}

/** The documents of a kind. */
export function useDocuments(kind: Kind): api.DocumentEntry[] {
  const documents = useModel((model) => model.documents);
  return useMemo(() => documents.filter((entry) => entry.kind === kind), [documents, kind]);
}
