/** A node of the flow as a card: icon, title, what it does, and its exits as handles. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { Add12Filled, CheckmarkCircle16Filled, ErrorCircle16Filled, PauseCircle16Filled, Warning16Filled } from '@fluentui/react-icons';
import { Handle, type NodeProps, Position } from '@xyflow/react';
import { memo } from 'react';
import { exitRows } from './arrange';
import { useCanvas, useCanvasState, type VisitMark } from './canvasState';
import type { ExitView } from './exits';
import type { StepNode } from './graph';
import { KindTile } from './kindIcons';

const handleSize = '12px';

const useStyles = makeStyles({
  card: {
    position: 'relative',
    boxSizing: 'border-box',
    width: '100%',
    height: '100%',
    borderRadius: '10px',
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    boxShadow: tokens.shadow4,
    color: tokens.colorNeutralForeground1,
    fontFamily: tokens.fontFamilyBase,
    cursor: 'grab',
    ':hover .gw-plus': { opacity: 1 },
    ':hover .gw-break': { opacity: 1 },
  },
  selected: {
    border: `1px solid ${tokens.colorBrandStroke1}`,
    boxShadow: `0 0 0 1px ${tokens.colorBrandStroke1}, ${tokens.shadow8}`,
  },
  faded: { opacity: 0.4 },
  hit: { boxShadow: `0 0 0 3px ${tokens.colorPaletteYellowBorderActive}` },
  done: { border: `1px solid ${tokens.colorPaletteGreenBorderActive}` },
  failed: {
    border: `1px solid ${tokens.colorPaletteRedBorderActive}`,
    boxShadow: `0 0 0 1px ${tokens.colorPaletteRedBorderActive}, ${tokens.shadow4}`,
  },
  paused: {
    border: `1px solid ${tokens.colorPaletteMarigoldBorderActive}`,
    boxShadow: `0 0 0 2px ${tokens.colorPaletteMarigoldBorderActive}, ${tokens.shadow8}`,
  },
  head: { position: 'relative', display: 'flex', alignItems: 'center', gap: '10px', height: '60px', padding: '0 12px', boxSizing: 'border-box' },
  words: { minWidth: 0, flexGrow: 1 },
  title: {
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    fontWeight: tokens.fontWeightSemibold,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  summary: {
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    color: tokens.colorNeutralForeground3,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  mono: { fontFamily: tokens.fontFamilyMonospace, fontSize: '11px' },
  rows: { borderTop: `1px solid ${tokens.colorNeutralStroke2}`, padding: '4px 0' },
  row: {
    position: 'relative',
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'flex-end',
    gap: '6px',
    height: '24px',
    padding: '0 14px 0 12px',
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorNeutralForeground2,
    overflow: 'visible',
  },
  label: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  error: { color: tokens.colorPaletteRedForeground1 },
  open: { color: tokens.colorNeutralForeground3 },
  handle: {
    width: handleSize,
    height: handleSize,
    minWidth: 0,
    minHeight: 0,
    borderRadius: '50%',
    border: `2px solid ${tokens.colorNeutralStroke1}`,
    backgroundColor: tokens.colorNeutralBackground1,
    boxSizing: 'border-box',
    '::after': { content: '""', position: 'absolute', inset: '-8px' },
    ':hover': { border: `2px solid ${tokens.colorBrandStroke1}`, backgroundColor: tokens.colorBrandBackground2 },
  },
  wired: { backgroundColor: tokens.colorNeutralForeground3, border: `2px solid ${tokens.colorNeutralForeground3}` },
  wiredError: { backgroundColor: tokens.colorPaletteRedBorderActive, border: `2px solid ${tokens.colorPaletteRedBorderActive}` },
  openError: { border: `2px solid ${tokens.colorPaletteRedBorder2}` },
  // Leaves room for the end of an edge, which can be taken beside it.
  inlet: { width: '8px', height: '16px', borderRadius: '3px', '::after': { content: '""', position: 'absolute', inset: '-3px' } },
  plus: {
    position: 'absolute',
    left: 'calc(100% + 18px)',
    top: '50%',
    transform: 'translateY(-50%)',
    display: 'grid',
    placeItems: 'center',
    width: '22px',
    height: '22px',
    padding: 0,
    borderRadius: '6px',
    border: `1px solid ${tokens.colorBrandStroke1}`,
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorBrandForeground1,
    cursor: 'pointer',
    '::before': {
      content: '""', position: 'absolute', right: '100%', width: '12px', height: '0', top: '50%',
      borderTop: `2px solid ${tokens.colorBrandStroke1}`,
    },
    ':hover': { backgroundColor: tokens.colorBrandBackground2 },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '1px' },
  },
  quiet: { opacity: 0, ':focus-visible': { opacity: 1 } },
  quietShown: { opacity: 1 },
  start: {
    position: 'absolute',
    left: '10px',
    bottom: 'calc(100% - 1px)',
    padding: '1px 8px 2px',
    borderRadius: '6px 6px 0 0',
    fontSize: '10px',
    lineHeight: '14px',
    fontWeight: tokens.fontWeightSemibold,
    letterSpacing: '0.02em',
    color: tokens.colorNeutralForegroundOnBrand,
    backgroundColor: tokens.colorBrandBackground,
  },
  badges: { position: 'absolute', top: '-9px', right: '10px', display: 'flex', gap: '4px' },
  badge: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: '3px',
    height: '18px',
    padding: '0 6px 0 3px',
    borderRadius: '9px',
    fontSize: '11px',
    fontWeight: tokens.fontWeightSemibold,
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
  },
  badgeError: { color: tokens.colorPaletteRedForeground1, border: `1px solid ${tokens.colorPaletteRedBorder2}` },
  badgeWarning: { color: tokens.colorPaletteMarigoldForeground1, border: `1px solid ${tokens.colorPaletteMarigoldBorder2}` },
  badgeGood: { color: tokens.colorPaletteGreenForeground1, border: `1px solid ${tokens.colorPaletteGreenBorder2}` },
  breakpoint: {
    position: 'absolute',
    // Above the head, which is placed too and comes later.
    zIndex: 1,
    left: '-8px',
    top: '-8px',
    width: '16px',
    height: '16px',
    padding: 0,
    borderRadius: '50%',
    border: `2px solid ${tokens.colorNeutralBackground1}`,
    backgroundColor: tokens.colorPaletteRedBackground3,
    cursor: 'pointer',
  },
  noBreakpoint: { opacity: 0, backgroundColor: tokens.colorPaletteRedBorder1 },
});

type Styles = ReturnType<typeof useStyles>;

function Exit({ name, title, exit, selected, styles }: { name: string; title: string; exit: ExitView; selected: boolean; styles: Styles }) {
  const { actions } = useCanvas();
  const readOnly = useCanvasState((state) => state.readOnly);
  const failing = exit.tone === 'error';
  const wired = exit.target !== null;
  return (
    <>
      <Handle
        type="source"
        id={exit.name}
        position={Position.Right}
        isConnectable={!readOnly}
        title={exit.name}
        className={mergeClasses(
          styles.handle, failing && styles.openError, wired && styles.wired, wired && failing && styles.wiredError,
        )}
      />
      {!wired && !readOnly && (
        <button
          type="button"
          tabIndex={selected ? 0 : -1}
          aria-label={`Next step after ${title}, exit ${exit.label}`}
          className={mergeClasses('gw-plus nodrag nopan', styles.plus, (failing || exit.name !== 'default') && styles.quiet, selected && styles.quietShown)}
          onClick={(event) => {
            event.stopPropagation();
            const { right, top } = event.currentTarget.getBoundingClientRect();
            actions.openNext(name, exit.name, { x: right + 8, y: top });
          }}
        >
          <Add12Filled />
        </button>
      )}
    </>
  );
}

function formatDuration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

function VisitBadge({ visit, styles }: { visit: VisitMark; styles: Styles }) {
  const good = visit.state === 'done';
  const Icon = good ? CheckmarkCircle16Filled : visit.state === 'failed' ? ErrorCircle16Filled : PauseCircle16Filled;
  return (
    <span
      className={mergeClasses(styles.badge, good ? styles.badgeGood : visit.state === 'failed' ? styles.badgeError : styles.badgeWarning)}
      title={visit.message ?? undefined}
    >
      <Icon />
      {visit.state === 'running' || visit.state === 'stopped' ? visit.state : visit.state === 'paused' ? 'waits here' : visit.milliseconds === null ? 'waits' : formatDuration(visit.milliseconds)}
      {visit.times > 1 && ` · ${visit.times}×`}
    </span>
  );
}

function Badges({ name, styles }: { name: string; styles: Styles }) {
  const problems = useCanvasState((state) => state.problems.get(name));
  const visit = useCanvasState((state) => state.visits.get(name));
  if (!problems && !visit) return null;
  const failing = problems?.some((problem) => problem.severity === 'error');
  return (
    <span className={styles.badges}>
      {problems && (
        <span
          className={mergeClasses(styles.badge, failing ? styles.badgeError : styles.badgeWarning)}
          title={problems.map((problem) => problem.message).join('\n')}
        >
          {failing ? <ErrorCircle16Filled /> : <Warning16Filled />}
          {problems.length}
        </span>
      )}
      {visit && <VisitBadge visit={visit} styles={styles} />}
    </span>
  );
}

function Breakpoint({ name, styles }: { name: string; styles: Styles }) {
  const { actions } = useCanvas();
  const on = useCanvasState((state) => state.breakpoints.has(name));
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-pressed={on}
      aria-label={`Breakpoint at ${name}`}
      title={on ? 'Take the breakpoint away (F9)' : 'Stop here (F9)'}
      className={mergeClasses('gw-break nodrag nopan', styles.breakpoint, !on && styles.noBreakpoint)}
      onClick={(event) => {
        event.stopPropagation();
        actions.toggleBreakpoint(name);
      }}
    />
  );
}

export const FlowNode = memo(function FlowNode({ id, data, selected }: NodeProps<StepNode>) {
  const styles = useStyles();
  const searched = useCanvasState((state) => (state.hits ? (state.hits.has(id) ? 'hit' : 'other') : null));
  const state = useCanvasState((canvas) => canvas.visits.get(id)?.state);
  const passedBy = useCanvasState((canvas) => canvas.taken !== null && !canvas.visits.has(id));
  const rows = exitRows(data.exits);
  const plain = data.exits.find((exit) => exit.name === 'default');
  const part = { name: id, title: data.title, selected, styles };
  return (
    <div
      className={mergeClasses(
        styles.card,
        state === 'done' && styles.done,
        state === 'failed' && styles.failed,
        (state === 'paused' || state === 'running') && styles.paused,
        selected && styles.selected,
        (searched === 'other' || passedBy) && styles.faded,
        searched === 'hit' && styles.hit,
      )}
    >
      {data.start && <span className={styles.start}>Start</span>}
      <Breakpoint name={id} styles={styles} />
      <Badges name={id} styles={styles} />
      <div className={styles.head}>
        <Handle type="target" id="in" position={Position.Left} className={mergeClasses(styles.handle, styles.inlet)} />
        <KindTile type={data.type} group={data.group} />
        <div className={styles.words}>
          <div className={styles.title} title={data.title}>{data.title}</div>
          <div className={mergeClasses(styles.summary, data.type === 'http_request' && styles.mono)} title={`${data.kind}: ${data.summary}`}>
            {data.summary || data.kind}
          </div>
        </div>
        {plain && <Exit {...part} exit={plain} />}
      </div>
      {rows.length > 0 && (
        <div className={styles.rows}>
          {rows.map((exit) => (
            <div key={exit.name} className={mergeClasses(styles.row, exit.tone === 'error' && styles.error, exit.target === null && styles.open)}>
              <span className={styles.label} title={exit.name}>{exit.label}</span>
              <Exit {...part} exit={exit} />
            </div>
          ))}
        </div>
      )}
    </div>
  );
});

const useNoteStyles = makeStyles({
  note: {
    boxSizing: 'border-box',
    width: '220px',
    minHeight: '52px',
    padding: '10px 12px 12px',
    borderRadius: '4px 4px 14px 4px',
    backgroundColor: tokens.colorPaletteYellowBackground1,
    border: `1px solid ${tokens.colorPaletteYellowBorder1}`,
    color: tokens.colorNeutralForeground1,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    maxHeight: '252px',
    overflow: 'hidden',
  },
  selected: { boxShadow: `0 0 0 2px ${tokens.colorBrandStroke1}` },
});

/** A remark on the canvas: plain text, whatever stands in it. */
export const NoteNode = memo(function NoteNode({ data, selected }: NodeProps<StepNode>) {
  const styles = useNoteStyles();
  return <div className={mergeClasses(styles.note, selected && styles.selected)}>{data.note || 'Empty note'}</div>;
});
