/**
 * What the nodes and edges on the canvas hear beside their data: problems, the way of a run,
 * breakpoints, what is searched for. Each subscribes to its own part, so that one change draws one node.
 */
import { createContext, useContext } from 'react';
import { createStore, type StoreApi, useStore } from 'zustand';
import type { ProblemWire } from '../api.gen';

export interface VisitMark {
  state: 'done' | 'failed' | 'paused' | 'running' | 'stopped';
  milliseconds: number | null;
  times: number;
  message: string | null;
}

export interface CanvasState {
  problems: ReadonlyMap<string, ProblemWire[]>;
  visits: ReadonlyMap<string, VisitMark>;
  /** Edges that the run took, by id; null where no run is shown. */
  taken: ReadonlySet<string> | null;
  breakpoints: ReadonlySet<string>;
  /** Nodes that a search found; null where nothing is searched. */
  hits: ReadonlySet<string> | null;
  hoveredEdge: string | null;
  readOnly: boolean;
}

/** Where a menu opens, in the window. */
export interface Spot {
  x: number;
  y: number;
}

export interface CanvasActions {
  /** The steps that make sense at an exit. */
  openNext: (from: string, exit: string, spot: Spot) => void;
  /** What to put between an exit and where it leads. */
  openInsert: (from: string, exit: string, spot: Spot) => void;
  removeEdge: (from: string, exit: string) => void;
  toggleBreakpoint: (name: string) => void;
  openNode: (name: string) => void;
}

export type CanvasStore = StoreApi<CanvasState>;

export function createCanvasStore(): CanvasStore {
  return createStore<CanvasState>(() => ({
    problems: new Map(),
    visits: new Map(),
    taken: null,
    breakpoints: new Set(),
    hits: null,
    hoveredEdge: null,
    readOnly: false,
  }));
}

interface CanvasContextValue {
  store: CanvasStore;
  actions: CanvasActions;
}

export const CanvasContext = createContext<CanvasContextValue | null>(null);

export function useCanvas(): CanvasContextValue {
  const value = useContext(CanvasContext);
  if (!value) throw new Error('useCanvas is for the inside of a canvas.');
  return value;
}

export function useCanvasState<T>(select: (state: CanvasState) => T): T {
  return useStore(useCanvas().store, select);
}
