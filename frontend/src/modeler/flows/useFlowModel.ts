/**
 * A flow and its layout as the canvas sees them: two documents of the draft, edited and undone as one,
 * with the documents around them (pages, imports, sub-flows) that say which exits and words a node has.
 */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { JsonValue } from '../../api';
import { createDocument } from '../actions';
import { sayError } from '../toasts';
import { openDocument, setDocument, useDocument, useModel } from '../documents';
import { arrangeNodes, placeMissing, type Sizes } from './arrange';
import type { Surroundings } from './exits';
import { describeNodes, sizesOf, type StepData } from './graph';
import { type FlowValue, type Layout, type Model, nodesOf, readFlow, readLayout, tidyLayout } from './model';

export interface FlowModel {
  status: 'loading' | 'ready' | 'broken' | 'failed';
  error: { message: string; hint?: string } | null;
  model: Model;
  around: Surroundings;
  described: ReadonlyMap<string, StepData>;
  sizes: Sizes;
  /** Sets the model; edits with one label that follow each other are undone together. */
  apply: (next: Model, checkpoint?: string) => void;
}

const noFlow: FlowValue = { kind: 'regular', start: '', nodes: {} };

function useSurroundings(flow: FlowValue): Surroundings {
  const catalogue = useModel((model) => model.catalogue);
  const documents = useModel((model) => model.documents);
  const wanted = useMemo(() => {
    const known = new Set(documents.map(({ name }) => name));
    const names = nodesOf(flow).flatMap(([, node]) => {
      if (node.type === 'page') return [`pages/${String(node.page)}.yaml`];
      if (node.type === 'import_data') return [`imports/${String(node.import)}.yaml`];
      return node.type === 'subflow' ? [`flows/${String(node.flow)}.yaml`] : [];
    });
    return [...new Set(names)].filter((name) => known.has(name)).sort();
  }, [flow, documents]);
  const key = wanted.join('\n');
  useEffect(() => {
    for (const name of key.split('\n')) if (name) void openDocument(name);
  }, [key]);
  const values = useModel(useShallow((model) => wanted.map((name) => model.open[name]?.value ?? null)));
  return useMemo(
    () => ({
      kinds: new Map((catalogue?.nodes ?? []).map((kind) => [kind.type, kind])),
      pageKinds: new Map((catalogue?.pages ?? []).map((kind) => [kind.type, kind])),
      titles: new Map(documents.map(({ name, title }) => [name, title])),
      values: new Map(wanted.flatMap((name, index): [string, JsonValue][] => {
        const value = values[index];
        return value ? [[name, value as JsonValue]] : [];
      })),
    }),
    [catalogue, documents, wanted, values],
  );
}

/** Positions of every node: those of the file, else automatic ones, which are not written. */
function usePositions(flow: FlowValue, stored: Layout | null, sizes: Sizes): Layout | null {
  const [automatic, setAutomatic] = useState<Layout | null>(null);
  const names = nodesOf(flow).map(([name]) => name).join('\n');
  const empty = stored !== null && !nodesOf(flow).some(([name]) => stored[name]);
  useEffect(() => {
    if (!empty || names === '') return undefined;
    let current = true;
    void arrangeNodes(flow, sizes).then((layout) => {
      if (current) setAutomatic(layout);
    });
    return () => {
      current = false;
    };
    // Arranged once for a set of nodes: an edit of one must not move the others.
  }, [empty, names]);
  return useMemo(() => {
    if (stored === null) return null;
    if (empty && names !== '' && !automatic) return null;
    return placeMissing({ flow, layout: empty ? (automatic ?? {}) : stored }, sizes);
  }, [flow, stored, sizes, empty, automatic, names]);
}

export function useFlowModel(name: string): FlowModel {
  const flowName = `flows/${name}.yaml`;
  const layoutName = `layout/${name}.yaml`;
  const flowDocument = useDocument<FlowValue>(flowName);
  const hasLayout = useModel((model) => model.documents.some((entry) => entry.name === layoutName));
  const layoutDocument = useDocument<{ [node: string]: JsonValue }>(hasLayout ? layoutName : '');

  const flow = useMemo(() => readFlow(flowDocument.value), [flowDocument.value]);
  const around = useSurroundings(flow ?? noFlow);
  const described = useMemo(() => describeNodes(flow ?? noFlow, around), [flow, around]);
  const sizes = useMemo(() => sizesOf(flow ?? noFlow, described), [flow, described]);
  const loaded = !hasLayout || layoutDocument.value !== null || layoutDocument.document !== null || layoutDocument.error !== null;
  // Until the first layout file of this flow is there.
  const [fresh, setFresh] = useState<Layout>({});
  const stored = useMemo(
    () => (layoutDocument.value ? readLayout(layoutDocument.value) : loaded || Object.keys(fresh).length > 0 ? fresh : null),
    [loaded, fresh, layoutDocument.value],
  );
  const positions = usePositions(flow ?? noFlow, stored, sizes);
  const model = useMemo<Model>(() => ({ flow: flow ?? noFlow, layout: positions ?? {} }), [flow, positions]);

  const latest = useRef({ model, flowDocument, layoutDocument });
  latest.current = { model, flowDocument, layoutDocument };

  const creating = useRef<Promise<void> | null>(null);
  const apply = useCallback(
    (next: Model, checkpoint?: string) => {
      const now = latest.current;
      const options = checkpoint ? { checkpoint } : {};
      if (next.flow !== now.model.flow) now.flowDocument.set(next.flow, options);
      if (next.layout === now.model.layout) return;
      const layout = tidyLayout(next);
      const value = layout as unknown as { [node: string]: JsonValue };
      if (now.layoutDocument.value) now.layoutDocument.set(value, options);
      else {
        setFresh(layout);
        // Made once; what is moved until it is open goes into it then.
        creating.current = creating.current
          ? creating.current.then(() => setDocument(layoutName, value))
          : createDocument(layoutName, value);
        void creating.current.catch(sayError);
      }
    },
    [layoutName],
  );
  const broken = flowDocument.document !== null && flow === null;
  const failed = flowDocument.error !== null && flowDocument.document === null;
  return {
    status: failed ? 'failed' : broken ? 'broken' : flow === null || positions === null ? 'loading' : 'ready',
    error: flowDocument.error ?? (broken ? { message: flowDocument.document?.broken?.message ?? 'The text of this flow is no flowchart.' } : null),
    model,
    around,
    described,
    sizes,
    apply,
  };
}

