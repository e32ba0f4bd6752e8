/**
 * A JSON document as a tree, opened level by level; what is not seen is neither drawn nor read. Its
 * values are shown as text, whatever they hold. An ARIA tree: arrows move, open and shut.
 */
import { Button, makeStyles, mergeClasses, MessageBar, MessageBarBody, Spinner, tokens } from '@fluentui/react-components';
import { ChevronDown12Regular, ChevronRight12Regular, Copy16Regular, CheckmarkCircle16Filled } from '@fluentui/react-icons';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useRef, useState } from 'react';
import type { TreeNode } from '../../api';
import { say, sayError } from '../../toasts';
import { countRows, placeOfParent, placeOfRow, type Row, rowAt } from './branches';
import { completeValue } from './values';
import { useTree } from './useTree';

const rowHeight = 24;

const useStyles = makeStyles({
  frame: { display: 'flex', flexDirection: 'column', minHeight: 0, minWidth: 0, flexGrow: 1 },
  bar: { display: 'flex', alignItems: 'center', gap: '4px', minWidth: 0, paddingBottom: '4px', flexWrap: 'wrap' },
  path: {
    flexGrow: 1,
    minWidth: '60px',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorNeutralForeground2,
  },
  scroller: {
    overflow: 'auto',
    flexGrow: 1,
    minHeight: '120px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
    outlineStyle: 'none',
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  rows: { position: 'relative', width: '100%' },
  row: {
    position: 'absolute',
    left: 0,
    right: 0,
    top: 0,
    height: `${rowHeight}px`,
    display: 'flex',
    alignItems: 'center',
    gap: '4px',
    paddingRight: '8px',
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    whiteSpace: 'nowrap',
    cursor: 'default',
    ':hover': { backgroundColor: tokens.colorNeutralBackground3 },
  },
  active: { backgroundColor: tokens.colorNeutralBackground3 },
  arrow: { width: '16px', display: 'flex', justifyContent: 'center', flexShrink: 0, color: tokens.colorNeutralForeground3 },
  key: { color: tokens.colorPaletteBlueForeground2, flexShrink: 0 },
  index: { color: tokens.colorNeutralForeground3, flexShrink: 0 },
  value: { overflow: 'hidden', textOverflow: 'ellipsis', minWidth: 0 },
  text: { color: tokens.colorPaletteDarkOrangeForeground1 },
  number: { color: tokens.colorPalettePurpleForeground2 },
  many: { color: tokens.colorNeutralForeground3 },
  mark: { marginLeft: 'auto', display: 'flex', alignItems: 'center', gap: '4px', color: tokens.colorPaletteGreenForeground1, flexShrink: 0, fontFamily: tokens.fontFamilyBase },
});

function valueText({ kind, value, count, cut }: TreeNode): string {
  if (kind === 'array') return `[ ${count ?? 0} ]`;
  if (kind === 'object') return `{ ${count ?? 0} }`;
  if (kind === 'text') return `"${String(value).replace(/\s+/g, ' ').slice(0, 300)}${cut ? '…' : ''}"`;
  return String(value);
}

export interface JsonTreeProps {
  example: string;
  /** Another number: read anew, for there is a page more. */
  version?: number;
  label: string;
  /** Enter or a click on a value; absent: a click only selects. */
  onChoose?: (node: TreeNode) => void;
  /** What a value is used for, shown behind it. */
  markOf?: (node: TreeNode) => string | null;
  /** Values can be dragged; what is dragged is the path. */
  draggable?: boolean;
}

export const draggedPath = 'application/x-graphwright-path';

export function JsonTree(props: JsonTreeProps): React.JSX.Element {
  const { example, version = 0, label, onChoose, markOf, draggable = false } = props;
  const styles = useStyles();
  const id = useId();
  const { root, branches, error, toggle, see } = useTree(example, version);
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<{ parent: string; index: number }>({ parent: '', index: 0 });
  const count = countRows(branches);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const shown = virtual.getVirtualItems().map((item) => ({ item, row: rowAt(branches, item.index) }));
  const rows = shown.flatMap(({ row }) => (row ? [row] : []));
  useEffect(() => see(rows));

  const place = placeOfRow(branches, active.parent, active.index) ?? 0;
  const activeRow = rowAt(branches, place);
  const go = (to: number): void => {
    const row = rowAt(branches, Math.max(0, Math.min(count - 1, to)));
    if (!row) return;
    setActive({ parent: row.parent, index: row.index });
    virtual.scrollToIndex(placeOfRow(branches, row.parent, row.index) ?? 0, { align: 'auto' });
  };
  const pressed = (event: React.KeyboardEvent): void => {
    if (!activeRow) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 240) / rowHeight) - 1);
    const above = placeOfParent(branches, activeRow);
    const keys: { [key: string]: () => void } = {
      ArrowDown: () => go(place + 1),
      ArrowUp: () => go(place - 1),
      PageDown: () => go(place + page),
      PageUp: () => go(place - page),
      Home: () => go(0),
      End: () => go(count - 1),
      ArrowRight: () => (activeRow.open ? go(place + 1) : toggle(activeRow)),
      ArrowLeft: () => {
        if (activeRow.open) toggle(activeRow);
        else if (above !== null) go(above);
      },
      Enter: () => (onChoose && activeRow.node && isLeaf(activeRow) ? onChoose(activeRow.node) : toggle(activeRow)),
      ' ': () => (onChoose && activeRow.node ? onChoose(activeRow.node) : toggle(activeRow)),
    };
    const copies = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c';
    if (copies && activeRow.node) void copyValue(example, activeRow.node);
    else if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    else keys[event.key]!();
    event.preventDefault();
    event.stopPropagation();
  };

  if (error) return <MessageBar intent="error" layout="multiline"><MessageBarBody>{error.message} {error.hint}</MessageBarBody></MessageBar>;
  if (!root) return <Spinner size="small" label="Reading the document" />;
  const node = activeRow?.node ?? null;
  return (
    <div className={styles.frame}>
      <div className={styles.bar}>
        <span className={styles.path} title={node?.path ?? ''}>{node?.path ?? (count === 0 ? valueText(root) : '')}</span>
        <Button size="small" appearance="subtle" icon={<Copy16Regular />} disabled={!node?.path} onClick={() => node?.path && void copyText(node.path, 'The path')}>Path</Button>
        <Button size="small" appearance="subtle" icon={<Copy16Regular />} disabled={!node} onClick={() => node && void copyValue(example, node)}>Value</Button>
      </div>
      <div
        ref={scroller}
        className={styles.scroller}
        role="tree"
        tabIndex={0}
        aria-label={label}
        aria-activedescendant={activeRow ? `${id}-${place}` : undefined}
        onKeyDown={pressed}
      >
        <div className={styles.rows} role="presentation" style={{ height: virtual.getTotalSize() }}>
          {shown.map(({ item, row }) =>
            row ? (
              <TreeRow
                key={item.key}
                id={`${id}-${item.index}`}
                start={item.start}
                row={row}
                active={item.index === place}
                mark={row.node && markOf ? markOf(row.node) : null}
                draggable={draggable && row.node?.path != null}
                onToggle={() => {
                  setActive({ parent: row.parent, index: row.index });
                  toggle(row);
                }}
                onPick={() => {
                  setActive({ parent: row.parent, index: row.index });
                  if (onChoose && row.node && isLeaf(row)) onChoose(row.node);
                  else if (!isLeaf(row)) toggle(row);
                }}
              />
            ) : null,
          )}
        </div>
      </div>
    </div>
  );
}

function isLeaf({ node }: Row): boolean {
  return !node || (node.kind !== 'object' && node.kind !== 'array') || !node.count;
}

async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say(`${what} is copied.`);
  } catch {
    say('The browser did not let it be copied.', { intent: 'warning' });
  }
}

async function copyValue(example: string, node: TreeNode): Promise<void> {
  try {
    const value = await completeValue(example, node);
    await copyText(typeof value === 'string' ? value : JSON.stringify(value, null, 2), 'The value');
  } catch (problem) {
    sayError(problem);
  }
}

function TreeRow(props: {
  id: string;
  start: number;
  row: Row;
  active: boolean;
  mark: string | null;
  draggable: boolean;
  onToggle: () => void;
  onPick: () => void;
}): React.JSX.Element {
  const { id, start, row, active, mark, draggable, onToggle, onPick } = props;
  const styles = useStyles();
  const { node, depth, open } = row;
  const leaf = isLeaf(row);
  return (
    <div
      id={id}
      role="treeitem"
      aria-level={depth}
      aria-setsize={row.size}
      aria-posinset={row.index + 1}
      aria-selected={active}
      {...(!leaf && { 'aria-expanded': open })}
      className={mergeClasses(styles.row, active && styles.active)}
      style={{ transform: `translateY(${start}px)`, paddingLeft: 4 + (depth - 1) * 14 }}
      draggable={draggable}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'copy';
        event.dataTransfer.setData(draggedPath, node?.path ?? '');
        event.dataTransfer.setData('text/plain', node?.path ?? '');
      }}
      onClick={onPick}
    >
      <span
        className={styles.arrow}
        aria-hidden
        onClick={(event) => {
          event.stopPropagation();
          if (!leaf) onToggle();
        }}
      >
        {!leaf && (open ? <ChevronDown12Regular /> : <ChevronRight12Regular />)}
      </span>
      {!node && <span className={styles.many}>…</span>}
      {node && (
        <>
          <span className={typeof node.key === 'number' ? styles.index : styles.key}>{node.key}:</span>
          <span
            className={mergeClasses(
              styles.value,
              node.kind === 'text' && styles.text,
              (node.kind === 'number' || node.kind === 'boolean') && styles.number,
              (node.kind === 'null' || node.kind === 'object' || node.kind === 'array') && styles.many,
            )}
          >
            {valueText(node)}
          </span>
          {mark && (
            <span className={styles.mark}>
              <CheckmarkCircle16Filled aria-hidden />
              {mark}
            </span>
          )}
        </>
      )}
    </div>
  );
}
