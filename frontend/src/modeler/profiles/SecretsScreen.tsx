/** Every secret and setting that the model names: where its value comes from, and setting secrets. */
import {
  Badge,
  Button,
  makeStyles,
  Spinner,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  tokens,
} from '@fluentui/react-components';
import { useState } from 'react';
import { Link } from 'react-router';
import { Problem } from '../../components/Problem';
import { getSecrets, removeSecret, type SecretWire } from '../api';
import { Confirm } from '../Confirm';
import { useModel } from '../documents';
import { addressOf, shortName } from '../places';
import { useAnswer } from '../useAnswer';
import { SecretInput, whereTexts } from './SecretEditor';

const useStyles = makeStyles({
  page: { padding: '16px 28px 40px', maxWidth: '1040px', '@media (max-width: 640px)': { padding: '12px' } },
  title: { fontSize: tokens.fontSizeBase600, lineHeight: tokens.lineHeightBase600 },
  lead: { display: 'block', color: tokens.colorNeutralForeground2, margin: '4px 0 16px', maxWidth: '720px' },
  scroll: { overflowX: 'auto' },
  table: { minWidth: '760px', tableLayout: 'auto' },
  name: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, overflowWrap: 'anywhere' },
  where: { whiteSpace: 'nowrap' },
  actions: { display: 'flex', gap: '4px' },
  link: { color: tokens.colorBrandForegroundLink, marginRight: '8px' },
});

const colors = { environment: 'success', '.env': 'success', store: 'success', default: 'informative', missing: 'warning' } as const;

function Secret({ secret, onChanged }: { secret: SecretWire; onChanged: () => void }): React.JSX.Element {
  const styles = useStyles();
  const [typing, setTyping] = useState(false);
  const { name, kind, where, used_by: usedBy } = secret;
  const isSecret = kind === 'secret';
  return (
    <TableRow>
      <TableCell className={styles.name}>{name}</TableCell>
      <TableCell>{isSecret ? 'Secret' : 'Setting'}</TableCell>
      <TableCell>
        <Badge appearance="tint" color={colors[where]} className={styles.where}>{whereTexts[where]}</Badge>
      </TableCell>
      <TableCell>
        {usedBy.map((document) => (
          <Link key={document} to={addressOf(document)} className={styles.link}>{shortName(document)}</Link>
        ))}
      </TableCell>
      <TableCell>
        {isSecret && typing && (
          <SecretInput
            name={name}
            where={where}
            onCancel={() => setTyping(false)}
            onSet={() => {
              setTyping(false);
              onChanged();
            }}
          />
        )}
        {isSecret && !typing && (
          <span className={styles.actions}>
            <Button size="small" aria-label={`${where === 'missing' ? 'Set' : 'Replace'} ${name}`} onClick={() => setTyping(true)}>
              {where === 'missing' ? 'Set' : 'Replace'}
            </Button>
            {where === 'store' && (
              <Confirm
                title={`Remove ${name} from the store?`}
                text="Requests that need it fail until it is set again."
                action="Remove"
                onConfirm={async () => {
                  await removeSecret(name);
                  onChanged();
                }}
              >
                <Button size="small" appearance="subtle" aria-label={`Remove ${name}`}>Remove</Button>
              </Confirm>
            )}
          </span>
        )}
        {!isSecret && where === 'missing' && <Text size={200}>Write {name}=… into .env</Text>}
      </TableCell>
    </TableRow>
  );
}

export default function SecretsScreen(): React.JSX.Element {
  const styles = useStyles();
  // A document may come to name another secret while this is open.
  const problems = useModel((model) => model.problems);
  const { answer, error, again } = useAnswer(getSecrets, [problems]);
  return (
    <div className={styles.page}>
      <h1 className={styles.title}>Secrets and settings</h1>
      <Text className={styles.lead}>
        The model holds names only. A value is looked up in the environment, then in .env, then in the encrypted
        store. What is typed here goes into the store and is never shown again.
      </Text>
      {error && !answer && <Problem error={error} onRetry={again} />}
      {!answer && !error && <Spinner label="Loading" />}
      {answer?.secrets.length === 0 && <Text>The model names no secret and no setting.</Text>}
      {answer && answer.secrets.length > 0 && (
        <div className={styles.scroll} tabIndex={0} role="region" aria-label="Secrets and settings">
          <Table className={styles.table} aria-label="Secrets and settings">
            <TableHeader>
              <TableRow>
                {['Name', 'Kind', 'Where it comes from', 'Used by', 'Value'].map((title) => (
                  <TableHeaderCell key={title}>{title}</TableHeaderCell>
                ))}
              </TableRow>
            </TableHeader>
            <TableBody>
              {answer.secrets.map((secret) => (
                <Secret key={secret.name} secret={secret} onChanged={again} />
              ))}
            </TableBody>
          </Table>
        </div>
      )}
    </div>
  );
}
