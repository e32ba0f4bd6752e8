/**
 * What can be done in the flow editor, by mouse, keyboard or menu alike: one function a command, over
 * the model, the selection and the menu that is open. Knows nothing of how it is drawn.
 */
import { useCallback, useMemo, useRef, useState } from 'react';
import type { Inferred, KindWire } from '../api';
import { useModel } from '../documents';
import { say, sayError } from '../toasts';
import {
  alignNodes, arrangeNodes, distributeNodes, exitOffset, freePlace, inOrder, nodeSize, placeBehind, type Side, type Size,
} from './arrange';
import type { CanvasView } from './Canvas';
import type { Spot } from './canvasState';
import { copyNodes, duplicate, paste, readClip } from './clipboard';
import { exitViews, onwardExit } from './exits';
import type { WayEdge } from './graph';
import {
  addNode, catchErrors, connect, disconnect, type Edited, insertOnEdge, type Layout, type Model, moveNodes, type NodeValue,
  nodesOf, type Position, reconnect, removeNodes, setStart,
} from './model';
import { boundRange, newImport, newRequest, type NextStep, nextSteps, profileFor, withRange } from './nextSteps';
import { lastTry, makeForm, makeImport, makePage, nameOfImport, rememberPage } from './serverSteps';
import { type Choice, choicesOfKinds } from './StepPicker';
import { nodeTitle } from './summary';
import type { FlowModel } from './useFlowModel';

export interface PickerState {
  title: string;
  spot: Spot;
  choices: Choice[];
}

export interface Selection {
  nodes: ReadonlySet<string>;
  edge: string | null;
}

/** An import that is made of an example which the person gives: it goes behind an exit. */
export interface Mapping {
  request: string;
  from: string;
  exit: string;
  name: string;
  at: Position | undefined;
}

const nothing: Selection = { nodes: new Set(), edge: null };

/** The value of a new node, filled in with what the flow knows. */
function initialOf(kind: KindWire, model: Model, from: string | null): NodeValue {
  const initial: NodeValue = { ...(kind.initial as Partial<NodeValue> | null), type: kind.type };
  if (kind.type === 'http_request') return { ...initial, ...newRequest(model.flow, from ?? '') };
  if (kind.type === 'authenticate' && !initial.profile) {
    const profiles = useModel.getState().documents.filter((entry) => entry.kind === 'profile');
    const first = profiles[0]?.name.replace(/^profiles\/|\.yaml$/g, '');
    return { ...initial, profile: profileFor(model.flow, from ?? '') ?? first ?? '' };
  }
  return initial;
}

const outside = new Set(['Microsoft 365', 'Data']);

/** Every error exit that leads nowhere, of nodes that reach outside the flow: those do fail. */
export function openErrors({ model, around }: FlowModel): { from: string; exit: string }[] {
  return nodesOf(model.flow).flatMap(([from, node]) =>
    outside.has(around.kinds.get(node.type)?.group ?? '') &&
    exitViews(node, around).some((exit) => exit.name === 'error' && exit.target === null) ? [{ from, exit: 'error' }] : [],
  );
}

export function useEditor(name: string, flowModel: FlowModel) {
  const [selection, setSelection] = useState<Selection>(nothing);
  const [picker, setPicker] = useState<PickerState | null>(null);
  const [mapping, setMapping] = useState<Mapping | null>(null);
  const view = useRef<CanvasView | null>(null);
  const latest = useRef({ flowModel, selection });
  latest.current = { flowModel, selection };

  const select = useCallback((names: Iterable<string>, edge: string | null = null) => {
    const nodes = new Set(names);
    setSelection((now) =>
      now.edge === edge && now.nodes.size === nodes.size && [...nodes].every((each) => now.nodes.has(each)) ? now : { nodes, edge },
    );
  }, []);

  const commands = useMemo(() => {
    const now = (): FlowModel => latest.current.flowModel;
    const chosen = (): string[] => [...latest.current.selection.nodes].filter((each) => each in now().model.flow.nodes);

    const sizeOf = (node: NodeValue): Size => nodeSize(exitViews(node, now().around));
    const commit = (edited: Edited): string | null => {
      now().apply(edited);
      if (edited.added.length > 0) select(edited.added);
      return edited.added[0] ?? null;
    };
    const center = (size: Size): Position => {
      const frame = document.querySelector('.react-flow')?.getBoundingClientRect();
      const middle = frame ? { x: frame.x + frame.width / 2, y: frame.y + frame.height / 2 } : { x: 0, y: 0 };
      const at = view.current?.screenToFlowPosition(middle) ?? { x: 0, y: 0 };
      return freePlace(now().model.layout, now().sizes, { x: at.x - size.width / 2, y: at.y - size.height / 2 }, size);
    };
    const behind = (from: string, exit: string, node: NodeValue): Position => {
      const { model, sizes, around } = now();
      const offset = exitOffset(exitViews(model.flow.nodes[from]!, around), exit);
      return placeBehind(model, sizes, from, offset, sizeOf(node));
    };
    const show = (each: string | null): void => {
      if (!each) return;
      requestAnimationFrame(() => {
        const at = now().model.layout[each];
        const size = now().sizes[each];
        if (at && size) void view.current?.setCenter(at.x + size.width / 2, at.y + size.height / 2, { zoom: Math.max(0.7, view.current.getZoom()), duration: 250 });
      });
    };

    /** Moves the view just so far that a node is seen: what is around it stays in sight. */
    const reveal = (each: string): void => {
      requestAnimationFrame(() => {
        const frame = document.querySelector('.react-flow')?.getBoundingClientRect();
        const [at, size, instance] = [now().model.layout[each], now().sizes[each], view.current];
        if (!frame || !at || !size || !instance) return;
        const { x, y, zoom } = instance.getViewport();
        // Room for the exits' buttons at the right.
        const [left, top] = [at.x * zoom + x, at.y * zoom + y];
        const [right, bottom] = [left + (size.width + 70) * zoom, top + size.height * zoom];
        const shift = (low: number, high: number, length: number): number => (low < 24 ? 24 - low : high > length - 24 ? Math.max(length - 24 - high, 24 - low) : 0);
        const [dx, dy] = [shift(left, right, frame.width), shift(top, bottom, frame.height)];
        if (dx || dy) void instance.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: 200 });
      });
    };

    /** Puts a node behind an exit: where the exit led, the new node goes on to. */
    const addBehind = (from: string, exit: string, wanted: string, node: NodeValue, at?: Position): string => {
      const { model, around } = now();
      const target = model.flow.nodes[from]?.exits?.[exit];
      const onward = target === undefined ? null : onwardExit(node, around);
      const edited = insertOnEdge(model, { from, exit }, wanted, node, onward, at ?? behind(from, exit, node));
      const moved = (node.outputs as { range_changed?: string } | undefined)?.range_changed ?? null;
      const ranged = withRange(edited, boundRange(node) ?? moved);
      return commit({ ...ranged, added: edited.added })!;
    };
    const addKind = (kind: KindWire, at?: Position): void => {
      const { model, around } = now();
      const only = chosen().length === 1 ? chosen()[0]! : null;
      const node = initialOf(kind, model, only);
      const exit = only && kind.type !== 'note'
        ? exitViews(model.flow.nodes[only]!, around).find((each) => each.tone === 'normal' && each.target === null)?.name
        : undefined;
      if (only && exit && !at) reveal(addBehind(only, exit, kind.type, node));
      else commit(addNode(model, kind.type, node, at ?? center(sizeOf(node))));
    };

    const importResponse = async (from: string, exit: string, request: string, at?: Position): Promise<void> => {
      const last = await lastTry(name, request);
      const value = now().model.flow.nodes[request];
      if (!value) return;
      if (!last?.example) {
        setMapping({ request, from, exit, at, name: await nameOfImport(value) });
        return;
      }
      const made = await makeImport(value, last.example);
      reveal(addBehind(from, exit, made.name, made.node, at));
    };
    /** A mapping was made of an answer: its import goes behind the request, unless one is there. */
    const addImport = (request: string, { name: importName, page, within }: Inferred, from = request, exit = 'default', at?: Position): void => {
      const { flow } = now().model;
      const value = flow.nodes[request];
      if (!value) return;
      rememberPage(importName, page.value);
      const node = newImport(value, importName, within);
      const there = nodesOf(flow).find(([, each]) => each.type === 'import_data' && each.import === importName && each.from === node.from);
      if (there) select([there[0]]);
      else reveal(addBehind(from, exit, `import_${importName}`, node, at));
    };
    const showPage = async (from: string, exit: string, list: string, request: string | null, at?: Position): Promise<void> => {
      const made = await makePage(list, request);
      reveal(addBehind(from, exit, made.name, made.node, at));
    };
    const addForm = async (from: string, exit: string, at?: Position): Promise<void> => {
      const page = now().around.values.get(`pages/${String(now().model.flow.nodes[from]?.page)}.yaml`) as { list?: string } | undefined;
      const list = page?.list ?? useModel.getState().documents.find((entry) => entry.kind === 'list')?.name.replace(/^lists\/|\.yaml$/g, '');
      if (!list) {
        say('A form needs a list', { intent: 'info', body: 'Its fields say what can be typed. Make a list first.' });
        return;
      }
      const made = await makeForm(list, exit);
      reveal(addBehind(from, exit, made.name, made.node, at));
    };
    const take = (step: NextStep, from: string, exit: string, at?: Position): void => {
      const { does } = step;
      if (does.kind === 'add') reveal(addBehind(from, exit, does.name, does.node, at));
      else if (does.kind === 'lead') now().apply(connect(now().model, from, exit, does.to));
      else if (does.kind === 'import') void importResponse(from, exit, does.request, at).catch(sayError);
      else if (does.kind === 'show') void showPage(from, exit, does.list, does.request, at).catch(sayError);
      else if (does.kind === 'page') void addForm(from, exit, at).catch(sayError);
      else catchAll(from);
    };
    const catchAll = (from?: string): void => {
      const { model } = now();
      const node: NodeValue = { type: 'end', tone: 'error' };
      const at = from ? behind(from, 'error', node) : center(sizeOf(node));
      commit(catchErrors(model, openErrors(now()), at));
    };

    const leadChoices = (from: string, exit: string): Choice[] =>
      inOrder(now().model.flow).filter((each) => each !== from).map((to) => {
        const data = now().described.get(to)!;
        return {
          id: `to:${to}`, section: 'Lead to a node that is there', title: data.title, summary: data.summary, type: data.type, group: data.group,
          act: () => now().apply(connect(now().model, from, exit, to)),
        };
      });
    const kinds = (): KindWire[] =>
      [...now().around.kinds.values()].filter((kind) => kind.type !== 'note' && (kind.type !== 'page' || now().model.flow.kind === 'regular'));

    const openNext = (from: string, exit: string, spot: Spot, at?: Position): void => {
      const { model, around, described } = now();
      const label = described.get(from)?.exits.find((each) => each.name === exit)?.label ?? exit;
      const steps = nextSteps(model.flow, from, exit, around, openErrors(now()).length).map((step): Choice => ({
        ...step, section: 'Suggested', group: around.kinds.get(step.type)?.group ?? '', act: () => take(step, from, exit, at),
      }));
      const suggested = new Set(steps.map((step) => step.title));
      const others = choicesOfKinds(kinds().filter((kind) => !suggested.has(kind.title)), (kind) => reveal(addBehind(from, exit, kind.type, initialOf(kind, now().model, from), at)));
      const title = exit === 'default' ? 'What comes next?' : `What comes after “${label}”?`;
      setPicker({ title, spot, choices: [...steps, ...bySection(others), ...leadChoices(from, exit)] });
    };
    const openInsert = (from: string, exit: string, spot: Spot): void => {
      const choices = choicesOfKinds(kinds().filter((kind) => kind.type !== 'end'), (kind) => {
        const { model, sizes } = now();
        const node = initialOf(kind, model, from);
        const target = model.flow.nodes[from]?.exits?.[exit];
        const [a, b] = [model.layout[from], target ? model.layout[target] : undefined];
        const size = sizeOf(node);
        const between = a && b && b.x - a.x > size.width * 2 ? { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } : null;
        addBehind(from, exit, kind.type, node, between ? freePlace(model.layout, sizes, between, size) : undefined);
      });
      setPicker({ title: 'Insert a node', spot, choices: bySection(choices) });
    };
    const openQuickAdd = (): void => {
      const frame = document.querySelector('.react-flow')?.getBoundingClientRect();
      const spot = { x: (frame?.x ?? 0) + (frame?.width ?? 600) / 2 - 170, y: (frame?.y ?? 0) + 90 };
      setPicker({ title: 'Add a node', spot, choices: bySection(choicesOfKinds([...now().around.kinds.values()].filter((kind) => kind.type !== 'page' || now().model.flow.kind === 'regular'), (kind) => addKind(kind))) });
    };
    /** First which exit, then where to. */
    const openConnect = (from: string, spot: Spot): void => {
      const data = now().described.get(from);
      if (!data || data.exits.length === 0) return;
      const choices = data.exits.map((exit): Choice => ({
        id: exit.name, section: 'Which exit?', title: exit.label, type: data.type, group: data.group,
        summary: exit.target ? `Leads to ${now().described.get(exit.target)?.title ?? exit.target}` : 'Leads nowhere yet',
        act: () => openNext(from, exit.name, spot),
      }));
      setPicker({ title: `Connect an exit of “${data.title}”`, spot, choices });
    };

    const remove = (): void => {
      const { edge } = latest.current.selection;
      const names = chosen();
      if (names.length > 0) {
        now().apply(removeNodes(now().model, names));
        select([]);
      } else if (edge) {
        const [from, exit] = edge.split(':') as [string, string];
        removeEdge(from, exit);
      }
    };
    const removeEdge = (from: string, exit: string): void => {
      now().apply(disconnect(now().model, from, exit));
      select([]);
    };
    const copy = async (): Promise<boolean> => {
      if (chosen().length === 0) return false;
      const text = copyNodes(now().model, chosen());
      copied = text;
      await navigator.clipboard?.writeText(text).catch(() => undefined);
      return true;
    };
    const pasteText = (text: string): boolean => {
      const clip = readClip(text);
      if (!clip) return false;
      const here = Object.keys(clip.nodes).every((each) => each in now().model.flow.nodes);
      commit(paste(now().model, clip, here ? null : center({ width: 0, height: 0 })));
      return true;
    };

    return {
      addKind,
      addImport,
      openNext,
      openInsert,
      openQuickAdd,
      openConnect,
      remove,
      removeEdge,
      copy,
      pasteText,
      pasteCopied: () => (copied ? pasteText(copied) : false),
      cut: async () => {
        if (await copy()) remove();
      },
      duplicate: () => commit(duplicate(now().model, chosen())),
      connect: (from: string, exit: string, to: string) => now().apply(connect(now().model, from, exit, to)),
      reconnect: (old: WayEdge, next: { from: string; exit: string; to: string }) =>
        now().apply(reconnect(now().model, { from: old.source, exit: old.sourceHandle ?? 'default' }, next)),
      move: (positions: Layout, checkpoint: string) => now().apply(moveNodes(now().model, positions), checkpoint),
      setStart: (each: string) => now().apply(setStart(now().model, each)),
      align: (side: Side) => now().apply(moveNodes(now().model, alignNodes(now().model.layout, now().sizes, chosen(), side))),
      distribute: (axis: 'x' | 'y') => now().apply(moveNodes(now().model, distributeNodes(now().model.layout, now().sizes, chosen(), axis))),
      arrange: async () => {
        const { model, sizes } = now();
        now().apply(moveNodes(model, await arrangeNodes(model.flow, sizes)));
        requestAnimationFrame(() => void view.current?.fitView({ padding: 0.08, maxZoom: 1, duration: 250 }));
      },
      catchAll: () => catchAll(),
      selectAll: () => select(nodesOf(now().model.flow).map(([each]) => each)),
      /** Moves the selection along the exits. */
      walk: (way: 'forward' | 'back') => {
        const { flow } = now().model;
        const from = chosen()[0];
        const to = !from
          ? flow.start
          : way === 'forward'
            ? Object.values(flow.nodes[from]?.exits ?? {}).find((each) => each in flow.nodes)
            : nodesOf(flow).find(([, node]) => Object.values(node.exits ?? {}).includes(from))?.[0];
        if (!to) return;
        select([to]);
        show(to);
      },
      show,
      reveal: (each: string) => reveal(each),
      titleOf: (each: string) => nodeTitle(each, now().model.flow.nodes[each] ?? { type: '' }),
    };
  }, [name, select]);

  return { view, selection, select, picker, closePicker: useCallback(() => setPicker(null), []), mapping, closeMapping: () => setMapping(null), commands };
}

/** What was copied last in this window: browsers may refuse the clipboard. */
let copied = '';

function bySection(choices: Choice[]): Choice[] {
  const order = ['Microsoft 365', 'Data', 'User', 'Flow'];
  const rank = (section: string): number => (order.indexOf(section) + 1 || 9);
  return [...choices].sort((a, b) => rank(a.section) - rank(b.section));
}

export type Editor = ReturnType<typeof useEditor>;
export type Commands = Editor['commands'];
