/** Any document as YAML, with its problems at their lines; edits go the same way as everywhere. */
import { Button, makeStyles, Spinner, Text, tokens } from '@fluentui/react-components';
import { WindowEdit20Regular } from '@fluentui/react-icons';
import { lazy, Suspense, useMemo } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { Problem } from '../../components/Problem';
import { setText, useDocument, useModel } from '../documents';
import { addressOf } from '../places';

const YamlEditor = lazy(() => import('../code/YamlEditor'));

const useStyles = makeStyles({
  screen: { display: 'flex', flexDirection: 'column', height: '100%', minHeight: 0 },
  head: {
    display: 'flex',
    alignItems: 'center',
    gap: '12px',
    padding: '10px 20px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  title: { flexGrow: 1, fontSize: tokens.fontSizeBase400, overflowWrap: 'anywhere' },
  editor: { flexGrow: 1, minHeight: 0 },
});

export default function Screen(): React.JSX.Element {
  const styles = useStyles();
  const navigate = useNavigate();
  const name = useParams()['*'] ?? '';
  const [query] = useSearchParams();
  const { document, error, problems } = useDocument(name);
  const edited = useModel(({ open }) => open[name]?.text);
  const broken = document?.broken;
  const marks = useMemo(
    () => (broken && !problems.some(({ line }) => line === broken.line) ? [broken, ...problems] : problems),
    [problems, broken],
  );
  if (error && !document) return <Problem error={error} />;
  if (!document) return <Spinner label="Loading" />;
  return (
    <div className={styles.screen}>
      <div className={styles.head}>
        <h1 className={styles.title}>{name}</h1>
        {broken && <Text size={200}>As long as this is no YAML, its screen cannot open it.</Text>}
        <Button
          icon={<WindowEdit20Regular />}
          disabled={!!broken}
          onClick={() => void navigate(name === 'app.yaml' ? '/?tab=settings' : addressOf(name))}
        >
          Open its screen
        </Button>
      </div>
      <div className={styles.editor}>
        <Suspense fallback={<Spinner label="Loading" />}>
          <YamlEditor
            key={name}
            label={`${name} as YAML`}
            text={edited ?? document.text}
            problems={marks}
            line={Number(query.get('line')) || undefined}
            onChange={(text) => setText(name, text)}
          />
        </Suspense>
      </div>
    </div>
  );
}
