/** Files that changed, and of the chosen one what changed: for saving and for the history. */
import {
  Button,
  makeStyles,
  mergeClasses,
  Spinner,
  Text,
  tokens,
} from '@fluentui/react-components';
import { AddCircle16Regular, Edit16Regular, SubtractCircle16Regular, Warning16Filled } from '@fluentui/react-icons';
import { lazy, Suspense, useState } from 'react';
import type { FileChange } from '../api';

const DiffView = lazy(() => import('../code/DiffView'));
const phone = '@media (max-width: 640px)';

const useStyles = makeStyles({
  both: {
    display: 'grid',
    gridTemplateColumns: '240px minmax(0, 1fr)',
    minHeight: 0,
    height: '100%',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    overflow: 'hidden',
    [phone]: { gridTemplateColumns: 'minmax(0, 1fr)', gridTemplateRows: 'auto minmax(0, 1fr)' },
  },
  list: {
    listStyleType: 'none',
    margin: 0,
    padding: '6px',
    overflowY: 'auto',
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
    [phone]: { maxHeight: '22vh', borderRight: 'none', borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  },
  file: {
    justifyContent: 'flex-start',
    width: '100%',
    minWidth: 0,
    fontWeight: tokens.fontWeightRegular,
    overflowWrap: 'anywhere',
    textAlign: 'left',
  },
  chosen: { backgroundColor: tokens.colorNeutralBackground1Selected },
  added: { color: tokens.colorPaletteGreenForeground1 },
  removed: { color: tokens.colorPaletteRedForeground1 },
  conflict: { color: tokens.colorPaletteDarkOrangeForeground1 },
  detail: { display: 'flex', flexDirection: 'column', minWidth: 0, minHeight: 0 },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: '8px',
    padding: '6px 12px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  name: { flexGrow: 1 },
  diff: { flexGrow: 1, minHeight: 0, overflow: 'auto' },
});

const words = { added: 'new', changed: 'changed', removed: 'removed' };

export interface ChangedFile extends FileChange {
  /** The version on disk, where it changed there as well. */
  disk?: string | null;
}

export function FileChanges(props: {
  files: ChangedFile[];
  actions?: (file: ChangedFile) => React.ReactNode;
}): React.JSX.Element {
  const { files, actions } = props;
  const styles = useStyles();
  const [name, setName] = useState('');
  const chosen = files.find((file) => file.name === name) ?? files[0];
  const mark = ({ change, disk }: ChangedFile): React.JSX.Element =>
    disk != null ? <Warning16Filled className={styles.conflict} />
    : change === 'added' ? <AddCircle16Regular className={styles.added} />
    : change === 'removed' ? <SubtractCircle16Regular className={styles.removed} />
    : <Edit16Regular />;
  return (
    <div className={styles.both}>
      <ul className={styles.list} aria-label="Files">
        {files.map((file) => (
          <li key={file.name}>
            <Button
              size="small"
              appearance="subtle"
              className={mergeClasses(styles.file, file === chosen && styles.chosen)}
              aria-pressed={file === chosen}
              icon={mark(file)}
              onClick={() => setName(file.name)}
            >
              {file.name}
            </Button>
          </li>
        ))}
      </ul>
      {chosen && (
        <div className={styles.detail}>
          <div className={styles.head}>
            <Text size={200} className={styles.name}>
              {chosen.disk != null
                ? 'Left: on disk. Right: your draft.'
                : `${chosen.name}: ${words[chosen.change]}`}
            </Text>
            {actions?.(chosen)}
          </div>
          <div className={styles.diff}>
            <Suspense fallback={<Spinner label="Loading" />}>
              <DiffView
                key={chosen.name}
                before={chosen.disk ?? chosen.before ?? ''}
                after={chosen.after ?? ''}
                label={`Changes of ${chosen.name}`}
                sideBySide={chosen.disk != null}
              />
            </Suspense>
          </div>
        </div>
      )}
    </div>
  );
}
