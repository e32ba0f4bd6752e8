/** The way from an exit to a node. Ways back run between the rows, errors are red and dashed. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { Add12Filled, Dismiss12Filled } from '@fluentui/react-icons';
import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from '@xyflow/react';
import { memo } from 'react';
import { useCanvas, useCanvasState } from './canvasState';
import type { WayEdge } from './graph';

const useStyles = makeStyles({
  way: { stroke: tokens.colorNeutralStrokeAccessible, strokeWidth: '1.6px', opacity: 0.75 },
  error: { stroke: tokens.colorPaletteRedBorderActive, strokeDasharray: '5 4', opacity: 0.42 },
  strong: { strokeWidth: '2.4px', opacity: 1 },
  brand: { stroke: tokens.colorBrandStroke1 },
  taken: { stroke: tokens.colorPaletteGreenBorderActive, strokeWidth: '2.4px', opacity: 1 },
  takenError: { stroke: tokens.colorPaletteRedBorderActive },
  faded: { opacity: 0.15 },
  bar: { position: 'absolute', display: 'flex', gap: '4px', pointerEvents: 'all' },
  button: {
    display: 'grid',
    placeItems: 'center',
    width: '24px',
    height: '24px',
    padding: 0,
    borderRadius: '6px',
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorNeutralForeground1,
    boxShadow: tokens.shadow4,
    cursor: 'pointer',
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '1px' },
  },
});

/** Straight pieces with round corners. */
function rounded(points: [number, number][], radius: number): string {
  const parts = [`M${points[0]!.join(',')}`];
  for (let index = 1; index < points.length - 1; index += 1) {
    const [before, corner, after] = [points[index - 1]!, points[index]!, points[index + 1]!];
    const bend = Math.min(radius, distance(before, corner) / 2, distance(corner, after) / 2);
    parts.push(`L${towards(corner, before, bend).join(',')}`, `Q${corner.join(',')} ${towards(corner, after, bend).join(',')}`);
  }
  parts.push(`L${points.at(-1)!.join(',')}`);
  return parts.join(' ');
}

function distance([ax, ay]: [number, number], [bx, by]: [number, number]): number {
  return Math.hypot(bx - ax, by - ay);
}

function towards(from: [number, number], to: [number, number], length: number): [number, number] {
  const share = length / (distance(from, to) || 1);
  return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
}

function pathOf(props: EdgeProps<WayEdge>): [string, number, number] {
  const { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, data } = props;
  const [fromX, toX] = [sourceX - 4, targetX + 2];
  const channel = data?.channel ?? null;
  if (targetX > sourceX + 8 && channel === null) {
    const [path, x, y] = getBezierPath({ sourceX: fromX, sourceY, targetX: toX, targetY, sourcePosition, targetPosition, curvature: 0.35 });
    return [path, x, y];
  }
  const centerY = channel ?? Math.max(sourceY, targetY) + 80;
  // Errors and other ways do not run on one line.
  const out = data?.tone === 'error' ? 38 : 24;
  const points: [number, number][] = [
    [fromX, sourceY], [sourceX + out, sourceY], [sourceX + out, centerY], [targetX - out, centerY], [targetX - out, targetY], [toX, targetY],
  ];
  return [rounded(points, 12), (sourceX + targetX) / 2, centerY];
}

export const FlowEdge = memo(function FlowEdge(props: EdgeProps<WayEdge>) {
  const { id, source, sourceHandleId, selected, data, markerEnd } = props;
  const styles = useStyles();
  const { store, actions } = useCanvas();
  const hovered = useCanvasState((state) => state.hoveredEdge === id);
  const taken = useCanvasState((state) => (state.taken ? state.taken.has(id) : null));
  const readOnly = useCanvasState((state) => state.readOnly);
  const [path, x, y] = pathOf(props);
  const failing = data?.tone === 'error';
  const exit = sourceHandleId ?? 'default';
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        {...(markerEnd ? { markerEnd } : {})}
        interactionWidth={18}
        className={mergeClasses(
          styles.way,
          failing && styles.error,
          taken === false && styles.faded,
          taken === true && styles.taken,
          taken === true && failing && styles.takenError,
          (hovered || selected) && styles.strong,
          (hovered || selected) && !failing && styles.brand,
        )}
      />
      {(hovered || selected) && !readOnly && (
        <EdgeLabelRenderer>
          <div
            className={mergeClasses('nodrag nopan', styles.bar)}
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
            onMouseEnter={() => store.setState({ hoveredEdge: id })}
            onMouseLeave={() => store.setState({ hoveredEdge: null })}
          >
            <button
              type="button"
              className={styles.button}
              aria-label="Insert a node here"
              title="Insert a node here"
              onClick={(event) => {
                const { right, top } = event.currentTarget.getBoundingClientRect();
                actions.openInsert(source, exit, { x: right + 8, y: top });
              }}
            >
              <Add12Filled />
            </button>
            <button
              type="button"
              className={styles.button}
              aria-label="Remove this connection"
              title="Remove this connection (Delete)"
              onClick={() => actions.removeEdge(source, exit)}
            >
              <Dismiss12Filled />
            </button>
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
});
