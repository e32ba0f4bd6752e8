/** The list of messages: a listbox whose options are drawn as they scroll into sight. */
import { makeStyles, mergeClasses, Skeleton, SkeletonItem, Text, tokens } from '@fluentui/react-components';
import { Attach16Regular } from '@fluentui/react-icons';
import { type Row, userTimeZone } from '@graphwright/api';
import { NoRows, rowsProblem } from '@graphwright/components/RowsNotice';
import { formatRecent } from '@graphwright/times';
import type { Rows } from '@graphwright/useRows';
import { useVirtualRows } from '@graphwright/useVirtualRows';
import { useEffect, useId, useState } from 'react';

const itemHeight = 84;

const useStyles = makeStyles({
  scroller: {
    flexGrow: 1,
    minHeight: 0,
    overflowY: 'auto',
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
  },
  body: { position: 'relative' },
  item: {
    position: 'absolute',
    insetInline: 0,
    top: 0,
    height: `${itemHeight}px`,
    padding: '8px 16px 8px 20px',
    cursor: 'pointer',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    borderLeft: '3px solid transparent',
    overflow: 'hidden',
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
  },
  selected: {
    backgroundColor: tokens.colorNeutralBackground1Selected,
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Selected },
  },
  active: { borderLeftColor: tokens.colorNeutralStroke1 },
  unread: { borderLeftColor: tokens.colorBrandBackground },
  top: { display: 'flex', gap: '8px', alignItems: 'center' },
  line: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', display: 'block' },
  grow: { flexGrow: 1, minWidth: 0 },
  time: { color: tokens.colorNeutralForeground2, flexShrink: 0 },
  strong: { fontWeight: tokens.fontWeightSemibold },
  subjectUnread: { color: tokens.colorBrandForeground2, fontWeight: tokens.fontWeightSemibold },
  preview: { color: tokens.colorNeutralForeground2 },
  skeleton: { display: 'grid', gap: '10px', paddingTop: '6px' },
});

function textOf(row: Row, name: string): string {
  const value = row[name];
  return typeof value === 'string' ? value : '';
}

export function MessageList(props: {
  rows: Rows;
  label: string;
  selected: string | null;
  narrowed: boolean;
  onSelect: (row: Row) => void;
}): React.JSX.Element {
  const { rows, label, selected, narrowed, onSelect } = props;
  const styles = useStyles();
  const id = useId();
  const [active, setActive] = useState(0);
  const total = rows.total ?? 8;
  const { scroller, virtual } = useVirtualRows(rows, { height: itemHeight, placeholders: 8, overscan: 6, kept: active });
  useEffect(() => {
    setActive(0);
    scroller.current?.scrollTo({ top: 0 });
  }, [label]);

  const move = (index: number): void => {
    const next = Math.max(0, Math.min((rows.total ?? 1) - 1, index));
    setActive(next);
    virtual.scrollToIndex(next, { align: 'auto' });
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const moves: Record<string, number> = {
      ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + 6, PageUp: active - 6, Home: 0, End: total - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) {
      event.preventDefault();
      move(to);
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      const row = rows.row(active);
      if (row) onSelect(row);
    }
  };

  const problem = rowsProblem(rows);
  if (problem) return problem;
  if (rows.total === 0) return <NoRows>{narrowed ? 'Nothing matches' : 'No messages here'}</NoRows>;
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-busy={rows.total === null}
      aria-activedescendant={`${id}-${active}`}
      onKeyDown={onKeyDown}
    >
      <div className={styles.body} role="presentation" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows.total === null ? undefined : rows.row(item.index);
          const unread = row?.unread === true;
          return (
            <div
              key={item.key}
              id={`${id}-${item.index}`}
              role="option"
              aria-selected={row !== undefined && row._key === selected}
              aria-setsize={total}
              aria-posinset={item.index + 1}
              aria-label={row ? undefined : 'Loading'}
              className={mergeClasses(
                styles.item,
                item.index === active && styles.active,
                unread && styles.unread,
                row?._key === selected && styles.selected,
              )}
              style={{ transform: `translateY(${item.start}px)` }}
              onClick={() => {
                setActive(item.index);
                if (row) onSelect(row);
              }}
            >
              {row ? (
                <>
                  <div className={styles.top}>
                    <Text className={mergeClasses(styles.line, styles.grow, unread && styles.strong)}>
                      {textOf(row, 'from') || '(unknown sender)'}
                    </Text>
                    {row.has_attachments === true && <Attach16Regular aria-label="Has attachments" />}
                    <Text size={200} className={styles.time}>
                      {formatRecent(textOf(row, 'received'), userTimeZone)}
                    </Text>
                  </div>
                  <Text className={mergeClasses(styles.line, unread && styles.subjectUnread)}>
                    {textOf(row, 'subject') || '(no subject)'}
                  </Text>
                  <Text size={200} className={mergeClasses(styles.line, styles.preview)}>
                    {textOf(row, 'preview')}
                  </Text>
                </>
              ) : (
                <Skeleton className={styles.skeleton} aria-label="Loading">
                  <SkeletonItem size={12} />
                  <SkeletonItem size={12} />
                </Skeleton>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
