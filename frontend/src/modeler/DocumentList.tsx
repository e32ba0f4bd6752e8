/** The documents of a kind beside the one that is open: chosen, made; their problems counted. */
import { Button, CounterBadge, makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import { Add20Regular } from '@fluentui/react-icons';
import { NavLink, useNavigate } from 'react-router';
import type { DocumentEntry } from './api';
import { askNew } from './dialogs';
import { type Kind, useDocuments, useModel } from './documents';
import { addressOf, documentName, placeOf, shortName } from './places';

const phone = '@media (max-width: 640px)';

const useStyles = makeStyles({
  list: {
    width: '220px',
    flexShrink: 0,
    overflowY: 'auto',
    padding: '12px 8px',
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground2,
    [phone]: { display: 'flex', gap: '4px', width: 'auto', padding: '6px', overflowX: 'auto', borderRight: 'none' },
  },
  head: {
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'space-between',
    padding: '0 4px 6px 10px',
    [phone]: { padding: 0 },
  },
  entry: {
    display: 'flex',
    alignItems: 'center',
    gap: '8px',
    padding: '7px 10px',
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground1,
    textDecorationLine: 'none',
    ':hover': { backgroundColor: tokens.colorNeutralBackground2Hover },
    [phone]: { whiteSpace: 'nowrap' },
  },
  current: { backgroundColor: tokens.colorNeutralBackground1Selected, fontWeight: tokens.fontWeightSemibold },
  title: { flexGrow: 1, minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
});

export function DocumentList(props: {
  kind: Kind;
  /** What stands behind the title. */
  mark?: (entry: DocumentEntry) => React.ReactNode;
}): React.JSX.Element {
  const { kind, mark } = props;
  const styles = useStyles();
  const navigate = useNavigate();
  const entries = useDocuments(kind);
  const problems = useModel((model) => model.problems);
  const { many, one } = placeOf(kind);
  const add = async (): Promise<void> => {
    const name = await askNew(kind);
    if (name) void navigate(addressOf(documentName(kind, name)));
  };
  return (
    <nav className={styles.list} aria-label={many}>
      <div className={styles.head}>
        <Text weight="semibold">{many}</Text>
        <Button
          size="small"
          appearance="subtle"
          icon={<Add20Regular />}
          aria-label={`New ${one}`}
          onClick={() => void add()}
        />
      </div>
      {entries.map((entry) => {
        const count = problems.filter(({ file }) => file === entry.name).length;
        return (
          <NavLink
            key={entry.name}
            to={addressOf(entry.name)}
            title={shortName(entry.name)}
            className={({ isActive }) => mergeClasses(styles.entry, isActive && styles.current)}
          >
            <span className={styles.title}>{entry.title}</span>
            {mark?.(entry)}
            {count > 0 && (
              <CounterBadge size="small" color="important" count={count} role="img" aria-label={`${count} problems`} />
            )}
          </NavLink>
        );
      })}
    </nav>
  );
}
