/** Where each exit of a node leads, as a list: what the canvas does by dragging. */
import { Button, Combobox, Dropdown, Field, makeStyles, Option, Text, tokens, Tooltip } from '@fluentui/react-components';
import { Add20Regular, Dismiss20Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { Spot } from './canvasState';
import { type ExitView, exitViews, statusPattern, type Surroundings } from './exits';
import type { StepData } from './graph';
import type { NodeValue } from './model';

const nowhere = '(nowhere)';
const statuses = ['404', '4xx', '401', '403', '409', '412', '429', '5xx', '2xx'];

const useStyles = makeStyles({
  list: { display: 'flex', flexDirection: 'column', gap: '12px' },
  row: { display: 'flex', alignItems: 'end', gap: '4px' },
  grow: { flexGrow: 1, minWidth: 0 },
  choice: { minWidth: 0, width: '100%' },
  error: { color: tokens.colorPaletteRedForeground1 },
});

interface ExitsEditorProps {
  name: string;
  node: NodeValue;
  described: ReadonlyMap<string, StepData>;
  /** Whether exits for statuses can be added. */
  openExits: boolean;
  onLead: (exit: string, to: string | null) => void;
  onNext: (exit: string, spot: Spot) => void;
}

export function ExitsEditor({ name, described, openExits, onLead, onNext }: ExitsEditorProps): React.JSX.Element {
  const styles = useStyles();
  const exits = described.get(name)?.exits ?? [];
  const [added, setAdded] = useState<string[]>([]);
  const extra = added.filter((each) => !exits.some((exit) => exit.name === each));
  const rows: ExitView[] = [...exits, ...extra.map((each): ExitView => ({ name: each, label: each, tone: 'error', target: null, listed: false }))];
  return (
    <div className={styles.list}>
      {rows.length === 0 && <Text>This node has no exits: the flow ends here.</Text>}
      {rows.map((exit) => (
        <div key={exit.name} className={styles.row}>
          <Field className={styles.grow} label={<span className={exit.tone === 'error' ? styles.error : undefined} title={exit.name}>{exit.label}</span>}>
            <Dropdown
              className={styles.choice}
              value={exit.target ? (described.get(exit.target)?.title ?? exit.target) : 'Nowhere yet'}
              selectedOptions={[exit.target ?? nowhere]}
              onOptionSelect={(_, data) => onLead(exit.name, data.optionValue === nowhere ? null : data.optionValue!)}
            >
              <Option value={nowhere} text="Nowhere yet">Nowhere yet</Option>
              {[...described.values()].filter((data) => data.type !== 'note' && data.name !== name).map((data) => (
                <Option key={data.name} value={data.name} text={data.title}>{data.title}</Option>
              ))}
            </Dropdown>
          </Field>
          <Tooltip content="A new node here" relationship="label">
            <Button
              appearance="subtle"
              icon={<Add20Regular />}
              onClick={(event) => {
                const { left, bottom } = event.currentTarget.getBoundingClientRect();
                onNext(exit.name, { x: left - 300, y: bottom + 4 });
              }}
            />
          </Tooltip>
          {!exit.listed && (
            <Tooltip content="Take this exit away" relationship="label">
              <Button
                appearance="subtle"
                icon={<Dismiss20Regular />}
                onClick={() => {
                  setAdded((now) => now.filter((each) => each !== exit.name));
                  if (exit.target) onLead(exit.name, null);
                }}
              />
            </Tooltip>
          )}
        </div>
      ))}
      {openExits && <AddStatus taken={rows.map((row) => row.name)} onAdd={(status) => setAdded((now) => [...now, status])} />}
    </div>
  );
}

/** An exit of its own for a status, such as 404, or a class of them. */
function AddStatus({ taken, onAdd }: { taken: string[]; onAdd: (status: string) => void }): React.JSX.Element {
  const styles = useStyles();
  const [text, setText] = useState('');
  const valid = statusPattern.test(text) && !taken.includes(text);
  return (
    <div className={styles.row}>
      <Field
        className={styles.grow}
        label="An exit for a status"
        {...(text && !valid && { validationMessage: taken.includes(text) ? 'There is one already.' : 'A status such as 404, or a class such as 4xx.' })}
      >
        <Combobox className={styles.choice} freeform value={text} placeholder="404, 4xx…" onChange={(event) => setText(event.target.value)} onOptionSelect={(_, data) => setText(data.optionValue ?? '')}>
          {statuses.filter((status) => !taken.includes(status)).map((status) => (
            <Option key={status} value={status} text={status}>{labelOf(status)}</Option>
          ))}
        </Combobox>
      </Field>
      <Button
        disabled={!valid}
        onClick={() => {
          onAdd(text);
          setText('');
        }}
      >
        Add
      </Button>
    </div>
  );
}

const alone: Surroundings = { kinds: new Map(), pageKinds: new Map(), titles: new Map(), values: new Map() };

function labelOf(status: string): string {
  return exitViews({ type: 'http_request', exits: { [status]: 'x' } }, alone)[0]!.label;
}
