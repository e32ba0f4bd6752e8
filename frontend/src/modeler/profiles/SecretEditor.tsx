/** A secret of a profile: named in the model, typed once into the store, never shown again. */
import { Badge, Button, Input, makeStyles, Text, tokens } from '@fluentui/react-components';
import { Delete20Regular, LockClosed20Regular } from '@fluentui/react-icons';
import { useRef, useState } from 'react';
import { asApiError, getSecrets, type SecretWire, setSecret } from '../api';
import { type EditorProps, registerEditor } from '../form/editors';
import { Labelled } from '../form/FormField';
import { isObject } from '../merge';
import { secretName } from '../newDocuments';
import { say } from '../toasts';
import { useAnswer } from '../useAnswer';

const useStyles = makeStyles({
  row: { display: 'flex', alignItems: 'center', gap: '8px', flexWrap: 'wrap', minWidth: 0 },
  input: { flexGrow: 1, minWidth: '160px' },
  name: { color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
  error: { color: tokens.colorPaletteRedForeground1, display: 'block' },
});

export const whereTexts: { [where in SecretWire['where']]: string } = {
  environment: 'set in the environment',
  '.env': 'set in .env',
  store: 'set in the encrypted store',
  default: 'has its default',
  missing: 'not set',
};

/** A value typed once, or taken from a file; what is set already is only replaced, never read. */
export function SecretInput(props: {
  name: string;
  where: SecretWire['where'];
  onSet: () => void;
  onCancel?: () => void;
  /** It may come from a file: PEM text has many lines. */
  file?: boolean;
}): React.JSX.Element {
  const { name, where, onSet, onCancel, file = false } = props;
  const chooser = useRef<HTMLInputElement>(null);
  const styles = useStyles();
  const [value, setValue] = useState('');
  const [error, setError] = useState('');
  const keep = async (given: string): Promise<void> => {
    try {
      await setSecret(name, given);
      setValue('');
      setError('');
      say(`${name} is set.`);
      onSet();
    } catch (problem) {
      setError(asApiError(problem).message);
    }
  };
  return (
    <>
      <div className={styles.row}>
        <Input
          className={styles.input}
          type="password"
          autoComplete="off"
          aria-label={`Value of ${name}`}
          placeholder={where === 'missing' ? 'Paste the value' : 'A new value'}
          contentBefore={<LockClosed20Regular />}
          value={value}
          onChange={(_, data) => setValue(data.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !value) return;
            event.preventDefault();
            void keep(value);
          }}
        />
        <Button disabled={!value} onClick={() => void keep(value)}>
          {where === 'missing' ? 'Set' : 'Replace'}
        </Button>
        {file && (
          <>
            <Button aria-label={`Take ${name} from a file`} onClick={() => chooser.current?.click()}>From a file…</Button>
            <input
              ref={chooser}
              type="file"
              hidden
              accept=".pem,.crt,.cer,.key,.txt"
              onChange={({ target }) => {
                const [chosen] = target.files ?? [];
                target.value = '';
                void chosen?.text().then(keep);
              }}
            />
          </>
        )}
        {onCancel && <Button appearance="subtle" onClick={onCancel}>Cancel</Button>}
      </div>
      {error && <Text size={200} role="alert" className={styles.error}>{error}</Text>}
    </>
  );
}

function SecretEditor(props: EditorProps): React.JSX.Element {
  const { value, onChange, required, context, path } = props;
  const styles = useStyles();
  const [replacing, setReplacing] = useState(false);
  const name = isObject(value) && typeof value.secret === 'string' ? value.secret : '';
  const { answer, again } = useAnswer(getSecrets, [name]);
  const where = answer?.secrets.find((secret) => secret.name === name)?.where ?? 'missing';
  if (!name) {
    return (
      <Labelled {...props}>
        <div className={styles.row}>
          <Button onClick={() => onChange({ secret: secretName(String(context.profile ?? 'app')) })}>
            Use a client secret
          </Button>
          <Text size={200} className={styles.name}>Without one it is a public client.</Text>
        </div>
      </Labelled>
    );
  }
  const problems = props.allProblems.filter(({ field }) => field?.startsWith(path) && where !== 'missing');
  return (
    <Labelled {...props} hint="" problems={problems}>
      <div>
        <div className={styles.row}>
          <Badge appearance="tint" color={where === 'missing' ? 'warning' : 'success'}>{whereTexts[where]}</Badge>
          <Text size={200} font="monospace" className={styles.name}>{name}</Text>
          {where !== 'missing' && !replacing && (
            <Button size="small" onClick={() => setReplacing(true)}>Replace</Button>
          )}
          {!required && (
            <Button
              size="small"
              appearance="subtle"
              icon={<Delete20Regular />}
              aria-label="Use no client secret"
              onClick={() => onChange(undefined)}
            />
          )}
        </div>
        {(where === 'missing' || replacing) && (
          <SecretInput
            name={name}
            where={where}
            onSet={() => {
              setReplacing(false);
              again();
            }}
          />
        )}
      </div>
    </Labelled>
  );
}

registerEditor(
  {
    when: ({ shape }) =>
      shape.kind === 'object' && Object.keys(shape.properties).join() === 'secret' && shape.required.includes('secret'),
  },
  SecretEditor,
);
