/** At the left of the canvas: the types of nodes to add, and the nodes that are there, as a list. */
import { Button, makeStyles, mergeClasses, SearchBox, Tab, TabList, Text, tokens, Tooltip } from '@fluentui/react-components';
import { PanelLeftContract20Regular, PanelLeftExpand20Regular } from '@fluentui/react-icons';
import { useMemo, useState } from 'react';
import type { KindWire } from '../api';
import { inOrder } from './arrange';
import { draggedType } from './dragged';
import { KindTile } from './kindIcons';
import { nodesOf } from './model';
import type { FlowModel } from './useFlowModel';

const useStyles = makeStyles({
  pane: {
    display: 'flex', flexDirection: 'column', width: '220px', flexShrink: 0, minHeight: 0,
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`, backgroundColor: tokens.colorNeutralBackground1,
  },
  folded: { width: '44px', alignItems: 'center', paddingTop: '8px' },
  head: { display: 'flex', alignItems: 'center', justifyContent: 'space-between', padding: '6px 6px 0 4px' },
  search: { margin: '8px 10px 4px', maxWidth: 'none' },
  body: { overflowY: 'auto', minHeight: 0, flexGrow: 1, padding: '4px 8px 16px' },
  group: { display: 'block', padding: '10px 6px 4px', color: tokens.colorNeutralForeground3 },
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  entry: {
    display: 'flex', alignItems: 'center', gap: '10px', width: '100%', padding: '5px 6px', border: 'none', textAlign: 'left',
    borderRadius: tokens.borderRadiusMedium, backgroundColor: 'transparent', color: tokens.colorNeutralForeground1, cursor: 'pointer',
    fontFamily: tokens.fontFamilyBase, fontSize: tokens.fontSizeBase300,
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  draggable: { cursor: 'grab' },
  chosen: { backgroundColor: tokens.colorNeutralBackground1Selected },
  words: { minWidth: 0 },
  line: { display: 'block', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  quiet: { color: tokens.colorNeutralForeground3 },
  exits: { listStyleType: 'none', margin: '0 0 4px', padding: '0 0 0 44px' },
  exit: { display: 'block', fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground3 },
});

interface SidePaneProps {
  flowModel: FlowModel;
  selected: ReadonlySet<string>;
  readOnly: boolean;
  onAdd: (kind: KindWire) => void;
  onNode: (name: string) => void;
}

export function SidePane({ flowModel, selected, readOnly, onAdd, onNode }: SidePaneProps): React.JSX.Element {
  const styles = useStyles();
  const [open, setOpen] = useState(() => window.innerWidth > 1400);
  const [chosen, setChosen] = useState<'add' | 'outline'>('add');
  const tab = readOnly ? 'outline' : chosen;
  if (!open) {
    return (
      <aside className={mergeClasses(styles.pane, styles.folded)} aria-label="Nodes">
        <Tooltip content="Show the nodes" relationship="label">
          <Button appearance="subtle" icon={<PanelLeftExpand20Regular />} onClick={() => setOpen(true)} />
        </Tooltip>
      </aside>
    );
  }
  return (
    <aside className={styles.pane} aria-label="Nodes">
      <div className={styles.head}>
        <TabList size="small" selectedValue={tab} onTabSelect={(_, { value }) => setChosen(value as 'add' | 'outline')}>
          {!readOnly && <Tab value="add">Add</Tab>}
          <Tab value="outline">Outline</Tab>
        </TabList>
        <Tooltip content="Hide" relationship="label">
          <Button appearance="subtle" size="small" icon={<PanelLeftContract20Regular />} onClick={() => setOpen(false)} />
        </Tooltip>
      </div>
      {tab === 'add' ? <Palette flowModel={flowModel} onAdd={onAdd} /> : <Outline flowModel={flowModel} selected={selected} onNode={onNode} />}
    </aside>
  );
}

function Palette({ flowModel, onAdd }: Pick<SidePaneProps, 'flowModel' | 'onAdd'>): React.JSX.Element {
  const styles = useStyles();
  const [query, setQuery] = useState('');
  const { kinds } = flowModel.around;
  const pages = flowModel.model.flow.kind === 'regular';
  const groups = useMemo(() => {
    const wanted = query.toLowerCase();
    const found = [...kinds.values()].filter(
      (kind) => (pages || kind.type !== 'page') && `${kind.title} ${kind.summary}`.toLowerCase().includes(wanted),
    );
    const order = ['Microsoft 365', 'Data', 'User', 'Flow'];
    const rank = (group: string): number => order.indexOf(group) + 1 || 9;
    const names = [...new Set(found.map((kind) => kind.group))].sort((a, b) => rank(a) - rank(b));
    return names.map((group) => ({ group, kinds: found.filter((kind) => kind.group === group) }));
  }, [kinds, pages, query]);
  return (
    <>
      <SearchBox size="small" className={styles.search} placeholder="Search nodes" aria-label="Search node types" value={query} onChange={(_, data) => setQuery(data.value)} />
      <div className={styles.body}>
        {groups.map(({ group, kinds: members }) => (
          <section key={group} aria-label={group}>
            <Text size={200} weight="semibold" className={styles.group}>{group}</Text>
            <ul className={styles.list}>
              {members.map((kind) => (
                <li key={kind.type}>
                  <button
                    type="button"
                    draggable
                    className={mergeClasses(styles.entry, styles.draggable)}
                    title={kind.summary}
                    onClick={() => onAdd(kind)}
                    onDragStart={(event) => {
                      event.dataTransfer.setData(draggedType, kind.type);
                      event.dataTransfer.effectAllowed = 'copy';
                    }}
                  >
                    <KindTile type={kind.type} group={kind.group} small />
                    {kind.title}
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  );
}

/** The flow as a list: what the drawing says, in the order it is walked. */
function Outline({ flowModel, selected, onNode }: Pick<SidePaneProps, 'flowModel' | 'selected' | 'onNode'>): React.JSX.Element {
  const styles = useStyles();
  const { described, model } = flowModel;
  const notes = nodesOf(model.flow).filter(([, node]) => node.type === 'note').map(([name]) => name);
  return (
    <div className={styles.body}>
      <ol className={styles.list} aria-label="Nodes of the flow">
        {[...inOrder(model.flow), ...notes].flatMap((name) => {
          const data = described.get(name);
          if (!data) return [];
          return [
            <li key={name}>
              <button type="button" className={mergeClasses(styles.entry, selected.has(name) && styles.chosen)} aria-pressed={selected.has(name)} onClick={() => onNode(name)}>
                <KindTile type={data.type} group={data.group} small />
                <span className={styles.words}>
                  <Text className={styles.line}>{data.title}{data.start && ' (start)'}</Text>
                  <Text size={200} className={mergeClasses(styles.line, styles.quiet)}>{data.summary}</Text>
                </span>
              </button>
              {data.exits.some((exit) => exit.target) && (
                <ul className={styles.exits} aria-label={`Exits of ${data.title}`}>
                  {data.exits.filter((exit) => exit.target).map((exit) => (
                    <li key={exit.name} className={styles.exit}>{exit.label} → {described.get(exit.target!)?.title ?? exit.target}</li>
                  ))}
                </ul>
              )}
            </li>,
          ];
        })}
      </ol>
    </div>
  );
}
