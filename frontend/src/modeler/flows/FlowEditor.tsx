/** The flowchart editor: the canvas between the nodes to add and the properties of what is selected. */
import {
  Breadcrumb, BreadcrumbButton, BreadcrumbDivider, BreadcrumbItem, Button, makeStyles, MessageBar, MessageBarBody, OverlayDrawer,
  SearchBox, Spinner, Text, tokens, Toolbar, ToolbarButton, ToolbarDivider, Tooltip,
} from '@fluentui/react-components';
import {
  Add20Regular, Dismiss20Regular, Map20Regular, Organization20Regular, PanelRight20Regular, Search20Regular, ZoomFit20Regular, ZoomIn20Regular, ZoomOut20Regular,
} from '@fluentui/react-icons';
import { ReactFlowProvider } from '@xyflow/react';
import { Fragment, lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import type { ProblemWire } from '../api';
import { useProblems } from '../documents';
import { useTheme } from '../../theme';
import { useMedia } from '../../useMedia';
import { Canvas } from './Canvas';
import { type CanvasActions, CanvasContext, createCanvasStore } from './canvasState';
import { openErrors, useEditor } from './editor';
import { FlowPanel, ManyPanel } from './FlowPanel';
import { NodePanel } from './NodePanel';
import { PausedBar, RunPicker } from './RunBar';
import { SidePane } from './SidePane';
import { StepPicker } from './StepPicker';
import { matches } from './summary';
import { useFlowModel } from './useFlowModel';
import { useRun } from './useRun';
import { useShortcuts } from './useShortcuts';

const MappingDialog = lazy(() => import('../imports/MappingDialog'));

const useStyles = makeStyles({
  editor: { position: 'relative', display: 'flex', flexDirection: 'column', height: '100%', minHeight: 0, outlineStyle: 'none' },
  bar: {
    display: 'flex', alignItems: 'center', gap: '8px', minHeight: '44px', padding: '2px 8px 2px 16px', flexShrink: 0,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, overflowX: 'auto',
  },
  grow: { flexGrow: 1 },
  tools: { padding: 0, gap: '2px', flexShrink: 0 },
  runs: { minWidth: '170px', flexShrink: 0 },
  middle: { display: 'flex', flexGrow: 1, minHeight: 0 },
  canvas: { position: 'relative', flexGrow: 1, minWidth: 0, minHeight: 0 },
  zoom: {
    position: 'absolute', left: '12px', bottom: '12px', zIndex: 5, display: 'flex', gap: '2px', padding: '2px',
    borderRadius: tokens.borderRadiusLarge, backgroundColor: tokens.colorNeutralBackground1, boxShadow: tokens.shadow4,
  },
  panel: {
    display: 'flex', flexDirection: 'column', width: '340px', flexShrink: 0, minHeight: 0, borderLeft: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  sheet: { maxHeight: '75dvh', display: 'flex', flexDirection: 'column' },
  find: {
    position: 'absolute', top: '12px', right: '12px', zIndex: 6, display: 'flex', alignItems: 'center', gap: '8px', padding: '6px 6px 6px 10px',
    borderRadius: tokens.borderRadiusLarge, backgroundColor: tokens.colorNeutralBackground1, boxShadow: tokens.shadow16,
  },
  empty: { position: 'absolute', inset: 0, zIndex: 4, display: 'grid', placeContent: 'center', justifyItems: 'center', gap: '12px', pointerEvents: 'none', '& button': { pointerEvents: 'auto' } },
  message: { padding: '24px' },
});

function wayTo(flow: string, trail: string[], run: string | undefined): string {
  const query = new URLSearchParams(trail.map((from) => ['from', from]));
  if (run) query.set('run', run);
  return `/flows/${encodeURIComponent(flow)}${query.size > 0 ? `?${query.toString()}` : ''}`;
}

export function FlowEditor({ name, title }: { name: string; title: string }): React.JSX.Element {
  const styles = useStyles();
  const navigate = useNavigate();
  const [query, setQuery] = useSearchParams();
  // The flows that this one was opened from, as a sub-flow.
  const trail = query.getAll('from');
  const { dark } = useTheme();
  const phone = useMedia('(max-width: 640px)');
  const flowModel = useFlowModel(name);
  const problems = useProblems(`flows/${name}.yaml`);
  const editor = useEditor(name, flowModel);
  const [store] = useState(createCanvasStore);
  const run = useRun(name, store, query.get('run'));
  const { view, selection, select, picker, closePicker, mapping, closeMapping, commands } = editor;
  const [finding, setFinding] = useState(false);
  const [showMap, setShowMap] = useState(() => window.innerWidth > 900);
  // Until somebody chooses: beside a small canvas only while something is selected.
  const [panelChoice, setPanelOpen] = useState<boolean | null>(null);
  const wide = useMedia('(min-width: 1401px)');
  const panelOpen = panelChoice ?? (wide || selection.nodes.size > 0);
  const [renaming, setRenaming] = useState<string | null>(null);
  const [sheet, setSheet] = useState(false);
  const { model, described } = flowModel;

  const openNode = useCallback((each: string) => {
    const node = flowRef.current.model.flow.nodes[each];
    if (node?.type === 'subflow') openFlow.current(String(node.flow));
    else if (node?.type === 'page') void navigate(`/pages/${String(node.page)}`);
    else setPanelOpen(true);
  }, [navigate]);
  const flowRef = useRef(flowModel);
  flowRef.current = flowModel;
  /** Goes to a sub-flow, with the run that is shown, and a way back. */
  const openFlow = useRef((_: string): void => undefined);
  openFlow.current = (flow) => {
    void navigate(wayTo(flow, [...trail, name], run.trace?.id));
  };

  const { toggleBreakpoint } = run;
  const actions = useMemo<CanvasActions>(
    () => ({ openNext: commands.openNext, openInsert: commands.openInsert, removeEdge: commands.removeEdge, toggleBreakpoint, openNode }),
    [commands, toggleBreakpoint, openNode],
  );
  const context = useMemo(() => ({ store, actions }), [store, actions]);
  useEffect(() => store.setState({ readOnly: phone }), [phone, store]);
  useEffect(() => {
    const byNode = new Map<string, ProblemWire[]>();
    for (const problem of problems) if (problem.node) byNode.set(problem.node, [...(byNode.get(problem.node) ?? []), problem]);
    store.setState({ problems: byNode });
  }, [problems, store]);

  const only = selection.nodes.size === 1 ? [...selection.nodes][0]! : null;
  const ready = flowModel.status === 'ready';
  // A problem's address names the node it is about.
  const wanted = query.get('node');
  useEffect(() => {
    if (!ready || !wanted || !flowRef.current.described.has(wanted)) return;
    select([wanted]);
    setTimeout(() => commands.show(wanted), 100);
  }, [ready, wanted, select, commands]);

  // Where a run is held is shown with its values, each time it is held anew.
  const { held } = run;
  const heldAt = held && run.trace ? `${run.trace.id} ${held.index}` : null;
  const heldHere = held?.flow === name ? held.node : null;
  useEffect(() => {
    if (!ready || !heldAt || !heldHere) return;
    select([heldHere]);
    commands.reveal(heldHere);
    setPanelOpen(true);
  }, [ready, heldAt, heldHere, select, commands]);

  useShortcuts({
    commands, selection, readOnly: phone, select, openNode, toggleBreakpoint,
    rename: (each) => {
      select([each]);
      setPanelOpen(true);
      setRenaming(each);
    },
    find: () => setFinding(true),
    fit: () => void view.current?.fitView({ padding: 0.08, maxZoom: 1, duration: 250 }),
  });
  const onSelect = useCallback((nodes: ReadonlySet<string>, edge: string | null) => {
    select(nodes, edge);
    if (nodes.size === 1) setSheet(true);
  }, [select]);

  // The menu or field that closed had the keyboard: it goes to the node that is selected now.
  const picking = picker !== null || renaming !== null;
  useEffect(() => {
    if (picking) return undefined;
    const timer = setTimeout(() => {
      if (document.activeElement !== document.body || !only) return;
      document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(only)}"]`)?.focus({ preventScroll: true });
    }, 60);
    return () => clearTimeout(timer);
  }, [picking, only]);

  if (flowModel.status === 'failed' || flowModel.status === 'broken') {
    return (
      <div className={styles.message}>
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            {flowModel.error?.message} {flowModel.error?.hint}{' '}
            {flowModel.status === 'broken' && <Button size="small" onClick={() => void navigate(`/yaml/flows/${name}.yaml`)}>Mend the YAML</Button>}
          </MessageBarBody>
        </MessageBar>
      </div>
    );
  }
  if (!ready) return <Spinner className={styles.message} label="Opening the flow" />;

  const panel = only && described.has(only) ? (
    <NodePanel
      key={only}
      flow={name}
      name={only}
      node={model.flow.nodes[only]!}
      kind={flowModel.around.kinds.get(model.flow.nodes[only]!.type)}
      problems={problems.filter((problem) => problem.node === only)}
      onOpen={openNode}
      renaming={renaming === only}
      onRenaming={(on) => setRenaming(on ? only : null)}
      readOnly={phone}
      {...{ flowModel, commands, run, select }}
    />
  ) : selection.nodes.size > 1 ? (
    <ManyPanel count={selection.nodes.size} commands={commands} />
  ) : (
    <FlowPanel
      name={name}
      problems={problems}
      openErrors={openErrors(flowModel).length}
      onNode={(each) => {
        select([each]);
        commands.show(each);
      }}
      {...{ flowModel, commands }}
    />
  );
  return (
    <CanvasContext value={context}>
      <div className={styles.editor} data-flow-editor>
        <div className={styles.bar}>
          <Breadcrumb aria-label="Flows" size="small">
            <BreadcrumbItem><BreadcrumbButton onClick={() => void navigate('/flows')}>Flows</BreadcrumbButton></BreadcrumbItem>
            <BreadcrumbDivider />
            {trail.map((from, index) => (
              <Fragment key={index}>
                <BreadcrumbItem>
                  <BreadcrumbButton onClick={() => void navigate(wayTo(from, trail.slice(0, index), run.trace?.id))}>{flowModel.around.titles.get(`flows/${from}.yaml`) ?? from}</BreadcrumbButton>
                </BreadcrumbItem>
                <BreadcrumbDivider />
              </Fragment>
            ))}
            <BreadcrumbItem><BreadcrumbButton current><h1 className={heading}>{title}</h1></BreadcrumbButton></BreadcrumbItem>
          </Breadcrumb>
          <span className={styles.grow} />
          {run.traces.length > 0 && <RunPicker run={run} className={styles.runs} />}
          <Toolbar aria-label="Flowchart" className={styles.tools}>
            {!phone && <Tooltip content="Add a node (/)" relationship="label"><ToolbarButton icon={<Add20Regular />} onClick={commands.openQuickAdd} /></Tooltip>}
            <Tooltip content="Find a node (Ctrl+F)" relationship="label"><ToolbarButton icon={<Search20Regular />} onClick={() => setFinding(true)} /></Tooltip>
            {!phone && <Tooltip content="Arrange all nodes" relationship="label"><ToolbarButton icon={<Organization20Regular />} onClick={() => void commands.arrange()} /></Tooltip>}
            {!phone && <ToolbarDivider />}
            {!phone && <Tooltip content={panelOpen ? 'Hide the properties' : 'Show the properties'} relationship="label"><ToolbarButton icon={<PanelRight20Regular />} onClick={() => setPanelOpen(!panelOpen)} /></Tooltip>}
          </Toolbar>
        </div>
        <div className={styles.middle}>
          {!phone && (
            <SidePane
              flowModel={flowModel}
              selected={selection.nodes}
              readOnly={phone}
              onAdd={(kind) => commands.addKind(kind)}
              onNode={(each) => {
                select([each]);
                commands.show(each);
              }}
            />
          )}
          <div className={styles.canvas}>
            <ReactFlowProvider>
              <Canvas
                key={name}
                described={described}
                sizes={flowModel.sizes}
                layout={model.layout}
                start={model.flow.start}
                selected={selection.nodes}
                selectedEdge={selection.edge}
                dark={dark}
                readOnly={phone}
                showMap={showMap && !phone}
                store={store}
                onView={(instance) => {
                  view.current = instance;
                }}
                onSelect={onSelect}
                onMove={commands.move}
                onConnect={commands.connect}
                onReconnect={commands.reconnect}
                onConnectNowhere={(source, exit, at, spot) => commands.openNext(source, exit, spot, at)}
                onDropType={(type, at) => {
                  const kind = flowModel.around.kinds.get(type);
                  if (kind) commands.addKind(kind, at);
                }}
                onOpen={openNode}
              />
            </ReactFlowProvider>
            {described.size === 0 && (
              <div className={styles.empty}>
                <Text size={400} weight="semibold">Nothing happens here yet</Text>
                <Button appearance="primary" icon={<Add20Regular />} onClick={commands.openQuickAdd}>Add the first node</Button>
              </div>
            )}
            <div className={styles.zoom} role="group" aria-label="View">
              <Tooltip content="Zoom in" relationship="label"><Button appearance="subtle" size="small" icon={<ZoomIn20Regular />} onClick={() => void view.current?.zoomIn({ duration: 150 })} /></Tooltip>
              <Tooltip content="Zoom out" relationship="label"><Button appearance="subtle" size="small" icon={<ZoomOut20Regular />} onClick={() => void view.current?.zoomOut({ duration: 150 })} /></Tooltip>
              <Tooltip content="Show all (Ctrl+0)" relationship="label"><Button appearance="subtle" size="small" icon={<ZoomFit20Regular />} onClick={() => void view.current?.fitView({ padding: 0.08, maxZoom: 1, duration: 250 })} /></Tooltip>
              {!phone && <Tooltip content={showMap ? 'Hide the map' : 'Show the map'} relationship="label"><Button appearance="subtle" size="small" icon={<Map20Regular />} onClick={() => setShowMap(!showMap)} /></Tooltip>}
            </div>
            {finding && (
              <Finder
                find={(text) => {
                  const hits = text.trim() === '' ? null : Object.entries(model.flow.nodes).filter(([each, node]) => described.has(each) && matches(each, node, flowModel.around, text)).map(([each]) => each);
                  store.setState({ hits: hits && new Set(hits) });
                  return hits ?? [];
                }}
                onHit={(each) => {
                  select([each]);
                  commands.show(each);
                }}
                onClose={() => {
                  store.setState({ hits: null });
                  setFinding(false);
                }}
              />
            )}
            {held && (
              <PausedBar run={run} at={held.flow === name ? commands.titleOf(held.node) : held.node} {...(held.flow !== name && { onShow: () => openFlow.current(held.flow) })} />
            )}
          </div>
          {!phone && panelOpen && <aside className={styles.panel} aria-label="Properties">{panel}</aside>}
          {phone && (
            <OverlayDrawer position="bottom" open={sheet && only !== null} onOpenChange={(_, { open }) => setSheet(open)} aria-label="Properties">
              <div className={styles.sheet}>
                <Button appearance="subtle" icon={<Dismiss20Regular />} aria-label="Close" onClick={() => setSheet(false)} />
                {panel}
              </div>
            </OverlayDrawer>
          )}
        </div>
        {picker && <StepPicker key={picker.title} {...picker} onClose={closePicker} />}
        {mapping && (
          <Suspense fallback={null}>
            <MappingDialog
              example={null}
              {...(mapping.name && { name: mapping.name })}
              onClose={closeMapping}
              onDone={({ inferred }) => {
                closeMapping();
                commands.addImport(mapping.request, inferred, mapping.from, mapping.exit, mapping.at);
              }}
            />
          </Suspense>
        )}
        {wanted && selection.nodes.size === 0 && <Forget onDone={() => setQuery((now) => { now.delete('node'); return now; }, { replace: true })} />}
      </div>
    </CanvasContext>
  );
}

const heading = 'gw-heading';

/** Takes the node out of the address once it is not selected any more. */
function Forget({ onDone }: { onDone: () => void }): null {
  const latest = useRef(onDone);
  useEffect(() => {
    const timer = setTimeout(() => latest.current(), 600);
    return () => clearTimeout(timer);
  }, []);
  return null;
}

function Finder({ find, onHit, onClose }: { find: (text: string) => string[]; onHit: (name: string) => void; onClose: () => void }): React.JSX.Element {
  const styles = useStyles();
  const [text, setText] = useState('');
  const [hits, setHits] = useState<string[]>([]);
  const [index, setIndex] = useState(0);
  const go = (list: string[], next: number): void => {
    if (list.length === 0) return;
    const wrapped = (next + list.length) % list.length;
    setIndex(wrapped);
    onHit(list[wrapped]!);
  };
  return (
    <div className={styles.find} role="search">
      <SearchBox
        autoFocus
        size="small"
        placeholder="Find a node"
        aria-label="Find a node"
        value={text}
        onChange={(_, data) => {
          setText(data.value);
          const found = find(data.value);
          setHits(found);
          go(found, 0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') go(hits, index + (event.shiftKey ? -1 : 1));
          if (event.key === 'Escape') onClose();
        }}
      />
      <Text size={200} role="status">{text === '' ? '' : hits.length === 0 ? 'Nothing' : `${index + 1} of ${hits.length}`}</Text>
      <Button appearance="subtle" size="small" icon={<Dismiss20Regular />} aria-label="Close the search" onClick={onClose} />
    </div>
  );
}
