/** The parts of the application as a tree: found by name, opened, made, renamed, copied, deleted. */
import {
  Badge,
  Button,
  CounterBadge,
  makeStyles,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  SearchBox,
  Text,
  tokens,
  Tree,
  TreeItem,
  TreeItemLayout,
} from '@fluentui/react-components';
import {
  Add20Regular,
  Code20Regular,
  Copy20Regular,
  Delete20Regular,
  MoreHorizontal20Regular,
  Rename20Regular,
} from '@fluentui/react-icons';
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import type { DocumentEntry, ProblemWire } from '../api';
import { askNew } from '../dialogs';
import { type Kind, useModel } from '../documents';
import { addressOf, documentName, type Place, places, shortName } from '../places';
import { DeleteDialog, DuplicateDialog, RenameDialog } from './PartDialogs';

const useStyles = makeStyles({
  head: { display: 'flex', gap: '8px', marginBottom: '8px' },
  search: { flexGrow: 1, maxWidth: '420px' },
  name: { color: tokens.colorNeutralForeground3, marginLeft: '8px', fontFamily: tokens.fontFamilyMonospace },
  aside: { display: 'flex', alignItems: 'center', gap: '8px' },
  type: {
    width: '130px',
    color: tokens.colorNeutralForeground3,
    '@media (max-width: 640px)': { display: 'none' },
  },
  count: { color: tokens.colorNeutralForeground3, marginLeft: '8px' },
  none: { color: tokens.colorNeutralForeground3, padding: '2px 0 8px 32px' },
  nothing: { padding: '24px 8px', color: tokens.colorNeutralForeground2 },
});

type Doing = { what: 'rename' | 'duplicate' | 'delete'; entry: DocumentEntry };

const parts = places.filter(({ kind }) => kind !== 'app');

/** A menu with a new document of each kind. */
export function NewMenu(): React.JSX.Element {
  const navigate = useNavigate();
  const add = async (kind: Kind): Promise<void> => {
    const name = await askNew(kind);
    if (name) void navigate(addressOf(documentName(kind, name)));
  };
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="primary" icon={<Add20Regular />}>New</Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {parts.map(({ kind, one, icon: Icon }) => (
            <MenuItem key={kind} icon={<Icon />} onClick={() => void add(kind)}>
              {one.charAt(0).toUpperCase() + one.slice(1)}
            </MenuItem>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function PartMenu({ entry, onDo }: { entry: DocumentEntry; onDo: (doing: Doing) => void }): React.JSX.Element {
  const navigate = useNavigate();
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button
          size="small"
          appearance="subtle"
          icon={<MoreHorizontal20Regular />}
          aria-label={`More on ${entry.title}`}
        />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem icon={<Rename20Regular />} onClick={() => onDo({ what: 'rename', entry })}>Rename…</MenuItem>
          <MenuItem icon={<Copy20Regular />} onClick={() => onDo({ what: 'duplicate', entry })}>Duplicate…</MenuItem>
          <MenuItem icon={<Code20Regular />} onClick={() => void navigate(`/yaml/${entry.name}`)}>Edit as YAML</MenuItem>
          <MenuItem icon={<Delete20Regular />} onClick={() => onDo({ what: 'delete', entry })}>Delete…</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function Problems({ problems }: { problems: ProblemWire[] }): React.JSX.Element | null {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  const badge = (count: number, word: string, color: 'danger' | 'important'): React.JSX.Element | null =>
    count > 0 ? (
      <CounterBadge
        count={count}
        size="small"
        color={color}
        role="img"
        aria-label={`${count} ${word}${count === 1 ? '' : 's'}`}
      />
    ) : null;
  return (
    <>
      {badge(errors, 'error', 'danger')}
      {badge(warnings, 'warning', 'important')}
    </>
  );
}

function Part({ entry, onDo }: { entry: DocumentEntry; onDo: (doing: Doing) => void }): React.JSX.Element {
  const styles = useStyles();
  const navigate = useNavigate();
  const all = useModel((model) => model.problems);
  const problems = useMemo(() => all.filter(({ file }) => file === entry.name), [all, entry.name]);
  const open = (): void => void navigate(addressOf(entry.name));
  return (
    <TreeItem
      itemType="leaf"
      value={entry.name}
      onClick={open}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.target === event.currentTarget) open();
        if (event.key === 'Delete' && event.target === event.currentTarget) onDo({ what: 'delete', entry });
        if (event.key === 'F2' && event.target === event.currentTarget) onDo({ what: 'rename', entry });
      }}
    >
      <TreeItemLayout
        actions={{
          visible: true,
          children: (
            // What is clicked in the menu is no click on the part.
            <span className={styles.aside} onClick={(event) => event.stopPropagation()}>
              {entry.conflict && <Badge appearance="tint" color="warning">changed on disk</Badge>}
              {entry.changed && !entry.conflict && <Badge appearance="tint" color="brand">not saved</Badge>}
              <Problems problems={problems} />
              {entry.type && <Text size={200} className={styles.type}>{entry.type.replaceAll('_', ' ')}</Text>}
              <PartMenu entry={entry} onDo={onDo} />
            </span>
          ),
        }}
      >
        {entry.title}
        {entry.title !== shortName(entry.name) && (
          <Text size={200} className={styles.name}>{shortName(entry.name)}</Text>
        )}
      </TreeItemLayout>
    </TreeItem>
  );
}

function Section(props: {
  place: Place;
  entries: DocumentEntry[];
  searching: boolean;
  onDo: (doing: Doing) => void;
}): React.JSX.Element | null {
  const { place, entries, searching, onDo } = props;
  const styles = useStyles();
  const navigate = useNavigate();
  const Icon = place.icon;
  if (searching && entries.length === 0) return null;
  const add = async (): Promise<void> => {
    const name = await askNew(place.kind);
    if (name) void navigate(addressOf(documentName(place.kind, name)));
  };
  return (
    <TreeItem itemType="branch" value={place.kind}>
      <TreeItemLayout
        iconBefore={<Icon />}
        actions={{
          visible: true,
          children: (
            <Button
              size="small"
              appearance="subtle"
              icon={<Add20Regular />}
              aria-label={`New ${place.one}`}
              onClick={(event) => {
                event.stopPropagation();
                void add();
              }}
            />
          ),
        }}
      >
        <Text weight="semibold">{place.many}</Text>
        <Text size={200} className={styles.count}>{entries.length}</Text>
      </TreeItemLayout>
      <Tree>
        {entries.length === 0 && (
          <TreeItem itemType="leaf" value={`${place.kind}:none`}>
            <TreeItemLayout className={styles.none}>None yet</TreeItemLayout>
          </TreeItem>
        )}
        {entries.map((entry) => <Part key={entry.name} entry={entry} onDo={onDo} />)}
      </Tree>
    </TreeItem>
  );
}

export function Parts(): React.JSX.Element {
  const styles = useStyles();
  const documents = useModel((model) => model.documents);
  const [search, setSearch] = useState('');
  const [closed, setClosed] = useState<string[]>([]);
  const [doing, setDoing] = useState<Doing | null>(null);
  const words = search.trim().toLowerCase();
  const found = useMemo(
    () => documents.filter(({ name, title, type }) => `${name} ${title} ${type ?? ''}`.toLowerCase().includes(words)),
    [documents, words],
  );
  const open = parts.map(({ kind }) => kind as string).filter((kind) => words || !closed.includes(kind));
  const end = (): void => setDoing(null);
  return (
    <>
      <div className={styles.head}>
        <SearchBox
          className={styles.search}
          aria-label="Search the parts"
          placeholder="Search flows, pages, lists…"
          value={search}
          onChange={(_, data) => setSearch(data.value)}
        />
        <NewMenu />
      </div>
      <Tree
        aria-label="Parts of the application"
        openItems={open}
        onOpenChange={(_, { value, open: opens }) =>
          setClosed((kinds) => (opens ? kinds.filter((kind) => kind !== value) : [...kinds, String(value)]))
        }
      >
        {parts.map((place) => (
          <Section
            key={place.kind}
            place={place}
            entries={found.filter(({ kind }) => kind === place.kind)}
            searching={words !== ''}
            onDo={setDoing}
          />
        ))}
      </Tree>
      {words && !found.some(({ kind }) => kind !== 'layout') && (
        <Text block className={styles.nothing}>Nothing is called “{search}”.</Text>
      )}
      {doing?.what === 'rename' && <RenameDialog entry={doing.entry} onClose={end} />}
      {doing?.what === 'duplicate' && <DuplicateDialog entry={doing.entry} onClose={end} />}
      {doing?.what === 'delete' && <DeleteDialog entry={doing.entry} onClose={end} />}
    </>
  );
}
