/** The grid itself: real grid roles, one tab stop, arrow keys; only the rows in sight are in the page. */
import {
  Button,
  makeStyles,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  mergeClasses,
  Skeleton,
  SkeletonItem,
  Text,
  tokens,
} from '@fluentui/react-components';
import { ArrowSortDown16Regular, ArrowSortUp16Regular, MoreHorizontal20Regular } from '@fluentui/react-icons';
import type { Filter, PageAction, Row } from '@graphwright/api';
import { Value } from '@graphwright/components/Value';
import { actionIcon } from '@graphwright/icons';
import type { Rows } from '@graphwright/useRows';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { type Column, ColumnFilter } from './ColumnFilter';

const rowHeight = 44;
const unsortable = new Set(['html', 'json', 'duration']);
const widths: Record<string, number> = {
  boolean: 110, integer: 110, number: 120, date: 140, datetime: 200, zoned_datetime: 200, duration: 120, html: 320,
};

const useStyles = makeStyles({
  scroller: {
    flexGrow: 1,
    minHeight: 0,
    overflow: 'auto',
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    position: 'relative',
  },
  grid: { width: '100%', position: 'relative' },
  hidden: { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' },
  row: {
    display: 'grid',
    alignItems: 'stretch',
    paddingInline: tokens.spacingHorizontalL,
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    height: `${rowHeight}px`,
  },
  body: { position: 'relative' },
  dataRow: {
    position: 'absolute',
    insetInline: 0,
    top: 0,
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
  },
  openable: { cursor: 'pointer' },
  head: {
    position: 'sticky',
    top: 0,
    zIndex: 1,
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottomColor: tokens.colorNeutralStroke1,
  },
  cell: {
    display: 'flex',
    alignItems: 'center',
    minWidth: 0,
    paddingInline: '8px',
    outlineOffset: '-2px',
    borderRadius: tokens.borderRadiusMedium,
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  first: { fontWeight: tokens.fontWeightSemibold },
  headCell: { fontWeight: tokens.fontWeightSemibold, gap: '2px' },
  sortButton: {
    minWidth: 0,
    paddingInline: '4px',
    marginInlineStart: '-4px',
    justifyContent: 'flex-start',
    fontWeight: tokens.fontWeightSemibold,
  },
  right: { justifyContent: 'flex-end', fontVariantNumeric: 'tabular-nums' },
  text: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  skeleton: { width: '70%' },
  message: { padding: '48px 24px', display: 'grid', justifyItems: 'center', gap: '12px', textAlign: 'center' },
});

interface GridProps {
  label: string;
  columns: Column[];
  rows: Rows;
  sort: string;
  onSort: (sort: string) => void;
  filters: Filter[];
  onFilters: (filters: Filter[]) => void;
  narrowed: boolean;
  actions: PageAction[];
  busy: boolean;
  onAction: (action: PageAction, row: Row) => void;
}

/** Ascending, then descending, then as the page says. */
function nextSort(sort: string, name: string): string {
  if (sort === `${name}:asc` || sort === name) return `${name}:desc`;
  return sort === `${name}:desc` ? '' : `${name}:asc`;
}

export function Grid(props: GridProps): React.JSX.Element {
  const { label, columns, rows, sort, onSort, filters, onFilters, narrowed, actions, busy, onAction } = props;
  const styles = useStyles();
  const scroller = useRef<HTMLDivElement>(null);
  const total = rows.total ?? 12;
  const width = columns.length + (actions.length > 0 ? 1 : 0);
  // Row -1 is the header. The focused cell stays in the page even when it is scrolled out of sight.
  const [active, setActive] = useState({ row: -1, column: 0 });
  const wantsFocus = useRef(false);

  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollPaddingStart: rowHeight,
    rangeExtractor: ({ startIndex, endIndex, overscan, count }) => {
      const first = Math.max(0, startIndex - overscan);
      const last = Math.min(count - 1, endIndex + overscan);
      const indexes = Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) => first + offset);
      if (active.row >= 0 && active.row < count && (active.row < first || active.row > last)) indexes.push(active.row);
      return indexes.sort((left, right) => left - right);
    },
  });
  const items = virtual.getVirtualItems();
  const range = virtual.range;
  useEffect(() => {
    if (range) rows.need(range.startIndex, range.endIndex);
  }, [range?.startIndex, range?.endIndex, rows]);

  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
    setActive((now) => (now.row > 0 ? { ...now, row: 0 } : now));
  }, [sort, filters]);

  useEffect(() => {
    if (!wantsFocus.current) return;
    const cell = scroller.current?.querySelector<HTMLElement>(`[data-cell="${active.row}:${active.column}"]`);
    if (cell) {
      wantsFocus.current = false;
      cell.focus({ preventScroll: true });
      cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
  });

  const move = (row: number, column: number): void => {
    const next = {
      row: Math.max(-1, Math.min((rows.total ?? 0) - 1, row)),
      column: Math.max(0, Math.min(width - 1, column)),
    };
    wantsFocus.current = true;
    setActive(next);
    if (next.row >= 0) virtual.scrollToIndex(next.row, { align: 'auto' });
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    if (!target.dataset.cell && target.closest('input, select, [role=menu], form')) return;
    const { row, column } = active;
    const pageRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / rowHeight) - 2);
    const moves: Record<string, [number, number]> = {
      ArrowDown: [row + 1, column],
      ArrowUp: [row - 1, column],
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      PageDown: [row + pageRows, column],
      PageUp: [Math.max(0, row - pageRows), column],
      Home: [event.ctrlKey ? 0 : row, 0],
      End: [event.ctrlKey ? total - 1 : row, width - 1],
    };
    const to = moves[event.key];
    if (to) {
      event.preventDefault();
      move(...to);
    } else if ((event.key === 'Enter' || event.key === ' ') && target.dataset.cell) {
      event.preventDefault();
      const inner = target.querySelector<HTMLElement>('button');
      const data = rows.row(row);
      if (inner) inner.click();
      else if (actions[0] && data && row >= 0) onAction(actions[0], data);
    }
  };

  const template = [
    ...columns.map(({ type }) => `minmax(${widths[type] ?? 180}px, ${type in widths ? 1 : 2}fr)`),
    ...(actions.length > 0 ? ['56px'] : []),
  ].join(' ');
  const minWidth =
    32 + (actions.length > 0 ? 56 : 0) + columns.reduce((sum, { type }) => sum + (widths[type] ?? 180), 0);
  const tabStop = (row: number, column: number): 0 | -1 => (active.row === row && active.column === column ? 0 : -1);
  const cellProps = (row: number, column: number): object => ({
    'data-cell': `${row}:${column}`,
    'aria-colindex': column + 1,
    tabIndex: tabStop(row, column),
    onFocus: () => setActive((now) => (now.row === row && now.column === column ? now : { row, column })),
  });

  if (rows.error && rows.total === null) {
    return (
      <div className={styles.message} role="alert">
        <Text weight="semibold">{rows.error.message}</Text>
        {rows.error.hint && <Text>{rows.error.hint}</Text>}
        <Button onClick={rows.retry}>Try again</Button>
      </div>
    );
  }
  return (
    <div className={styles.scroller} ref={scroller}>
      <div
        role="grid"
        className={styles.grid}
        style={{ minWidth }}
        aria-label={label}
        aria-rowcount={(rows.total ?? 0) + 1}
        aria-colcount={width}
        aria-busy={rows.total === null || busy}
        onKeyDown={onKeyDown}
      >
        <div role="rowgroup" className={styles.head}>
          <div role="row" aria-rowindex={1} className={styles.row} style={{ gridTemplateColumns: template }}>
            {columns.map((column, index) => {
              const direction = sort === `${column.name}:desc` ? 'descending' : sort === `${column.name}:asc` ? 'ascending' : 'none';
              const sortable = !column.plain && !unsortable.has(column.type);
              const filter = filters.find(({ field }) => field === column.name);
              return (
                <div
                  key={column.name}
                  role="columnheader"
                  aria-sort={sortable ? direction : undefined}
                  className={mergeClasses(
                    styles.cell,
                    styles.headCell,
                    (column.type === 'integer' || column.type === 'number') && styles.right,
                  )}
                  {...cellProps(-1, index)}
                >
                  {sortable ? (
                    <Button
                      appearance="transparent"
                      className={styles.sortButton}
                      tabIndex={-1}
                      onClick={() => onSort(nextSort(sort, column.name))}
                      iconPosition="after"
                      icon={
                        direction === 'ascending' ? <ArrowSortUp16Regular /> : direction === 'descending' ? <ArrowSortDown16Regular /> : null
                      }
                    >
                      <span className={styles.text}>{column.title}</span>
                    </Button>
                  ) : (
                    <span className={styles.text}>{column.title}</span>
                  )}
                  {!column.plain && (
                  <ColumnFilter
                    column={column}
                    filter={filter}
                    tabIndex={active.row === -1 && active.column === index ? 0 : -1}
                    onChange={(made) => onFilters([...filters.filter(({ field }) => field !== column.name), ...(made ? [made] : [])])}
                  />
                  )}
                </div>
              );
            })}
            {actions.length > 0 && (
              <div role="columnheader" className={styles.cell} {...cellProps(-1, columns.length)}>
                <span className={styles.hidden}>Actions</span>
              </div>
            )}
          </div>
        </div>
        <div role="rowgroup" className={styles.body} style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows.total === null ? undefined : rows.row(item.index);
            return (
              <div
                key={item.key}
                role="row"
                aria-rowindex={item.index + 2}
                className={mergeClasses(styles.row, styles.dataRow, actions[0] && styles.openable)}
                style={{ gridTemplateColumns: template, transform: `translateY(${item.start}px)` }}
                onDoubleClick={() => row && actions[0] && onAction(actions[0], row)}
              >
                {columns.map(({ name, type }, index) => (
                  <div
                    key={name}
                    role="gridcell"
                    className={mergeClasses(styles.cell, index === 0 && styles.first, (type === 'integer' || type === 'number') && styles.right)}
                    {...cellProps(item.index, index)}
                  >
                    {row ? (
                      <span className={styles.text} title={typeof row[name] === 'string' ? row[name] : undefined}>
                        <Value value={row[name]} type={type} />
                      </span>
                    ) : (
                      <Skeleton className={styles.skeleton} aria-label="Loading">
                        <SkeletonItem size={12} />
                      </Skeleton>
                    )}
                  </div>
                ))}
                {actions.length > 0 && (
                  <div role="gridcell" className={styles.cell} {...cellProps(item.index, columns.length)}>
                    {row && (
                      <Menu>
                        <MenuTrigger disableButtonEnhancement>
                          <Button
                            appearance="subtle"
                            size="small"
                            tabIndex={-1}
                            disabled={busy}
                            aria-label={`Actions for ${String(row[columns[0]?.name ?? '_key'] ?? row._key)}`}
                            icon={<MoreHorizontal20Regular />}
                          />
                        </MenuTrigger>
                        <MenuPopover>
                          <MenuList>
                            {actions.map((action) => {
                              const Icon = actionIcon(action.icon, action.name);
                              return (
                                <MenuItem key={action.name} icon={Icon ? <Icon /> : null} onClick={() => onAction(action, row)}>
                                  {action.title}
                                </MenuItem>
                              );
                            })}
                          </MenuList>
                        </MenuPopover>
                      </Menu>
                    )}
                  </div>
                )}
              </div>
            );
          })}
        </div>
      </div>
      {rows.total === 0 && (
        <div className={styles.message} role="status">
          <Text weight="semibold">{narrowed ? 'Nothing matches' : 'Nothing here yet'}</Text>
          {narrowed && <Text>Change the search or the filters.</Text>}
        </div>
      )}
    </div>
  );
}
