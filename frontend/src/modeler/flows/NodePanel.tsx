/** Properties of the node that is selected: its fields, its exits, and what it did in the run shown. */
import {
  Button, Field, Input, makeStyles, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, MessageBar, MessageBarBody, Spinner, Tab, TabList,
  Text, tokens, Tooltip,
} from '@fluentui/react-components';
import { CircleHint20Filled, Delete20Regular, DocumentCopy20Regular, Flag20Regular, MoreHorizontal20Regular, Open20Regular, QuestionCircle20Regular, RecordStop20Regular, Rename20Regular } from '@fluentui/react-icons';
import { type ComponentType, lazy, Suspense, useEffect, useState } from 'react';
import type { Inferred, KindWire, ProblemWire, TraceWire, VisitWire } from '../api';
import { rename } from '../actions';
import { showHelp } from '../dialogs';
import '../expressions/editors';
import { SchemaForm } from '../form/SchemaForm';
import type { JsonObject } from '../merge';
import { sayError } from '../toasts';
import { ExitsEditor } from './ExitsEditor';
import type { Commands } from './editor';
import { KindTile } from './kindIcons';
import { connect, disconnect, type Model, namePattern, type NodeValue, setNode } from './model';
import { boundRange, withRange } from './nextSteps';
import type { FlowModel } from './useFlowModel';
import type { Run } from './useRun';
import { VisitView } from './VisitView';

interface RequestEditorProps {
  value: JsonObject;
  onChange: (value: JsonObject, checkpoint?: string) => void;
  flow: string;
  node: string;
  onMapped: (made: { inferred: Inferred }) => void;
}

/** The request editor, where it is there; loaded when the first request is opened. */
const requestEditors = import.meta.glob<Record<string, ComponentType<RequestEditorProps>>>('../requests/RequestEditor.tsx');
const loadRequestEditor = requestEditors['../requests/RequestEditor.tsx'];
const RequestEditor = loadRequestEditor
  ? lazy(async () => {
      const module = await loadRequestEditor();
      return { default: (module.default ?? module.RequestEditor)! };
    })
  : null;

const useStyles = makeStyles({
  head: { display: 'flex', alignItems: 'center', gap: '10px', padding: '14px 12px 8px 16px' },
  words: { flexGrow: 1, minWidth: 0 },
  line: { display: 'block', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  quiet: { color: tokens.colorNeutralForeground3 },
  tabs: { paddingInline: '8px', borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  body: { padding: '12px 16px 24px', display: 'flex', flexDirection: 'column', gap: '16px', overflowY: 'auto', minHeight: 0, flexGrow: 1 },
  problems: { display: 'flex', flexDirection: 'column', gap: '4px', flexShrink: 0 },
  renaming: { display: 'flex', gap: '8px', alignItems: 'end' },
  wide: { flexGrow: 1 },
  readOnly: { border: 'none', margin: 0, padding: 0, minWidth: 0, '& .cm-editor': { pointerEvents: 'none' } },
});

interface NodePanelProps {
  flow: string;
  name: string;
  node: NodeValue;
  kind: KindWire | undefined;
  flowModel: FlowModel;
  problems: ProblemWire[];
  commands: Commands;
  run: Run;
  select: (names: Iterable<string>) => void;
  onOpen: (name: string) => void;
  renaming: boolean;
  onRenaming: (on: boolean) => void;
  /** On a phone: everything can be read, nothing changed. */
  readOnly: boolean;
}

interface RenamingProps {
  flow: string;
  name: string;
  onDone: (to: string) => void;
  onCancel: () => void;
}

function Renaming({ flow, name, onDone, onCancel }: RenamingProps): React.JSX.Element {
  const styles = useStyles();
  const [to, setTo] = useState(name);
  const valid = namePattern.test(to);
  return (
    <form
      className={styles.renaming}
      onSubmit={(event) => {
        event.preventDefault();
        if (valid && to !== name) void rename({ kind: 'node', name, to, within: flow }).then(() => onDone(to)).catch(sayError);
        else if (to === name) onDone(name);
      }}
    >
      <Field className={styles.wide} label="Name in the model" {...(!valid && { validationMessage: 'Small letters, digits and _.' })}>
        <Input
          autoFocus
          value={to}
          maxLength={60}
          onChange={(_, data) => setTo(data.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.stopPropagation();
            onCancel();
          }}
        />
      </Field>
      <Button type="submit" appearance="primary" disabled={!valid}>Rename</Button>
    </form>
  );
}

export function NodePanel(props: NodePanelProps): React.JSX.Element {
  const { flow, name, node, kind, flowModel, problems, commands, run, select, onOpen, renaming, onRenaming, readOnly } = props;
  const styles = useStyles();
  const data = flowModel.described.get(name);
  const visits = run.trace?.visits.filter((visit) => visit.flow === flow && visit.node === name) ?? [];
  const [tab, setTab] = useState<'settings' | 'exits' | 'run'>('settings');
  const heldAt = run.held && visits.includes(run.held) ? run.held.index : null;
  useEffect(() => {
    if (heldAt !== null) setTab('run');
  }, [heldAt]);
  const shown = tab === 'run' && visits.length === 0 ? 'settings' : tab;
  const { model } = flowModel;
  const set = (next: JsonObject, checkpoint?: string): void => {
    if (readOnly) return;
    const edited = setNode(model, name, next as unknown as NodeValue);
    flowModel.apply(withRange(edited, next.type === 'http_request' ? boundRange(next as unknown as NodeValue) : null), checkpoint ?? `${name}`);
  };
  const form = { schema: kind?.config_schema ?? {}, value: node as unknown as JsonObject, onChange: set, path: `nodes.${name}`, problems };
  const context = { document: `flows/${flow}.yaml`, flow, node: name, compact: true };
  return (
    <>
      <div className={styles.head}>
        <KindTile type={node.type} group={data?.group ?? ''} />
        <span className={styles.words}>
          <Text as="h2" block weight="semibold" size={400} className={styles.line}>{data?.title ?? name}</Text>
          <Text size={200} className={`${styles.line} ${styles.quiet}`}>{data?.kind} · {name}</Text>
        </span>
        {kind && (
          <Tooltip content={`About ${kind.title}`} relationship="label">
            <Button appearance="subtle" icon={<QuestionCircle20Regular />} onClick={() => showHelp('nodes', kind.type)} />
          </Tooltip>
        )}
        {!readOnly && <NodeMenu {...{ name, node, model, commands, run, onOpen }} onRename={() => onRenaming(true)} />}
      </div>
      <TabList className={styles.tabs} size="small" selectedValue={shown} onTabSelect={(_, { value }) => setTab(value as typeof tab)}>
        <Tab value="settings">Settings</Tab>
        {node.type !== 'end' && node.type !== 'note' && <Tab value="exits">Exits</Tab>}
        {visits.length > 0 && <Tab value="run">This run</Tab>}
      </TabList>
      <div className={styles.body}>
        {renaming && <Renaming flow={flow} name={name} onCancel={() => onRenaming(false)} onDone={(to) => { onRenaming(false); select([to]); }} />}
        {problems.length > 0 && <Problems problems={problems} />}
        {readOnly && shown !== 'run' && <Text size={200} className={styles.quiet}>Flows are changed on a larger screen. Here they can be read and tried.</Text>}
        {shown === 'settings' && node.type === 'http_request' && RequestEditor && (
          <>
            <ReadOnly when={readOnly}><SchemaForm {...form} context={context} order={['title']} hide={['type', 'exits', 'method', 'url', 'api', 'query', 'headers', 'body', 'authentication']} /></ReadOnly>
            <Suspense fallback={<Spinner size="small" label="Loading the request editor" />}>
              <RequestEditor value={node as unknown as JsonObject} onChange={set} flow={flow} node={name} onMapped={({ inferred }) => commands.addImport(name, inferred)} />
            </Suspense>
          </>
        )}
        {shown === 'settings' && !(node.type === 'http_request' && RequestEditor) && (
          kind
            ? <ReadOnly when={readOnly}><SchemaForm {...form} context={context} hide={['type', 'exits']} order={['title', ...requiredOf(kind)]} /></ReadOnly>
            : <Text>The type {node.type} is not installed here; its settings are kept as they are.</Text>
        )}
        {shown === 'exits' && (
          <ReadOnly when={readOnly}><ExitsEditor
            name={name}
            node={node}
            described={flowModel.described}
            openExits={(kind?.open_exits ?? false) && node.type === 'http_request'}
            onLead={(exit, to) => flowModel.apply(to === null ? disconnect(model, name, exit) : connect(model, name, exit, to))}
            onNext={(exit, spot) => commands.openNext(name, exit, spot)}
          /></ReadOnly>
        )}
        {shown === 'run' && run.trace && <Visits visits={visits} trace={run.trace} node={node} run={run} />}
      </div>
    </>
  );
}

/** Inputs that take nothing; what is not an input of HTML hears no pointer either. */
function ReadOnly({ when, children }: { when: boolean; children: React.ReactNode }): React.JSX.Element {
  const styles = useStyles();
  return when ? <fieldset disabled className={styles.readOnly}>{children}</fieldset> : <>{children}</>;
}

function requiredOf(kind: KindWire): string[] {
  const { required } = (kind.config_schema ?? {}) as { required?: unknown };
  return Array.isArray(required) ? required.filter((each): each is string => typeof each === 'string') : [];
}

function Problems({ problems }: { problems: ProblemWire[] }): React.JSX.Element {
  const styles = useStyles();
  return (
    <div className={styles.problems}>
      {problems.map((problem, index) => (
        <MessageBar key={index} intent={problem.severity === 'error' ? 'error' : 'warning'} layout="multiline">
          <MessageBarBody>{problem.message} {problem.hint}</MessageBarBody>
        </MessageBar>
      ))}
    </div>
  );
}

function Visits({ visits, trace, node, run }: { visits: VisitWire[]; trace: TraceWire; node: NodeValue; run: Run }): React.JSX.Element {
  const writes = node.type === 'http_request' && !['GET', 'HEAD', undefined, null].includes(node.method as string);
  return (
    <>
      {[...visits].reverse().map((visit) => (
        <VisitView key={`${trace.id}:${visit.index}`} visit={visit} writes={writes} onAgain={(confirmed) => run.again(visit, confirmed)} />
      ))}
    </>
  );
}

interface NodeMenuProps {
  name: string;
  node: NodeValue;
  model: Model;
  commands: Commands;
  run: Run;
  onOpen: (name: string) => void;
  onRename: () => void;
}

function NodeMenu({ name, node, model, commands, run, onOpen, onRename }: NodeMenuProps): React.JSX.Element {
  const note = node.type === 'note';
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Tooltip content="More" relationship="label">
          <Button appearance="subtle" icon={<MoreHorizontal20Regular />} />
        </Tooltip>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {(node.type === 'subflow' || node.type === 'page') && <MenuItem icon={<Open20Regular />} onClick={() => onOpen(name)}>Open the {node.type === 'page' ? 'page' : 'sub-flow'}</MenuItem>}
          {!note && node.type !== 'end' && <MenuItem icon={<CircleHint20Filled />} secondaryContent="C" onClick={(event) => commands.openConnect(name, { x: event.clientX, y: event.clientY })}>Connect exit…</MenuItem>}
          {!note && model.flow.start !== name && <MenuItem icon={<Flag20Regular />} onClick={() => commands.setStart(name)}>Start here</MenuItem>}
          {!note && <MenuItem icon={<RecordStop20Regular />} secondaryContent="F9" onClick={() => run.toggleBreakpoint(name)}>{run.breakpoints.has(name) ? 'Take the breakpoint away' : 'Stop here in a run'}</MenuItem>}
          <MenuItem icon={<Rename20Regular />} secondaryContent="F2" onClick={onRename}>Rename…</MenuItem>
          <MenuItem icon={<DocumentCopy20Regular />} secondaryContent="Ctrl+D" onClick={() => commands.duplicate()}>Duplicate</MenuItem>
          <MenuItem icon={<Delete20Regular />} secondaryContent="Del" onClick={() => commands.remove()}>Delete</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
