/** The document that the screen in front edits, for the buttons of the top bar. */
import { useMemo } from 'react';
import { useLocation } from 'react-router';
import { useShallow } from 'zustand/react/shallow';
import { isDirty, redoAmong, undoAmong, useModel } from './documents';

/** The documents that the address edits as one: a flow comes with its layout. */
export function documentsOf(pathname: string): string[] {
  const [folder = '', name] = pathname.split('/').filter(Boolean);
  if (pathname === '/') return ['app.yaml'];
  if (folder === 'yaml') return [decodeURIComponent(pathname.slice('/yaml/'.length))];
  if (!name || !/^(flows|pages|lists|imports|profiles)$/.test(folder)) return [];
  const short = decodeURIComponent(name);
  return folder === 'flows' ? [`flows/${short}.yaml`, `layout/${short}.yaml`] : [`${folder}/${short}.yaml`];
}

export function useCurrentDocuments(): string[] {
  const { pathname } = useLocation();
  return useMemo(() => documentsOf(pathname), [pathname]);
}

/** Undo and redo of the screen in front. */
export function useUndo(): { canUndo: boolean; canRedo: boolean; undo: () => void; redo: () => void } {
  const names = useCurrentDocuments();
  const [canUndo, canRedo] = useModel(
    useShallow(({ open }) => [
      names.some((name) => open[name]?.past.length),
      names.some((name) => open[name]?.future.length),
    ]),
  );
  return { canUndo: !!canUndo, canRedo: !!canRedo, undo: () => undoAmong(names), redo: () => redoAmong(names) };
}

export type DraftState = 'offline' | 'failed' | 'conflict' | 'saving' | 'changed' | 'saved';

/** How far what was edited has come: to the draft, to the folder. */
export function useDraftState(): { state: DraftState; changed: number } {
  return useModel(
    useShallow((model) => {
      const { online, documents, removed } = model;
      const open = Object.values(model.open);
      const changed = documents.filter((entry) => entry.changed).length + removed.length;
      const dirty = open.some(isDirty);
      const state: DraftState =
        !online && dirty ? 'offline'
        : open.some(({ error, document }) => error && document && error.code !== 'offline') ? 'failed'
        : open.some(({ clash }) => clash) || documents.some(({ conflict }) => conflict) ? 'conflict'
        : dirty ? 'saving'
        : changed > 0 ? 'changed'
        : 'saved';
      return { state, changed };
    }),
  );
}
