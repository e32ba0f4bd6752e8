/** The folders and files: rows drawn as they scroll into sight, each a link or a button. */
import {
  Button,
  Link,
  makeStyles,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Skeleton,
  SkeletonItem,
  Text,
  tokens,
} from '@fluentui/react-components';
import { Document20Regular, Folder20Regular, MoreHorizontal20Regular } from '@fluentui/react-icons';
import { fileUrl, type PageAction, type Row, type StepAddress } from '@graphwright/api';
import { Value } from '@graphwright/components/Value';
import { actionIcon } from '@graphwright/icons';
import type { Rows } from '@graphwright/useRows';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';

const rowHeight = 48;

const useStyles = makeStyles({
  scroller: { flexGrow: 1, minHeight: 0, overflowY: 'auto' },
  body: { position: 'relative' },
  row: {
    position: 'absolute',
    insetInline: 0,
    top: 0,
    height: `${rowHeight}px`,
    padding: '0 24px',
    display: 'grid',
    gridTemplateColumns: '20px minmax(0, 1fr) 100px 180px 32px',
    alignItems: 'center',
    columnGap: '12px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
    '@media (max-width: 640px)': { padding: '0 16px', gridTemplateColumns: '20px minmax(0, 1fr) 72px 32px' },
  },
  folder: { color: tokens.colorBrandForeground1 },
  line: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', textAlign: 'start', maxWidth: '100%' },
  size: { textAlign: 'end', color: tokens.colorNeutralForeground2 },
  date: { color: tokens.colorNeutralForeground2, '@media (max-width: 640px)': { display: 'none' } },
  message: { padding: '48px 24px', display: 'grid', justifyItems: 'center', gap: '12px', textAlign: 'center' },
});

const units = ['B', 'KB', 'MB', 'GB', 'TB'];

/** 1536 → 1.5 KB. */
export function formatSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toLocaleString(undefined, { maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 })} ${units[unit]}`;
}

export function FileList(props: {
  label: string;
  address: StepAddress;
  rows: Rows;
  narrowed: boolean;
  busy: boolean;
  actions: PageAction[];
  modifiedType: string | undefined;
  onOpen: ((row: Row) => void) | null;
  onAction: (action: PageAction, row: Row) => void;
}): React.JSX.Element {
  const { label, address, rows, narrowed, busy, actions, modifiedType, onOpen, onAction } = props;
  const styles = useStyles();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.total ?? 6,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
  const { range } = virtual;
  useEffect(() => {
    if (range) rows.need(range.startIndex, range.endIndex);
  }, [range?.startIndex, range?.endIndex, rows]);

  if (rows.error && rows.total === null) {
    return (
      <div className={styles.message} role="alert">
        <Text weight="semibold">{rows.error.message}</Text>
        {rows.error.hint && <Text>{rows.error.hint}</Text>}
        <Button onClick={rows.retry}>Try again</Button>
      </div>
    );
  }
  if (rows.total === 0) {
    return (
      <div className={styles.message} role="status">
        <Text weight="semibold">{narrowed ? 'Nothing matches' : 'This folder is empty'}</Text>
      </div>
    );
  }
  return (
    <div ref={scroller} className={styles.scroller}>
      <div
        role="list"
        aria-label={label}
        aria-busy={rows.total === null || busy}
        className={styles.body}
        style={{ height: virtual.getTotalSize() }}
      >
        {virtual.getVirtualItems().map((item) => {
          const row = rows.total === null ? undefined : rows.row(item.index);
          const style = { transform: `translateY(${item.start}px)` };
          if (!row) {
            return (
              <div key={item.key} role="listitem" className={styles.row} style={style}>
                <Skeleton aria-label="Loading"><SkeletonItem size={12} /></Skeleton>
              </div>
            );
          }
          const name = String(row.name ?? '');
          const isFolder = row.folder === true;
          return (
            <div
              key={item.key}
              role="listitem"
              aria-setsize={rows.total ?? -1}
              aria-posinset={item.index + 1}
              className={styles.row}
              style={style}
            >
              {isFolder ? <Folder20Regular className={styles.folder} /> : <Document20Regular />}
              {!isFolder ? (
                <Link appearance="subtle" className={styles.line} href={fileUrl(address, row._key)} download={name} title={name}>
                  {name}
                </Link>
              ) : onOpen ? (
                <Link as="button" appearance="subtle" className={styles.line} disabled={busy} title={name} onClick={() => onOpen(row)}>
                  {name}
                </Link>
              ) : (
                <Text className={styles.line}>{name}</Text>
              )}
              <Text className={styles.size}>
                {!isFolder && typeof row.size === 'number' ? formatSize(row.size) : ''}
              </Text>
              <span className={styles.date}>
                {modifiedType && <Value value={row.modified} type={modifiedType} />}
              </span>
              {actions.length > 0 && (
                <Menu>
                  <MenuTrigger disableButtonEnhancement>
                    <Button
                      appearance="subtle"
                      size="small"
                      disabled={busy}
                      aria-label={`Actions for ${name}`}
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
          );
        })}
      </div>
    </div>
  );
}
