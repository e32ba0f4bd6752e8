/** The last saves: what each changed, and the way back to how the files were then. */
import { Button, makeStyles, mergeClasses, Spinner, Text, tokens } from '@fluentui/react-components';
import { History20Regular } from '@fluentui/react-icons';
import { NavLink, useParams } from 'react-router';
import { Problem } from '../../components/Problem';
import { restore } from '../actions';
import { getHistory, getHistoryEntry, type HistoryEntry } from '../api';
import { Confirm } from '../Confirm';
import { useModel } from '../documents';
import { say } from '../toasts';
import { useAnswer } from '../useAnswer';
import { FileChanges } from './FileChanges';

const phone = '@media (max-width: 640px)';

const useStyles = makeStyles({
  screen: { display: 'flex', height: '100%', minHeight: 0, [phone]: { flexDirection: 'column' } },
  list: {
    width: '250px',
    flexShrink: 0,
    overflowY: 'auto',
    padding: '12px 8px',
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground2,
    [phone]: { width: 'auto', maxHeight: '28vh', borderRight: 'none' },
  },
  heading: { fontSize: tokens.fontSizeBase300, padding: '0 10px 8px' },
  entry: {
    display: 'block',
    padding: '8px 10px',
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground1,
    textDecorationLine: 'none',
    ':hover': { backgroundColor: tokens.colorNeutralBackground2Hover },
  },
  current: { backgroundColor: tokens.colorNeutralBackground1Selected },
  files: { color: tokens.colorNeutralForeground2, display: 'block' },
  detail: { flexGrow: 1, minWidth: 0, minHeight: 0, display: 'flex', flexDirection: 'column', padding: '12px 20px 20px', gap: '10px' },
  head: { display: 'flex', alignItems: 'center', gap: '12px', flexWrap: 'wrap' },
  grow: { flexGrow: 1 },
  changes: { flexGrow: 1, minHeight: '240px' },
  nothing: { margin: 'auto', textAlign: 'center', padding: '24px', color: tokens.colorNeutralForeground2 },
});

function timeOf(entry: HistoryEntry): string {
  return new Date(entry.at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

function filesOf({ files }: HistoryEntry): string {
  const [first, second] = files;
  const rest = files.length - 2;
  return [first?.name, second?.name, rest > 0 && `${rest} more`].filter(Boolean).join(', ');
}

function Save({ id }: { id: string }): React.JSX.Element {
  const styles = useStyles();
  const { answer, error, again } = useAnswer((signal) => getHistoryEntry(id, signal), [id]);
  if (error) return <Problem error={error} onRetry={again} />;
  if (!answer) return <Spinner label="Loading" />;
  return (
    <div className={styles.detail}>
      <div className={styles.head}>
        <Text as="h1" weight="semibold" size={400} className={styles.grow}>{timeOf(answer)}</Text>
        <Confirm
          title="Bring back how these files were after this save?"
          text="It goes into the draft, in place of what stands there; the folder stays as it is until you save."
          action="Restore into the draft"
          onConfirm={async () => {
            await restore(id);
            say('The draft has these files again.', { body: 'Save to write them into the folder.' });
          }}
        >
          <Button icon={<History20Regular />}>Restore…</Button>
        </Confirm>
      </div>
      <div className={styles.changes}>
        <FileChanges files={answer.files} />
      </div>
    </div>
  );
}

export default function Screen(): React.JSX.Element {
  const styles = useStyles();
  const { id } = useParams();
  const documents = useModel((model) => model.documents);
  const { answer, error, again } = useAnswer(getHistory, [documents]);
  const entries = answer?.entries ?? [];
  const chosen = id ?? entries[0]?.id;
  if (error && !answer) return <Problem error={error} onRetry={again} />;
  if (!answer) return <Spinner label="Loading" />;
  if (entries.length === 0) {
    return (
      <div className={styles.screen}>
        <div className={styles.nothing}>
          <h1 className={styles.heading}>Nothing was saved yet</h1>
          <Text>Every save is kept here, with what it changed and a way back.</Text>
        </div>
      </div>
    );
  }
  return (
    <div className={styles.screen}>
      <nav className={styles.list} aria-label="Saves">
        <h2 className={styles.heading}>History of saves</h2>
        {entries.map((entry) => (
          <NavLink
            key={entry.id}
            to={`/history/${entry.id}`}
            className={mergeClasses(styles.entry, entry.id === chosen && styles.current)}
          >
            <Text weight="semibold">{timeOf(entry)}</Text>
            <Text size={200} className={styles.files}>{filesOf(entry)}</Text>
          </NavLink>
        ))}
      </nav>
      {chosen && <Save key={chosen} id={chosen} />}
    </div>
  );
}
