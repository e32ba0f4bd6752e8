/** The folders and files: rows drawn as they scroll into sight, each a link or a button. */
import { Link, makeStyles, Skeleton, SkeletonItem, Text, tokens } from '@fluentui/react-components';
import { Document20Regular, Folder20Regular } from '@fluentui/react-icons';
import { fileUrl, type PageAction, type Row, type StepAddress } from '@graphwright/api';
import { RowMenu } from '@graphwright/components/RowMenu';
import { NoRows, rowsProblem } from '@graphwright/components/RowsNotice';
import { Value } from '@graphwright/components/Value';
import type { Rows } from '@graphwright/useRows';
import { useVirtualRows } from '@graphwright/useVirtualRows';

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
  const { scroller, virtual } = useVirtualRows(rows, { height: rowHeight, placeholders: 6, overscan: 10 });

  const problem = rowsProblem(rows);
  if (problem) return problem;
  if (rows.total === 0) return <NoRows>{narrowed ? 'Nothing matches' : 'This folder is empty'}</NoRows>;
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
                <RowMenu name={name} actions={actions} busy={busy} onAction={(action) => onAction(action, row)} />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
