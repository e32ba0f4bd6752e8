/**
 * The drawing itself. While something is dragged its positions live here alone; the model hears of
 * them once, when it is let go. Knows nothing of documents.
 */
import '@xyflow/react/dist/base.css';
import './canvas.css';
import { makeStyles, tokens } from '@fluentui/react-components';
import {
  applyEdgeChanges, applyNodeChanges, Background, type Connection, type EdgeChange, MiniMap, type NodeChange,
  type OnConnectEnd, ReactFlow, type ReactFlowInstance, SelectionMode,
} from '@xyflow/react';
import { memo, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { grid, type Sizes } from './arrange';
import type { CanvasStore, Spot } from './canvasState';
import { draggedType } from './dragged';
import { FlowEdge } from './FlowEdge';
import { FlowNode, NoteNode } from './FlowNode';
import { canvasEdges, canvasNodes, type StepData, type StepNode, type WayEdge } from './graph';
import { groupColors } from './kindIcons';
import type { Layout, Position } from './model';

export type CanvasView = ReactFlowInstance<StepNode, WayEdge>;

interface CanvasProps {
  described: ReadonlyMap<string, StepData>;
  sizes: Sizes;
  layout: Layout;
  start: string;
  selected: ReadonlySet<string>;
  selectedEdge: string | null;
  dark: boolean;
  readOnly: boolean;
  showMap: boolean;
  store: CanvasStore;
  onView: (view: CanvasView) => void;
  onSelect: (nodes: ReadonlySet<string>, edge: string | null) => void;
  onMove: (positions: Layout, checkpoint: string) => void;
  onConnect: (from: string, exit: string, to: string) => void;
  onReconnect: (old: WayEdge, now: { from: string; exit: string; to: string }) => void;
  onConnectNowhere: (from: string, exit: string, at: Position, spot: Spot) => void;
  onDropType: (type: string, at: Position) => void;
  onOpen: (name: string) => void;
}

const nodeTypes = { step: FlowNode, note: NoteNode };
const edgeTypes = { way: FlowEdge };
const useStyles = makeStyles({
  map: { borderRadius: '8px', overflow: 'hidden', border: `1px solid ${tokens.colorNeutralStroke2}`, boxShadow: tokens.shadow4 },
});

/** Whether the whole flow can be read when it is fitted; else its start is shown. */
const legible = 0.42;

function showAll(view: CanvasView, start: string): void {
  void view.fitView({ padding: 0.08, maxZoom: 1, minZoom: legible }).then(() => {
    const bounds = view.getNodesBounds(view.getNodes());
    const frame = document.querySelector('.react-flow')?.getBoundingClientRect();
    const node = view.getNode(start);
    if (!frame || !node || (bounds.width * legible <= frame.width && bounds.height * legible <= frame.height)) return;
    const zoom = 0.75;
    void view.setViewport({ x: 40 - node.position.x * zoom, y: frame.height / 2 - node.position.y * zoom - 60, zoom });
  });
}

function colorOf(node: StepNode): string {
  return node.type === 'note' ? '#e5d58a' : (groupColors[node.data.group] ?? '#5c6470');
}

export const Canvas = memo(function Canvas(props: CanvasProps): React.JSX.Element {
  const { described, sizes, layout, selected, selectedEdge, dark, readOnly, showMap, store } = props;
  const styles = useStyles();
  const latest = useRef(props);
  latest.current = props;
  const view = useRef<CanvasView | null>(null);
  const dragging = useRef(0);
  const [moving, setMoving] = useState(false);
  const [nodes, setNodes] = useState<StepNode[]>(() => canvasNodes(described, sizes, layout, selected, []));
  const [edges, setEdges] = useState<WayEdge[]>(() => canvasEdges(described, sizes, layout, []));

  useEffect(() => setNodes((previous) => canvasNodes(described, sizes, layout, selected, previous)), [described, sizes, layout, selected]);
  useEffect(() => setEdges((previous) => canvasEdges(described, sizes, layout, previous)), [described, sizes, layout]);
  useEffect(
    () =>
      setEdges((previous) =>
        previous.some((edge) => (edge.selected ?? false) !== (edge.id === selectedEdge))
          ? previous.map((edge) => ((edge.selected ?? false) === (edge.id === selectedEdge) ? edge : { ...edge, selected: edge.id === selectedEdge }))
          : previous,
      ),
    [selectedEdge, edges],
  );

  const onNodesChange = useCallback((changes: NodeChange<StepNode>[]) => {
    const now = latest.current;
    const choices = changes.filter((change) => change.type === 'select');
    if (choices.length > 0) {
      const next = new Set(now.selected);
      for (const { id, selected: on } of choices) if (on) next.add(id); else next.delete(id);
      now.onSelect(next, null);
    }
    setNodes((previous) => applyNodeChanges(changes, previous));
    const settled = changes.filter((change) => change.type === 'position' && change.dragging === false);
    if (settled.length > 0 && !now.readOnly) {
      const moved: Layout = {};
      for (const change of settled) {
        if (change.type !== 'position') continue;
        const at = change.position ?? view.current?.getNode(change.id)?.position;
        const before = now.layout[change.id];
        if (at && (before?.x !== Math.round(at.x) || before?.y !== Math.round(at.y))) moved[change.id] = at;
      }
      // Each drag is a step of its own; steps of the arrow keys that follow each other are one.
      if (Object.keys(moved).length > 0) now.onMove(moved, dragging.current ? `drag ${dragging.current}` : 'nudge');
      dragging.current = 0;
    }
  }, []);

  const onEdgesChange = useCallback((changes: EdgeChange<WayEdge>[]) => {
    const chosen = changes.find((change) => change.type === 'select' && change.selected);
    const left = changes.some((change) => change.type === 'select' && !change.selected && change.id === latest.current.selectedEdge);
    if (chosen?.type === 'select') latest.current.onSelect(new Set(), chosen.id);
    else if (left) latest.current.onSelect(latest.current.selected, null);
    setEdges((previous) => applyEdgeChanges(changes.filter((change) => change.type !== 'select' && change.type !== 'remove'), previous));
  }, []);

  const onConnectEnd = useCallback<OnConnectEnd>((event, state) => {
    if (state.toNode || !state.fromNode || !state.fromHandle || state.fromHandle.type !== 'source') return;
    const { clientX, clientY } = 'changedTouches' in event ? event.changedTouches[0]! : event;
    const at = view.current!.screenToFlowPosition({ x: clientX, y: clientY });
    latest.current.onConnectNowhere(state.fromNode.id, state.fromHandle.id ?? 'default', at, { x: clientX, y: clientY });
  }, []);

  const leave = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const handlers = useMemo(
    () => ({
      onInit: (instance: CanvasView) => {
        view.current = instance;
        latest.current.onView(instance);
        showAll(instance, latest.current.start);
      },
      onConnect: ({ source, sourceHandle, target }: Connection) => latest.current.onConnect(source, sourceHandle ?? 'default', target),
      onReconnect: (old: WayEdge, { source, sourceHandle, target }: Connection) =>
        latest.current.onReconnect(old, { from: source, exit: sourceHandle ?? 'default', to: target }),
      isValidConnection: ({ source, target }: Connection | WayEdge) => source !== target,
      onNodeDragStart: () => {
        dragging.current = Date.now();
        setMoving(true);
      },
      onNodeDragStop: () => setMoving(false),
      onNodeDoubleClick: (_: React.MouseEvent, node: StepNode) => latest.current.onOpen(node.id),
      onEdgeMouseEnter: (_: React.MouseEvent, edge: WayEdge) => {
        clearTimeout(leave.current);
        store.setState({ hoveredEdge: edge.id });
      },
      // A moment to reach the buttons on the edge.
      onEdgeMouseLeave: () => {
        clearTimeout(leave.current);
        leave.current = setTimeout(() => store.setState({ hoveredEdge: null }), 400);
      },
      onDragOver: (event: React.DragEvent) => {
        if (event.dataTransfer.types.includes(draggedType)) event.preventDefault();
      },
      onDrop: (event: React.DragEvent) => {
        const type = event.dataTransfer.getData(draggedType);
        if (!type || !view.current) return;
        event.preventDefault();
        latest.current.onDropType(type, view.current.screenToFlowPosition({ x: event.clientX, y: event.clientY }));
      },
    }),
    [store],
  );

  return (
    <ReactFlow<StepNode, WayEdge>
      {...handlers}
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      onNodesChange={onNodesChange}
      onEdgesChange={onEdgesChange}
      onConnectEnd={onConnectEnd}
      colorMode={dark ? 'dark' : 'light'}
      snapToGrid
      snapGrid={snapGrid}
      minZoom={0.1}
      maxZoom={2}
      deleteKeyCode={null}
      multiSelectionKeyCode={multiKeys}
      selectionKeyCode="Shift"
      selectionMode={SelectionMode.Partial}
      panOnScroll
      zoomOnDoubleClick={false}
      nodesDraggable={!readOnly}
      nodesConnectable={!readOnly}
      edgesReconnectable={!readOnly}
      className={moving ? 'gw-moving' : ''}
      reconnectRadius={10}
      onlyRenderVisibleElements={nodes.length > manyNodes}
      elevateEdgesOnSelect={false}
      connectionRadius={28}
      nodeDragThreshold={2}
      ariaLabelConfig={words}
      aria-label="Flowchart"
    >
      <Background gap={grid * 3} size={1.2} />
      {showMap && !(moving && nodes.length > manyNodes) && (
        <MiniMap<StepNode> pannable zoomable className={styles.map} nodeColor={colorOf} nodeBorderRadius={20} ariaLabel="Map of the flow" />
      )}
    </ReactFlow>
  );
});

// Beyond these only what is in sight is drawn, and the map rests while something is dragged.
const manyNodes = 100;
const snapGrid: [number, number] = [grid, grid];
const multiKeys = ['Meta', 'Control', 'Shift'];
const words = {
  'node.a11yDescription.default': 'Enter opens the node, arrow keys move it, C connects an exit, Delete removes it.',
  'node.a11yDescription.keyboardDisabled': 'Enter opens the node.',
  'edge.a11yDescription.default': 'Enter selects the connection, Delete removes it.',
};
