/** A secret of a request: its name stands in the model, its value is typed once into the store. */
import { Badge, Button, Field, Input, makeStyles } from '@fluentui/react-components';
import { useState } from 'react';
import { getSecrets } from '../api';
import { useModel } from '../documents';
import { SecretInput, whereTexts } from '../profiles/SecretEditor';
import { useAnswer } from '../useAnswer';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', gap: '6px', minWidth: 0 },
  row: { display: 'flex', alignItems: 'center', gap: '8px', flexWrap: 'wrap' },
});

export function SecretField(props: { label: string; hint: string; name: string; file?: boolean; onChange: (name: string) => void }): React.JSX.Element {
  const { label, hint, name, file = false, onChange } = props;
  const styles = useStyles();
  const [replacing, setReplacing] = useState(false);
  // What the model names is known once it is saved.
  const problems = useModel((model) => model.problems);
  const { answer, again } = useAnswer(getSecrets, [name, problems]);
  const where = answer?.secrets.find((secret) => secret.kind === 'secret' && secret.name === name)?.where;
  const isSet = where !== undefined && where !== 'missing';
  const isName = /^[A-Z][A-Z0-9_]*$/.test(name);
  return (
    <div className={styles.root}>
      <Field label={label} required hint={hint} {...(!isName && { validationMessage: 'Capital letters, digits and _, such as API_PASSWORD.' })}>
        <Input value={name} onChange={(_, data) => onChange(data.value)} />
      </Field>
      {isName && answer && (
        <>
          {where && (
            <div className={styles.row}>
              <Badge appearance="tint" color={isSet ? 'success' : 'warning'}>{whereTexts[where]}</Badge>
              {isSet && !replacing && <Button size="small" aria-label={`Replace ${name}`} onClick={() => setReplacing(true)}>Replace</Button>}
            </div>
          )}
          {(!isSet || replacing) && (
            <SecretInput
              name={name}
              where={where ?? 'missing'}
              file={file}
              onSet={() => {
                setReplacing(false);
                again();
              }}
              {...(replacing && { onCancel: () => setReplacing(false) })}
            />
          )}
        </>
      )}
    </div>
  );
}
