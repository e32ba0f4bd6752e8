/** One message: its head, what can be done with it, and its body in a frame that can do nothing. */
import {
  Avatar,
  Button,
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  Spinner,
  Text,
  tokens,
} from '@fluentui/react-components';
import {
  type ApiError,
  asApiError,
  getRow,
  isAbort,
  type JsonValue,
  type PageAction,
  type Row,
  rowUrl,
  type StepAddress,
  userTimeZone,
} from '@graphwright/api';
import { ActionButton } from '@graphwright/components/ConfirmedExits';
import { formatMoment } from '@graphwright/times';
import { useEffect, useState } from 'react';

const useStyles = makeStyles({
  pane: { flexGrow: 1, minWidth: 0, minHeight: 0, display: 'flex', flexDirection: 'column' },
  actions: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: '8px',
    padding: '12px 24px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    '@media (max-width: 640px)': { padding: '8px 16px' },
  },
  head: {
    display: 'grid',
    gap: '12px',
    padding: '20px 24px 16px',
    '@media (max-width: 640px)': { padding: '14px 16px' },
  },
  subject: { margin: 0, overflowWrap: 'anywhere' },
  who: { display: 'flex', gap: '12px', alignItems: 'center', minWidth: 0 },
  names: { minWidth: 0, flexGrow: 1, overflowWrap: 'anywhere' },
  small: { color: tokens.colorNeutralForeground2, display: 'block' },
  bar: { flexShrink: 0, margin: '0 24px 12px' },
  paper: {
    flexGrow: 1,
    minHeight: '160px',
    margin: '0 24px 20px',
    border: `1px solid ${tokens.colorNeutralStroke3}`,
    borderRadius: tokens.borderRadiusLarge,
    overflow: 'hidden',
    backgroundColor: '#fff',
    colorScheme: 'light',
    '@media (max-width: 640px)': { margin: '0 8px 8px' },
  },
  frame: { display: 'block', width: '100%', height: '100%', border: 'none' },
  center: { flexGrow: 1, display: 'grid', placeItems: 'center', padding: '24px', color: tokens.colorNeutralForeground3 },
});

function people(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((one) => people(one)).filter(Boolean).join('; ');
  return '';
}

interface Loaded {
  row: Row;
  /** Where its text is: the frame must not ask a new step for a message that may be gone there. */
  url: string;
  blocked: number;
}

export function ReadingPane(props: {
  address: StepAddress;
  message: Row;
  actions: PageAction[];
  busy: boolean;
  onAction: (action: PageAction, row: Row) => void;
  onGone: () => void;
}): React.JSX.Element {
  const { address, message, actions, busy, onAction, onGone } = props;
  const { instance, step } = address;
  const key = message._key;
  const styles = useStyles();
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [images, setImages] = useState(false);

  useEffect(() => {
    const controller = new AbortController();
    setLoaded(null);
    setError(null);
    setImages(false);
    getRow({ instance, step }, key, { part: 'messages' }, controller.signal)
      .then(({ row, blocked_images = 0 }) => setLoaded({ row, url: rowUrl({ instance, step }, key), blocked: blocked_images }))
      .catch((reason: unknown) => {
        if (isAbort(reason)) return;
        const problem = asApiError(reason);
        if (problem.status === 404) onGone();
        else setError(problem);
      });
    return () => controller.abort();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `onGone` may be new at every drawing
  }, [instance, step, key]);

  const row: Row = { ...message, ...loaded?.row };
  const from = people(row.from) || '(unknown sender)';
  const subject = people(row.subject) || '(no subject)';
  return (
    <article className={styles.pane} aria-label={subject}>
      {actions.length > 0 && (
        <div className={styles.actions} role="group" aria-label="Message">
          {actions.map((action) => (
            <ActionButton key={action.name} action={action} disabled={busy} onRun={() => onAction(action, row)} />
          ))}
        </div>
      )}
      <div className={styles.head}>
        <Text as="h2" size={500} weight="semibold" className={styles.subject}>
          {subject}
        </Text>
        <div className={styles.who}>
          <Avatar name={from} color="colorful" size={40} aria-hidden />
          <div className={styles.names}>
            <Text weight="semibold" block>
              {from}
            </Text>
            {people(row.to) && (
              <Text size={200} className={styles.small}>
                To: {people(row.to)}
              </Text>
            )}
            {people(row.cc) && (
              <Text size={200} className={styles.small}>
                Cc: {people(row.cc)}
              </Text>
            )}
          </div>
          <Text size={200} className={styles.small}>
            {formatMoment(people(row.received), userTimeZone, { dateStyle: 'medium', timeStyle: 'short' })}
          </Text>
        </div>
      </div>
      {loaded && loaded.blocked > 0 && !images && (
        <MessageBar intent="info" className={styles.bar}>
          <MessageBarBody>Remote images were blocked, so that the sender does not learn that you read this.</MessageBarBody>
          <MessageBarActions>
            <Button size="small" onClick={() => setImages(true)}>
              Show images
            </Button>
          </MessageBarActions>
        </MessageBar>
      )}
      {error ? (
        <div className={styles.center} role="alert">
          <Text>{error.message}</Text>
        </div>
      ) : loaded ? (
        <div className={styles.paper}>
          <iframe
            className={styles.frame}
            title="Message text"
            sandbox="allow-popups allow-popups-to-escape-sandbox"
            referrerPolicy="no-referrer"
            src={`${loaded.url}/frame?part=messages&images=${images ? 1 : 0}`}
          />
        </div>
      ) : (
        <div className={styles.center}>
          <Spinner label="Loading…" />
        </div>
      )}
    </article>
  );
}

export function NothingChosen(): React.JSX.Element {
  const styles = useStyles();
  return (
    <div className={styles.center}>
      <Text>Choose a message to read it here.</Text>
    </div>
  );
}
