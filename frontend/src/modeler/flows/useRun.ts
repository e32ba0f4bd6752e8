/** Runs of the draft on the canvas: which one is shown, the way it took, breakpoints, going on. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import * as api from '../api';
import { flush } from '../documents';
import { useEvent } from '../events';
import { say, sayError } from '../toasts';
import type { CanvasStore, VisitMark } from './canvasState';
import { edgeId } from './graph';

export interface Run {
  traces: api.TraceEntry[];
  trace: api.TraceWire | null;
  /** The visit that the run shown is held before; null: it is not held. */
  held: api.VisitWire | null;
  /** Shows a run; null: none. */
  show: (id: string | null) => void;
  resume: (how: api.Resume['how']) => void;
  again: (visit: api.VisitWire, confirmed: boolean) => Promise<void>;
  breakpoints: ReadonlySet<string>;
  toggleBreakpoint: (node: string) => void;
}

function stateOf(visit: api.VisitWire, trace: api.TraceWire): VisitMark['state'] {
  if (visit.exit === 'stopped') return 'stopped';
  if (visit.error) return 'failed';
  if (visit.exit !== null || trace.status === 'done') return 'done';
  return trace.status === 'running' ? 'running' : 'paused';
}

/** What the way of a run says of each node of a flow. */
export function marksOf(trace: api.TraceWire, flow: string): { visits: Map<string, VisitMark>; taken: Set<string> } {
  const visits = new Map<string, VisitMark>();
  const taken = new Set<string>();
  for (const visit of trace.visits) {
    if (visit.flow !== flow) continue;
    const before = visits.get(visit.node);
    const error = visit.error as { message?: unknown } | null;
    visits.set(visit.node, {
      state: stateOf(visit, trace),
      milliseconds: visit.milliseconds,
      times: (before?.times ?? 0) + 1,
      message: error && typeof error.message === 'string' ? error.message : null,
    });
    if (visit.exit !== null) taken.add(edgeId(visit.node, visit.exit));
  }
  return { visits, taken };
}

/** `wanted`: id of a run to begin with, as of the flow that this one is a sub-flow of. */
export function useRun(flow: string, store: CanvasStore, wanted: string | null): Run {
  const [traces, setTraces] = useState<api.TraceEntry[]>([]);
  const [trace, setTrace] = useState<api.TraceWire | null>(null);
  const [breakpoints, setBreakpoints] = useState<api.Breakpoints['nodes']>({});
  const shown = useRef<string | null>(null);

  const load = useCallback(async (id: string) => {
    const next = await api.getTrace(id);
    if (shown.current === id) setTrace(next);
  }, []);
  const show = useCallback((id: string | null) => {
    shown.current = id;
    setTrace((now) => (now?.id === id ? now : null));
    if (id !== null) void load(id).catch(sayError);
  }, [load]);

  useEffect(() => {
    show(wanted);
    let current = true;
    // Without the runner the canvas still draws: what fails here is told when a run is asked for.
    void Promise.all([api.getTraces(), api.getBreakpoints()]).then(([known, points]) => {
      if (!current) return;
      setTraces(known.traces.filter((each) => each.flow === flow || each.id === wanted));
      setBreakpoints(points.nodes);
    }).catch(() => undefined);
    return () => {
      current = false;
    };
  }, [flow, wanted, show]);
  useEvent('trace', ({ id }) => {
    void (async () => {
      const known = traces.some((each) => each.id === id);
      if (!known) {
        const { traces: all } = await api.getTraces();
        const mine = all.filter((each) => each.flow === flow || each.id === wanted);
        setTraces(mine);
        // A run of this flow that begins now is followed.
        if (!mine.some((each) => each.id === id)) return;
        shown.current = id;
      }
      if (shown.current === id) await load(id);
    })().catch(sayError);
  });

  useEffect(() => {
    if (trace) store.setState(marksOf(trace, flow));
    else store.setState({ visits: new Map(), taken: null });
  }, [trace, flow, store]);
  const mine = useMemo(() => new Set(breakpoints[flow] ?? []), [breakpoints, flow]);
  useEffect(() => store.setState({ breakpoints: mine }), [mine, store]);

  const toggleBreakpoint = useCallback((node: string) => {
    setBreakpoints((now) => {
      const nodes = now[flow] ?? [];
      const next = { ...now, [flow]: nodes.includes(node) ? nodes.filter((each) => each !== node) : [...nodes, node] };
      void flush().then(() => api.setBreakpoints({ nodes: next })).catch(sayError);
      return next;
    });
  }, [flow]);
  return {
    traces,
    trace,
    held: trace?.status === 'paused' ? (trace.visits.at(-1) ?? null) : null,
    show,
    resume: (how) => {
      if (trace) void api.resume(trace.id, how).then(() => load(trace.id)).catch(sayError);
    },
    again: async (visit, confirmed) => {
      if (!trace) return;
      await flush();
      const result = await api.visitAgain(trace.id, visit.index, confirmed);
      const error = result.error as { message?: string } | null;
      say(error ? 'It failed again' : `Went on at “${result.visits[0]?.exit ?? 'nothing'}”`, {
        intent: error ? 'error' : 'success', body: error?.message ?? 'The node ran with the recorded input.',
      });
    },
    breakpoints: mine,
    toggleBreakpoint,
  };
}
