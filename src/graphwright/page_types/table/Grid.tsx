/** The grid itself: real grid roles, one tab stop, arrow keys; only the rows in sight are in the page. */
import {
  Button,
  Link,
  makeStyles,
  mergeClasses,
  Skeleton,
  SkeletonItem,
  tokens,
} from '@fluentui/react-components';
import { ArrowSortDown16Regular, ArrowSortUp16Regular } from '@fluentui/react-icons';
import type { Filter, JsonValue, PageAction, Row } from '@graphwright/api';
import { RowMenu } from '@graphwright/components/RowMenu';
import { NoRows, rowsProblem } from '@graphwright/components/RowsNotice';
import { Value, valueText } from '@graphwright/components/Value';
import { openingAction } from '@graphwright/pageType';
import type { Rows } from '@graphwright/useRows';
import { useVirtualRows } from '@graphwright/useVirtualRows';
import { useEffect, useRef, useState } from 'react';
import { type Column, ColumnFilter } from './ColumnFilter';

const rowHeight = 44;
const placeholders = 12;
const unsortable = new Set(['html', 'json', 'duration', 'file']);
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
  open: { fontWeight: 'inherit', textAlign: 'inherit', maxWidth: '100%' },
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

function titleOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function Grid(props: GridProps): React.JSX.Element {
  const { label, columns, rows, sort, onSort, filters, onFilters, narrowed, actions, busy, onAction } = props;
  const styles = useStyles();
  const total = rows.total ?? placeholders;
  const opening = openingAction(actions);
  const width = columns.length + (actions.length > 0 ? 1 : 0);
  // Row -1 is the header.
  const [active, setActive] = useState({ row: -1, column: 0 });
  const wantsFocus = useRef(false);

  const { scroller, virtual } = useVirtualRows(rows, {
    height: rowHeight, placeholders, overscan: 8, kept: active.row, head: rowHeight,
  });

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
      const data = row >= 0 ? rows.row(row) : undefined;
      if (inner) inner.click();
      else if (opening && data) onAction(opening, data);
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

  const problem = rowsProblem(rows);
  if (problem) return problem;
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
          {virtual.getVirtualItems().map((item) => {
            const row = rows.total === null ? undefined : rows.row(item.index);
            return (
              <div
                key={item.key}
                role="row"
                aria-rowindex={item.index + 2}
                className={mergeClasses(styles.row, styles.dataRow)}
                style={{ gridTemplateColumns: template, transform: `translateY(${item.start}px)` }}
              >
                {columns.map(({ name, type }, index) => (
                  <div
                    key={name}
                    role="gridcell"
                    className={mergeClasses(styles.cell, index === 0 && styles.first, (type === 'integer' || type === 'number') && styles.right)}
                    {...cellProps(item.index, index)}
                  >
                    {row && index === 0 && opening ? (
                      <Link
                        as="button"
                        appearance="subtle"
                        className={mergeClasses(styles.text, styles.open)}
                        tabIndex={-1}
                        title={titleOf(row[name])}
                        aria-label={valueText(row[name], type) ? undefined : opening.title}
                        onClick={() => onAction(opening, row)}
                      >
                        <Value value={row[name]} type={type} />
                      </Link>
                    ) : row ? (
                      <span className={styles.text} title={titleOf(row[name])}>
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
                      <RowMenu
                        name={String(row[columns[0]?.name ?? '_key'] ?? row._key)}
                        actions={actions}
                        busy={busy}
                        tabIndex={-1}
                        onAction={(action) => onAction(action, row)}
                      />
                    )}
                  </div>
                )}
              </div>
            );
          })}
        </div>
      </div>
      {rows.total === 0 && (
        <NoRows hint={narrowed && 'Change the search or the filters.'}>
          {narrowed ? 'Nothing matches' : 'Nothing here yet'}
        </NoRows>
      )}
    </div>
  );
}
