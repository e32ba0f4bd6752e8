/** One visit of a node in a run: what it read, what it set, how long it took, and running it again. */
import { Accordion, AccordionHeader, AccordionItem, AccordionPanel, Button, makeStyles, MessageBar, MessageBarBody, Text, tokens, Tree, TreeItem, TreeItemLayout } from '@fluentui/react-components';
import { ArrowClockwise20Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { JsonValue, VisitWire } from '../api';
import { Confirm } from '../Confirm';
import { sayError } from '../toasts';

/** So many values of one list are drawn at once; a click draws as many more. */
const step = 40;

const useStyles = makeStyles({
  visit: { display: 'flex', flexDirection: 'column', gap: '8px' },
  key: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, overflowWrap: 'anywhere' },
  value: { color: tokens.colorNeutralForeground3 },
  facts: { color: tokens.colorNeutralForeground2 },
});

function scalar(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  if (typeof value === 'object' && value !== null) return `{${Object.keys(value).length}}`;
  const text = JSON.stringify(value) ?? '';
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function Branches({ entries, path }: { entries: [string, JsonValue][]; path: string }): React.JSX.Element {
  const [drawn, setDrawn] = useState(step);
  const more = entries.length - drawn;
  return (
    <>
      {entries.slice(0, drawn).map(([key, child]) => <Branch key={key} name={key} value={child} path={`${path}/${key}`} />)}
      {more > 0 && (
        <TreeItem itemType="leaf" value={`${path}/…`} onClick={() => setDrawn(drawn + step)}>
          <TreeItemLayout>{more} more</TreeItemLayout>
        </TreeItem>
      )}
    </>
  );
}

function Branch({ name, value, path }: { name: string; value: JsonValue; path: string }): React.JSX.Element {
  const styles = useStyles();
  const [open, setOpen] = useState(false);
  const entries = entriesOf(value);
  return (
    <TreeItem itemType={entries.length > 0 ? 'branch' : 'leaf'} value={path} onOpenChange={(_, data) => data.value === path && setOpen(data.open)}>
      <TreeItemLayout><span className={styles.key}>{name}: <span className={styles.value}>{scalar(value)}</span></span></TreeItemLayout>
      {open && entries.length > 0 && <Tree><Branches entries={entries} path={path} /></Tree>}
    </TreeItem>
  );
}

function entriesOf(value: JsonValue): [string, JsonValue][] {
  return typeof value === 'object' && value !== null ? Object.entries(value as { [key: string]: JsonValue }) : [];
}

export function ValueTree({ value, label }: { value: JsonValue; label: string }): React.JSX.Element {
  const entries = entriesOf(value);
  if (entries.length === 0) return <Text size={200}>Nothing.</Text>;
  return <Tree aria-label={label} size="small"><Branches entries={entries} path="" /></Tree>;
}

export function VisitView({ visit, writes, onAgain }: { visit: VisitWire; writes: boolean; onAgain: (confirmed: boolean) => Promise<void> }): React.JSX.Element {
  const styles = useStyles();
  const error = visit.error as { message?: string; hint?: string } | null;
  const again = <Button icon={<ArrowClockwise20Regular />} {...(!writes && { onClick: () => void onAgain(false).catch(sayError) })}>Run this node again</Button>;
  return (
    <div className={styles.visit}>
      <Text size={200} className={styles.facts}>
        Step {visit.index + 1}
        {visit.milliseconds !== null && ` · ${Math.round(visit.milliseconds)} ms`}
        {visit.exit !== null ? ` · left by “${visit.exit}”` : ' · still here'}
      </Text>
      {error && (
        <MessageBar intent="error" layout="multiline"><MessageBarBody>{error.message} {error.hint}</MessageBarBody></MessageBar>
      )}
      <Accordion multiple collapsible defaultOpenItems={['out']}>
        <AccordionItem value="in"><AccordionHeader size="small">Variables before</AccordionHeader><AccordionPanel><ValueTree label="Variables before" value={visit.inputs} /></AccordionPanel></AccordionItem>
        <AccordionItem value="out"><AccordionHeader size="small">Set by this node</AccordionHeader><AccordionPanel><ValueTree label="Set by this node" value={visit.outputs} /></AccordionPanel></AccordionItem>
      </Accordion>
      {writes ? (
        <Confirm title="Send this request again?" text="It changes data, and would change it once more." action="Send again" onConfirm={() => onAgain(true)}>{again}</Confirm>
      ) : (
        again
      )}
    </div>
  );
}
