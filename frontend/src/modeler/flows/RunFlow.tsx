/** Asks what an action flow is started with, and as whom; then runs it and shows the way it takes. */
import {
  Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Dropdown, Field, makeStyles, MessageBar, MessageBarBody, Option,
} from '@fluentui/react-components';
import { Play20Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { JsonValue } from '../api';
import { type ApiError, asApiError, getAccounts } from '../api';
import { useShellDialogs } from '../dialogs';
import { useDocument } from '../documents';
import { SchemaForm } from '../form/SchemaForm';
import { wordsOf } from '../form/schema';
import { isObject, type JsonObject } from '../merge';
import { documentName } from '../places';
import { runAction } from '../run';
import { useAnswer } from '../useAnswer';

const useStyles = makeStyles({
  surface: { maxWidth: '520px' },
  fields: { display: 'flex', flexDirection: 'column', gap: '16px' },
});

const types: { [type: string]: JsonObject } = {
  text: { type: 'string' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  date: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
  datetime: { type: 'string' },
  json: {},
};
const examples: { [type: string]: string } = { date: 'Such as 2026-03-31.', datetime: 'Such as 2026-03-31T09:00:00Z.' };

/** The schema of a form for the inputs that a flow declares. */
export function schemaOfInputs(inputs: JsonValue | undefined): { properties: JsonObject; required: string[] } {
  const declared = Object.entries(isObject(inputs) ? inputs : {}).flatMap(([name, input]): [string, JsonObject][] =>
    isObject(input) ? [[name, input]] : [],
  );
  const properties = declared.map(([name, input]): [string, JsonValue] => {
    const type = String(input.type ?? 'text');
    const description = [input.description, examples[type]].filter(Boolean).join(' ');
    return [name, { ...types[type], title: wordsOf(name), description, ...(input.default !== undefined && { default: input.default }) }];
  });
  const required = declared.filter(([, input]) => input.required === true && (input.default ?? null) === null);
  return { properties: Object.fromEntries(properties), required: required.map(([name]) => name) };
}

export default function RunFlow({ flow }: { flow: string }): React.JSX.Element {
  const styles = useStyles();
  const navigate = useNavigate();
  const { value } = useDocument(documentName('flow', flow));
  const accounts = useAnswer((signal) => getAccounts(signal), []).answer?.accounts ?? [];
  const [inputs, setInputs] = useState<JsonObject>({});
  const [account, setAccount] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const close = (): void => useShellDialogs.setState({ run: null });
  const { properties, required } = schemaOfInputs(value?.inputs);
  const missing = required.some((name) => inputs[name] === undefined || inputs[name] === '');
  const run = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const trace = await runAction(flow, inputs, account);
      close();
      if (trace) void navigate(`/flows/${flow}?run=${encodeURIComponent(trace)}`);
    } catch (problem) {
      setError(asApiError(problem));
      setBusy(false);
    }
  };
  const nameOf = (id: string | null): string => accounts.find((each) => each.id === id)?.username ?? 'Nobody in particular';
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && close()}>
      <DialogSurface className={styles.surface}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (!missing && !busy) void run();
          }}
        >
          <DialogBody>
            <DialogTitle>Run “{typeof value?.title === 'string' ? value.title : flow}”</DialogTitle>
            <DialogContent className={styles.fields}>
              {error && <MessageBar intent="error" layout="multiline"><MessageBarBody>{error.message} {error.hint}</MessageBarBody></MessageBar>}
              <SchemaForm schema={{ type: 'object', properties, required }} value={inputs} onChange={setInputs} order={Object.keys(properties)} />
              {accounts.length > 1 && (
                <Field label="Runs as" hint="For requests of a person; those of the application need none.">
                  <Dropdown value={nameOf(account)} selectedOptions={[account ?? '']} onOptionSelect={(_, { optionValue }) => setAccount(optionValue || null)}>
                    <Option value="" text={nameOf(null)}>{nameOf(null)}</Option>
                    {accounts.map(({ id, username }) => <Option key={id} value={id} text={username}>{username}</Option>)}
                  </Dropdown>
                </Field>
              )}
            </DialogContent>
            <DialogActions>
              <Button onClick={close}>Cancel</Button>
              <Button appearance="primary" type="submit" icon={<Play20Regular />} disabled={missing || busy}>Run the flow</Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
