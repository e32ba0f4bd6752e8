/** The requests that were tried, newest first; choosing one brings it and its answer back. */
import { Badge, Link, makeStyles, Spinner, Text, tokens } from '@fluentui/react-components';
import { getTries, type TryWire } from '../api';
import { useEvent } from '../events';
import { useAnswer } from '../useAnswer';
import { MethodBadge } from './MethodBadge';
import { durationText } from '../../amounts';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0, overflowY: 'auto', minHeight: 0 },
  entry: {
    display: 'flex', flexDirection: 'column', gap: '2px', width: '100%', padding: '6px', border: 'none', textAlign: 'left', cursor: 'pointer',
    backgroundColor: 'transparent', color: tokens.colorNeutralForeground1, fontFamily: tokens.fontFamilyBase, borderRadius: tokens.borderRadiusMedium,
    ':hover': { backgroundColor: tokens.colorSubtleBackgroundHover },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  line: { display: 'flex', gap: '8px', alignItems: 'center', flexWrap: 'wrap' },
  url: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, overflowWrap: 'anywhere', display: '-webkit-box', WebkitLineClamp: 2, WebkitBoxOrient: 'vertical', overflow: 'hidden' },
  quiet: { color: tokens.colorNeutralForeground2 },
});

export function pathOf(url: string): string {
  return decodeSafely(url.replace(/^https?:\/\/[^/]+\/(v1\.0|beta)(?=\/)/, ''));
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

export function History({ onChoose }: { onChoose: (tried: TryWire) => void }): React.JSX.Element {
  const styles = useStyles();
  const { answer, error, again } = useAnswer(getTries, []);
  useEvent('try', again);
  if (error) return <Text role="alert">{error.message} <Link onClick={again}>Try again</Link></Text>;
  if (!answer) return <Spinner size="small" label="Loading" />;
  if (answer.tries.length === 0) return <Text className={styles.quiet}>Nothing was tried since the modeler was started.</Text>;
  return (
    <ul className={styles.list}>
      {answer.tries.map((tried) => (
        <li key={tried.id}>
          <button type="button" className={styles.entry} onClick={() => onChoose(tried)}>
            <span className={styles.line}>
              <MethodBadge method={tried.method} />
              <Badge appearance="tint" color={tried.error || (tried.status ?? 999) >= 400 ? 'danger' : 'success'}>{tried.status ?? 'failed'}</Badge>
              <Text size={200} className={styles.quiet}>
                {new Date(tried.at).toLocaleTimeString()} · {durationText(tried.milliseconds)}
                {tried.flow && ` · ${tried.flow}${tried.node ? ` / ${tried.node}` : ''}`}
              </Text>
            </span>
            <span className={styles.url}>{pathOf(tried.url)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
