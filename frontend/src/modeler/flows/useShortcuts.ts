/** The keys of the flow editor. In a text field they are the field's own. */
import { useEffect, useRef } from 'react';
import type { Commands, Selection } from './editor';

interface Keys {
  commands: Commands;
  selection: Selection;
  readOnly: boolean;
  select: (names: Iterable<string>) => void;
  openNode: (name: string) => void;
  toggleBreakpoint: (name: string) => void;
  rename: (name: string) => void;
  find: () => void;
  fit: () => void;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && !!target.closest('input, textarea, select, [contenteditable="true"], [role="dialog"], [role="menu"], [role="listbox"]');
}

function spotOf(name: string): { x: number; y: number } {
  const box = document.querySelector(`.react-flow__node[data-id="${CSS.escape(name)}"]`)?.getBoundingClientRect();
  return { x: (box?.right ?? 200) + 8, y: box?.top ?? 200 };
}

/** Whether a key is for the editor: from inside it, or from nowhere, as after a click on the empty canvas. */
function isMine(target: EventTarget | null): boolean {
  return target === document.body || (target instanceof Element && target.closest('[data-flow-editor]') !== null);
}

/** Hears the keys and the clipboard while the editor is shown. */
export function useShortcuts(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const pasted = (event: ClipboardEvent): void => {
      const { readOnly, commands } = latest.current;
      if (readOnly || isTyping(event.target) || !isMine(event.target)) return;
      if (commands.pasteText(event.clipboardData?.getData('text/plain') ?? '') || commands.pasteCopied()) event.preventDefault();
    };
    const pressed = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || isTyping(event.target)) return;
      if (isMine(event.target) && act(event, latest.current)) event.preventDefault();
    };
    window.addEventListener('paste', pasted);
    // Before the canvas selects the node that Enter was pressed on: a second Enter opens it.
    window.addEventListener('keydown', pressed, true);
    return () => {
      window.removeEventListener('paste', pasted);
      window.removeEventListener('keydown', pressed, true);
    };
  }, []);
}

/** The node the keyboard is on, where none is selected yet. */
function focused(event: KeyboardEvent): string | null {
  return event.target instanceof HTMLElement ? (event.target.closest<HTMLElement>('.react-flow__node')?.dataset.id ?? null) : null;
}

function act(event: KeyboardEvent, keys: Keys): boolean {
  const { commands, selection, readOnly, select } = keys;
  const only = selection.nodes.size === 1 ? [...selection.nodes][0]! : selection.nodes.size === 0 ? focused(event) : null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const onControl = event.target instanceof HTMLElement && event.target.closest('button, a') !== null;
  if (event.ctrlKey || event.metaKey) {
    if (key === 'f') return run(keys.find);
    if (key === '0') return run(keys.fit);
    if (key === 'a') return run(commands.selectAll);
    if (key === 'c') return run(() => void commands.copy());
    if (readOnly) return false;
    if (key === 'x') return run(() => void commands.cut());
    if (key === 'd') return run(commands.duplicate);
    return false;
  }
  if (key === 'Escape') return run(() => select([]));
  if (event.altKey && key === 'ArrowRight') return run(() => commands.walk('forward'));
  if (event.altKey && key === 'ArrowLeft') return run(() => commands.walk('back'));
  if (key === 'Enter' && only && !onControl) {
    if (selection.nodes.has(only)) return run(() => keys.openNode(only));
    return run(() => select([only]));
  }
  if (key === 'F9' && only) return run(() => keys.toggleBreakpoint(only));
  if (readOnly) return false;
  if (key === 'F2' && only) return run(() => keys.rename(only));
  if ((key === 'Delete' || key === 'Backspace') && !onControl) return run(commands.remove);
  if (key === '/') return run(commands.openQuickAdd);
  if (key === 'c' && only) return run(() => commands.openConnect(only, spotOf(only)));
  return false;
}

function run(command: () => unknown): true {
  command();
  return true;
}
