/**
 * The server's events (`GET /api/events`), for whoever wants to hear one. The browser reconnects by
 * itself; `connection` tells when it lost the server and when it is back, since events may be missed.
 */
import { useEffect, useRef } from 'react';
import type { JsonValue, ProblemWire } from './api';

export interface EventData {
  documents: { changed: { name: string; revision: string }[]; removed: string[]; by: string };
  problems: { problems: ProblemWire[] };
  trace: { id: string; status: string; nodes: number | JsonValue };
  try: { id: string };
  accounts: Record<string, never>;
  connection: { open: boolean };
}

export type EventKind = keyof EventData;
type Listener<Kind extends EventKind> = (data: EventData[Kind]) => void;

const listeners = new Map<EventKind, Set<Listener<never>>>();

function tell<Kind extends EventKind>(kind: Kind, data: EventData[Kind]): void {
  for (const listener of listeners.get(kind) ?? []) (listener as Listener<Kind>)(data);
}

/** Calls `listener` on every event of the kind until the returned function is called. */
export function onEvent<Kind extends EventKind>(kind: Kind, listener: Listener<Kind>): () => void {
  const known = listeners.get(kind) ?? new Set();
  listeners.set(kind, known.add(listener as Listener<never>));
  return () => void known.delete(listener as Listener<never>);
}

/** `onEvent` for as long as the component is shown. */
export function useEvent<Kind extends EventKind>(kind: Kind, listener: Listener<Kind>): void {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => onEvent(kind, (data) => latest.current(data)), [kind]);
}

/** A browser reconnects by itself, unless the server refused: then this does, as often. */
const againAfter = 5000;

/** Starts listening to the server; once, when the modeler starts. */
export function connectEvents(): void {
  const source = new EventSource('/api/events');
  source.onopen = () => tell('connection', { open: true });
  source.onerror = () => {
    tell('connection', { open: false });
    if (source.readyState === EventSource.CLOSED) setTimeout(connectEvents, againAfter);
  };
  for (const kind of ['documents', 'problems', 'trace', 'try', 'accounts'] as const) {
    source.addEventListener(kind, (event) => {
      tell(kind, JSON.parse((event as MessageEvent<string>).data));
    });
  }
}
