/** Messages: folders, list and reading pane; on a phone one of them at a time. */
import {
  Button,
  CounterBadge,
  makeStyles,
  mergeClasses,
  Select,
  Text,
  tokens,
} from '@fluentui/react-components';
import {
  Archive20Regular,
  ArrowLeft20Regular,
  Delete20Regular,
  Drafts20Regular,
  Folder20Regular,
  type FluentIcon,
  MailInbox20Regular,
  Send20Regular,
} from '@fluentui/react-icons';
import type { Row, RowsQuery } from '@graphwright/api';
import { useConfirmedExits } from '@graphwright/components/ConfirmedExits';
import { useSearch } from '@graphwright/components/useSearch';
import { type PageViewProps, rowActions } from '@graphwright/pageType';
import { narrow, useMedia } from '@graphwright/useMedia';
import { useRows } from '@graphwright/useRows';
import { useEffect, useMemo, useState } from 'react';
import { MessageList } from './MessageList';
import { NothingChosen, ReadingPane } from './ReadingPane';

export const keepAcrossSteps = true;

interface Folder {
  key: string;
  title: string;
  unread: number | null;
  total: number | null;
}

interface MessageView {
  folders: Folder[];
  folder: string | null;
  search?: boolean;
  folder_filter?: boolean;
  folder_exit?: boolean;
}

const useStyles = makeStyles({
  frame: {
    flexGrow: 1,
    minHeight: 0,
    display: 'grid',
    gridTemplateColumns: '200px minmax(260px, 360px) minmax(0, 1fr)',
    gridTemplateRows: 'minmax(0, 1fr)',
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    '@media (max-width: 1000px)': { gridTemplateColumns: 'minmax(220px, 320px) minmax(0, 1fr)' },
    '@media (max-width: 640px)': { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  noFolders: { gridTemplateColumns: 'minmax(260px, 360px) minmax(0, 1fr)' },
  folders: {
    margin: 0,
    padding: '12px 8px',
    listStyleType: 'none',
    overflowY: 'auto',
    backgroundColor: tokens.colorNeutralBackground2,
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  folder: {
    width: '100%',
    display: 'flex',
    alignItems: 'center',
    gap: '10px',
    padding: '7px 10px',
    border: 'none',
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: 'transparent',
    color: tokens.colorNeutralForeground1,
    font: 'inherit',
    textAlign: 'start',
    cursor: 'pointer',
    ':hover': { backgroundColor: tokens.colorNeutralBackground2Hover },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  current: { backgroundColor: tokens.colorNeutralBackground2Selected, fontWeight: tokens.fontWeightSemibold },
  folderTitle: { flexGrow: 1, minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  middle: {
    minHeight: 0,
    minWidth: 0,
    display: 'flex',
    flexDirection: 'column',
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
    '@media (max-width: 640px)': { borderRight: 'none' },
  },
  tools: { display: 'grid', gap: '8px', padding: '10px 12px', borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  search: { maxWidth: '100%' },
  count: { color: tokens.colorNeutralForeground2 },
  right: { minHeight: 0, minWidth: 0, display: 'flex', flexDirection: 'column' },
  back: { alignSelf: 'flex-start', margin: '8px 8px 0' },
});

function folderIcon(title: string): FluentIcon {
  if (/inbox/i.test(title)) return MailInbox20Regular;
  if (/draft/i.test(title)) return Drafts20Regular;
  if (/sent/i.test(title)) return Send20Regular;
  if (/delet|trash/i.test(title)) return Delete20Regular;
  return /archive/i.test(title) ? Archive20Regular : Folder20Regular;
}

export default function MessagePage(props: PageViewProps<MessageView>): React.JSX.Element {
  const { page, address, busy, exit } = props;
  const { view } = page;
  const styles = useStyles();
  const phone = useMedia(narrow);
  const tight = useMedia('(max-width: 1000px)');
  const { run, dialog } = useConfirmedExits({ address, exit });
  const [folder, setFolder] = useState(view.folder);
  const [opened, setOpened] = useState<Row | null>(null);

  useEffect(() => {
    if (view.folder_exit) setFolder(view.folder);
  }, [view]);

  const title = view.folders.find(({ key }) => key === folder)?.title ?? page.title;
  const { search, box } = useSearch(title, styles.search);
  const byFolder = view.folder_filter !== false && folder !== null;
  const query = useMemo<RowsQuery>(
    () => ({
      part: 'messages',
      search,
      filter: byFolder ? [{ field: 'folder', op: 'eq', value: folder }] : [],
    }),
    [search, byFolder, folder],
  );
  const rows = useRows(address, query);

  const choose = (key: string): void => {
    setFolder(key);
    setOpened(null);
    if (view.folder_exit) void exit('folder_changed', { key }, { lastWins: true });
  };
  const showList = !phone || !opened;
  const showReading = !phone || opened !== null;
  const showFolders = !tight && view.folders.length > 0;
  return (
    <div className={mergeClasses(styles.frame, view.folders.length === 0 && !tight && styles.noFolders)}>
      {showFolders && (
        <nav aria-label="Folders" style={{ display: 'contents' }}>
          <ul className={styles.folders}>
            {view.folders.map(({ key, title: name, unread }) => {
              const Icon = folderIcon(name);
              return (
                <li key={key}>
                  <button
                    type="button"
                    className={mergeClasses(styles.folder, key === folder && styles.current)}
                    aria-current={key === folder ? 'true' : undefined}
                    onClick={() => choose(key)}
                  >
                    <Icon aria-hidden />
                    <span className={styles.folderTitle}>{name}</span>
                    {unread ? (
                      <CounterBadge count={unread} overflowCount={999} size="small" aria-label={`${unread} unread`} role="img" />
                    ) : null}
                  </button>
                </li>
              );
            })}
          </ul>
        </nav>
      )}
      {showList && (
        <section className={styles.middle} aria-label={title}>
          <div className={styles.tools}>
            {tight && view.folders.length > 0 && (
              <Select aria-label="Folder" value={folder ?? ''} onChange={(_, data) => choose(data.value)}>
                {view.folders.map(({ key, title: name, unread }) => (
                  <option key={key} value={key}>
                    {unread ? `${name} (${unread})` : name}
                  </option>
                ))}
              </Select>
            )}
            {view.search !== false && box}
            <Text size={200} className={styles.count} role="status">
              {rows.total === null ? '' : `${rows.total.toLocaleString()} ${rows.total === 1 ? 'message' : 'messages'}`}
            </Text>
          </div>
          <MessageList
            rows={rows}
            label={title}
            selected={opened?._key ?? null}
            narrowed={search !== ''}
            onSelect={setOpened}
          />
        </section>
      )}
      {showReading && (
        <section className={styles.right} aria-label="Reading pane">
          {phone && (
            <Button className={styles.back} appearance="subtle" icon={<ArrowLeft20Regular />} onClick={() => setOpened(null)}>
              {title}
            </Button>
          )}
          {opened ? (
            <ReadingPane
              address={address}
              message={opened}
              actions={rowActions(page.actions)}
              busy={busy}
              onAction={(action, row) => void run(action, row._key, row)}
              onGone={() => setOpened(null)}
            />
          ) : (
            <NothingChosen />
          )}
        </section>
      )}
      {dialog}
    </div>
  );
}
