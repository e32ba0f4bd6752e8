/** Trying a profile out: signs in or gets the application a token, and shows what came of it. */
import {
  Badge,
  Button,
  Link,
  makeStyles,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
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
import { Delete20Regular, PlugConnected20Regular } from '@fluentui/react-icons';
import { useEffect, useRef, useState } from 'react';
import {
  type AccountWire,
  asApiError,
  getAccounts,
  getSignIn,
  type JsonValue,
  removeAccount,
  type TestOutcome,
  testProfile,
} from '../api';
import { Confirm } from '../Confirm';
import { flush } from '../documents';
import { useEvent } from '../events';
import { isObject } from '../merge';
import { useAnswer } from '../useAnswer';

const askAgainAfter = 1500;

const useStyles = makeStyles({
  section: {
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusXLarge,
    padding: '16px 20px',
    display: 'flex',
    flexDirection: 'column',
    gap: '10px',
    minWidth: 0,
  },
  head: { display: 'flex', alignItems: 'center', gap: '8px', flexWrap: 'wrap' },
  heading: { fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400, flexGrow: 1 },
  hint: { color: tokens.colorNeutralForeground2 },
  account: { display: 'flex', alignItems: 'center', gap: '4px' },
  who: { flexGrow: 1, minWidth: 0, overflowWrap: 'anywhere' },
  wait: { display: 'flex', alignItems: 'center', gap: '12px', flexWrap: 'wrap' },
  table: { tableLayout: 'auto' },
  claim: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, overflowWrap: 'anywhere' },
  badges: { display: 'flex', flexWrap: 'wrap', gap: '4px' },
});

const meanings: { [claim: string]: string } = {
  aud: 'whom the token is for',
  iss: 'who issued it',
  tid: 'the tenant',
  oid: 'the object in the directory',
  sub: 'the subject',
  scp: 'delegated permissions',
  roles: 'application permissions',
  appid: 'the application',
  azp: 'the application',
  exp: 'until when it holds',
  iat: 'when it was issued',
  nbf: 'from when it holds',
  name: 'the person',
  preferred_username: 'the user name',
  upn: 'the user name',
};

function claimText(name: string, value: JsonValue): string {
  if (typeof value === 'number' && /^(exp|iat|nbf|auth_time)$/.test(name)) {
    return `${new Date(value * 1000).toLocaleString()}`;
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function Claims({ claims }: { claims: JsonValue | undefined }): React.JSX.Element | null {
  const styles = useStyles();
  if (!isObject(claims)) return null;
  return (
    <Table size="small" className={styles.table} aria-label="Claims of the token">
      <TableHeader>
        <TableRow>
          <TableHeaderCell>Claim</TableHeaderCell>
          <TableHeaderCell>Value</TableHeaderCell>
        </TableRow>
      </TableHeader>
      <TableBody>
        {Object.entries(claims).map(([name, value]) => (
          <TableRow key={name}>
            <TableCell>
              <div>
                <span className={styles.claim}>{name}</span>
                {meanings[name] && <Text size={100} block className={styles.hint}>{meanings[name]}</Text>}
              </div>
            </TableCell>
            <TableCell className={styles.claim}>{claimText(name, value)}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function Outcome({ outcome }: { outcome: TestOutcome }): React.JSX.Element {
  const styles = useStyles();
  if (outcome.status === 'failed') {
    const error = isObject(outcome.error) ? outcome.error : {};
    return (
      <MessageBar intent="error" layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{String(error.message ?? 'It did not work.')}</MessageBarTitle> {String(error.hint ?? '')}
          {!!error.code && <Text size={200} font="monospace" block>{String(error.code)}</Text>}
        </MessageBarBody>
      </MessageBar>
    );
  }
  const { account, missing_permissions: missing, scopes, expires_at: expires } = outcome;
  return (
    <>
      <MessageBar intent={missing.length ? 'warning' : 'success'} layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>
            It works: {account ? `signed in as ${account.username}` : 'the application has a token'}.
          </MessageBarTitle>
          {missing.length > 0 && ` These permissions are still lacking: ${missing.join(', ')}.`}
          {expires && ` The token holds until ${new Date(expires).toLocaleTimeString()}.`}
        </MessageBarBody>
      </MessageBar>
      {scopes.length > 0 && (
        <div className={styles.badges}>
          {scopes.map((scope) => <Badge key={scope} appearance="tint" color="brand">{scope}</Badge>)}
        </div>
      )}
      <Claims claims={outcome.claims} />
    </>
  );
}

interface Running {
  outcome: TestOutcome | null;
  busy: boolean;
  start: (account?: string) => Promise<void>;
  stop: () => void;
}

function failure(problem: unknown): TestOutcome {
  const { code, message, hint } = asApiError(problem);
  return {
    status: 'failed', sign_in: null, url: null, account: null, claims: null, scopes: [], expires_at: null,
    missing_permissions: [], error: { code, message, hint },
  };
}

/** A test from its start to its end; the sign-in itself happens in a tab of its own. */
function useTest(name: string): Running {
  const [outcome, setOutcome] = useState<TestOutcome | null>(null);
  const [busy, setBusy] = useState(false);
  const current = useRef(0);
  const stop = (): void => {
    current.current += 1;
    setOutcome(null);
    setBusy(false);
  };
  useEffect(() => () => void (current.current += 1), []);
  const start = async (account?: string, tab?: Window | null): Promise<void> => {
    current.current += 1;
    const run = current.current;
    setBusy(true);
    setOutcome(null);
    const show = (next: TestOutcome): void => {
      if (run === current.current) setOutcome(next);
    };
    try {
      await flush(`profiles/${name}.yaml`);
      let next = await testProfile(name, account);
      if (next.url && tab) {
        tab.opener = null;
        tab.location.href = next.url;
      } else tab?.close();
      show(next);
      while (next.status === 'waiting' && next.sign_in && run === current.current) {
        await new Promise((resolve) => setTimeout(resolve, askAgainAfter));
        next = await getSignIn(next.sign_in);
        show(next);
      }
    } catch (problem) {
      tab?.close();
      show(failure(problem));
    }
    if (run === current.current) setBusy(false);
  };
  return {
    outcome,
    busy,
    // The tab is opened before anything is awaited, else the browser takes it for an unasked pop-up.
    start: (account) => start(account, account === undefined ? window.open('', '_blank') : null),
    stop,
  };
}

export function Test({ name, flavour }: { name: string; flavour: 'user' | 'application' }): React.JSX.Element {
  const styles = useStyles();
  const { outcome, busy, start, stop } = useTest(name);
  const { answer, again } = useAnswer(getAccounts, [name]);
  useEvent('accounts', again);
  const accounts = answer?.accounts.filter(({ profile }) => profile === name) ?? [];
  const asUser = flavour === 'user';
  const waiting = outcome?.status === 'waiting';
  return (
    <section className={styles.section}>
      <div className={styles.head}>
        <h2 className={styles.heading}>Test</h2>
        <Button
          appearance="primary"
          icon={busy ? <Spinner size="tiny" aria-hidden /> : <PlugConnected20Regular />}
          disabledFocusable={busy}
          onClick={() => void start(asUser ? undefined : '')}
        >
          {asUser ? 'Sign in' : 'Get a token'}
        </Button>
      </div>
      <Text size={200} className={styles.hint}>
        {asUser
          ? 'Signs you in at Microsoft in a new tab and shows what the token says. The token itself stays in the vault.'
          : 'Gets a token as the application and shows what it says. The token itself stays in the vault.'}
      </Text>
      {waiting && (
        <div className={styles.wait} role="status">
          <Spinner size="tiny" label="Waiting for the sign-in in the other tab" />
          {outcome.url && <Link href={outcome.url} target="_blank" rel="noreferrer">Open it again</Link>}
          <Button size="small" onClick={stop}>Cancel</Button>
        </div>
      )}
      {outcome && !waiting && <Outcome outcome={outcome} />}
      {accounts.map((account) => (
        <Account key={account.id} account={account} busy={busy} onTest={() => void start(account.id)} onRemoved={again} />
      ))}
    </section>
  );
}

function Account(props: {
  account: AccountWire;
  busy: boolean;
  onTest: () => void;
  onRemoved: () => void;
}): React.JSX.Element {
  const { account, busy, onTest, onRemoved } = props;
  const styles = useStyles();
  return (
    <div className={styles.account}>
      <div className={styles.who}>
        <Text weight="semibold" block>{account.name || account.username}</Text>
        {account.name && <Text size={200} className={styles.hint}>{account.username}</Text>}
      </div>
      <Button size="small" disabledFocusable={busy} onClick={onTest}>Test</Button>
      <Confirm
        title={`Remove ${account.username}?`}
        text="Its tokens are deleted from the modeler’s vault. It can sign in again at any time."
        action="Remove"
        onConfirm={async () => {
          await removeAccount(account.id);
          onRemoved();
        }}
      >
        <Button
          size="small"
          appearance="subtle"
          icon={<Delete20Regular />}
          aria-label={`Remove the account ${account.username}`}
        />
      </Confirm>
    </div>
  );
}
