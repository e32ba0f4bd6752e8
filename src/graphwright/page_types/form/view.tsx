/** The form: fields by type, checked here and by the server, sent once. */
import { Button, makeStyles, MessageBar, MessageBarBody, tokens } from '@fluentui/react-components';
import type { JsonValue } from '@graphwright/api';
import { type PageViewProps, takesExit } from '@graphwright/pageType';
import { useLeaveWarning } from '@graphwright/useLeaveWarning';
import { useEffect, useRef, useState } from 'react';
import { FieldInput } from './FieldInput';
import { allDayField, complaint, type FormField, type Input, inputsOf, valueOf } from './values';

interface FormView {
  fields: FormField[];
  submit: { title: string };
  cancel: boolean;
}

const useStyles = makeStyles({
  scroller: { flexGrow: 1, minHeight: 0, overflowY: 'auto' },
  form: {
    display: 'grid',
    gap: tokens.spacingVerticalL,
    maxWidth: '640px',
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalXXL} ${tokens.spacingVerticalXXXL}`,
    '@media (max-width: 640px)': { paddingInline: '16px' },
  },
  buttons: { display: 'flex', gap: tokens.spacingHorizontalS, paddingTop: tokens.spacingVerticalS },
});

export default function FormPage(props: PageViewProps<FormView>): React.JSX.Element {
  const { page, busy, exit, draft } = props;
  const { fields, submit, cancel } = page.view;
  const styles = useStyles();
  const form = useRef<HTMLFormElement>(null);
  const [inputs, setInputs] = useState(() => inputsOf(fields, draft));
  const [messages, setMessages] = useState<{ [name: string]: string }>({});
  const [leaving, setLeaving] = useState(false);
  const focusNext = useRef<string | null>(null);

  const switchField = allDayField(fields);
  const allDay = switchField ? (inputs[switchField.name]?.on ?? false) : false;
  const allDayChanged = switchField !== undefined && allDay !== (switchField.value === true);
  const dirty = Object.values(inputs).some(({ touched }) => touched);
  const dialog = useLeaveWarning(dirty && !leaving && !busy);

  useEffect(() => {
    const name = focusNext.current;
    if (!name || busy) return;
    focusNext.current = null;
    const found = form.current?.querySelector<HTMLElement>(`[data-field="${CSS.escape(name)}"]`);
    const inner = found?.matches('input, textarea, button') ? found : found?.querySelector<HTMLElement>('input, textarea, button');
    inner?.focus();
  });

  const show = (found: { [name: string]: string }): void => {
    setMessages(found);
    focusNext.current = fields.find(({ name }) => found[name])?.name ?? null;
  };
  const change = (name: string, to: Partial<Input>): void => {
    setInputs((now) => ({ ...now, [name]: { ...now[name]!, ...to, touched: true } }));
    setMessages(({ [name]: _fixed, ...rest }) => rest);
  };
  const send = async (event: React.FormEvent): Promise<void> => {
    event.preventDefault();
    const found: { [name: string]: string } = {};
    const values: { [name: string]: JsonValue } = {};
    for (const field of fields) {
      const input = inputs[field.name]!;
      const message = complaint(field, input, allDay);
      if (message) found[field.name] = message;
      else if (!field.read_only) values[field.name] = valueOf(field, input, allDay, allDayChanged);
    }
    show(found);
    if (Object.keys(found).length > 0) return;
    setLeaving(true);
    const error = await exit('submit', { values }, { ownErrors: true });
    // After a session's end the values are kept: nobody need be warned on the way to sign in.
    if (!error || error.status === 401) return;
    setLeaving(false);
    const refused = error.facts.fields;
    if (refused && typeof refused === 'object' && !Array.isArray(refused)) {
      show(Object.fromEntries(Object.entries(refused).map(([name, message]) => [name, String(message)])));
    }
  };
  const leave = (): void => {
    setLeaving(true);
    void exit('cancel').then((error) => error && setLeaving(false));
  };
  const elsewhere = Object.entries(messages).filter(([name]) => !fields.some((field) => field.name === name));

  return (
    <div className={styles.scroller}>
      <form ref={form} className={styles.form} noValidate aria-label={page.title} onSubmit={(event) => void send(event)}>
        {draft && (
          <MessageBar intent="info">
            <MessageBarBody>What you had entered before your session ended is back.</MessageBarBody>
          </MessageBar>
        )}
        {elsewhere.map(([name, message]) => (
          <MessageBar key={name} intent="error">
            <MessageBarBody>
              {name}: {message}
            </MessageBarBody>
          </MessageBar>
        ))}
        {fields.map((field) => (
          <FieldInput
            key={field.name}
            field={field}
            input={inputs[field.name]!}
            message={messages[field.name]}
            dateOnly={allDay && field.type === 'zoned_datetime'}
            disabled={busy}
            onChange={(to) => change(field.name, to)}
          />
        ))}
        <div className={styles.buttons}>
          <Button type="submit" appearance="primary" disabled={busy}>
            {busy ? 'Sending…' : submit.title}
          </Button>
          {cancel && takesExit(page, 'cancel') && (
            <Button disabled={busy} onClick={leave}>
              Cancel
            </Button>
          )}
        </div>
      </form>
      {dialog}
    </div>
  );
}
