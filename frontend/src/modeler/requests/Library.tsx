/** The ready requests: searched, by workload, each with its permissions and Microsoft's page. */
import { Badge, Link, makeStyles, mergeClasses, SearchBox, Spinner, Text, tokens } from '@fluentui/react-components';
import { Open12Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import { getLibrary, type Library as Answer, type LibraryRequest } from '../api';
import { isObject } from '../merge';
import { useAnswer } from '../useAnswer';
import { searchLibrary } from './library';
import { MethodBadge } from './MethodBadge';

const useStyles = makeStyles({
  ready: { display: 'flex', flexDirection: 'column', gap: '8px', minHeight: 0, flexGrow: 1 },
  search: { width: '100%', maxWidth: '100%' },
  groups: { overflowY: 'auto', minHeight: 0, flexGrow: 1 },
  heading: { fontSize: tokens.fontSizeBase200, lineHeight: tokens.lineHeightBase200, color: tokens.colorNeutralForeground2, padding: '10px 6px 4px', textTransform: 'capitalize' },
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  entry: {
    display: 'flex', flexDirection: 'column', gap: '2px', padding: '6px', borderRadius: tokens.borderRadiusMedium,
    ':hover': { backgroundColor: tokens.colorSubtleBackgroundHover },
  },
  choose: {
    display: 'flex', alignItems: 'center', gap: '8px', minWidth: 0, width: '100%', padding: 0, border: 'none', textAlign: 'left',
    backgroundColor: 'transparent', color: tokens.colorNeutralForeground1, font: 'inherit', fontFamily: tokens.fontFamilyBase,
    fontSize: tokens.fontSizeBase300, cursor: 'pointer', borderRadius: tokens.borderRadiusSmall,
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  title: { flexGrow: 1, minWidth: 0 },
  url: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
  facts: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: '4px 8px', color: tokens.colorNeutralForeground2 },
});

let kept: Promise<Answer> | null = null;
/** The library is the same for as long as the server runs. */
export function readLibrary(): Promise<Answer> {
  kept ??= getLibrary();
  kept.catch(() => (kept = null));
  return kept;
}

export function Library(props: { onChoose: (request: LibraryRequest) => void; autoFocus?: boolean }): React.JSX.Element {
  const { onChoose, autoFocus = false } = props;
  const styles = useStyles();
  const { answer, error, again } = useAnswer(readLibrary, []);
  const [query, setQuery] = useState('');
  const groups = searchLibrary(answer?.requests ?? [], query);
  return (
    <div className={styles.ready}>
      <SearchBox className={styles.search} autoFocus={autoFocus} aria-label="Search the ready requests" placeholder="Search ready requests" value={query} onChange={(_, data) => setQuery(data.value)} />
      {error && <Text role="alert">{error.message} <Link onClick={again}>Try again</Link></Text>}
      {!answer && !error && <Spinner size="small" label="Loading the library" />}
      {answer && groups.length === 0 && <Text>No ready request has these words. The address can be typed as well.</Text>}
      <div className={styles.groups}>
        {groups.map(({ workload, requests }) => (
          <section key={workload} aria-label={workload}>
            <h2 className={styles.heading}>{workload}</h2>
            <ul className={styles.list}>
              {requests.map((request) => <Entry key={request.id} request={request} onChoose={() => onChoose(request)} />)}
            </ul>
          </section>
        ))}
      </div>
    </div>
  );
}

/** What a user's profile and the application's need, in as few words as that takes. */
function needs(delegated: string[], application: string[]): string[] {
  const user = delegated.join(', ');
  if (user && user === application.join(', ')) return [user];
  if (application.length === 0) return [`${user} (as a user only)`];
  return user ? [`${user} (user)`, `${application.join(', ')} (application)`] : [`${application.join(', ')} (as the application only)`];
}

function Entry({ request, onChoose }: { request: LibraryRequest; onChoose: () => void }): React.JSX.Element {
  const styles = useStyles();
  const { method = 'GET', url = '' } = isObject(request.request) ? request.request : {};
  const { delegated, application, range, docs } = request;
  return (
    <li className={styles.entry}>
      <button type="button" className={styles.choose} onClick={onChoose}>
        <MethodBadge method={String(method)} />
        <span className={styles.title}>{request.title}</span>
        {range && <Badge size="small" appearance="tint" color="brand">range</Badge>}
      </button>
      <span className={styles.url}>{String(url)}</span>
      <span className={mergeClasses(styles.facts)}>
        {needs(delegated, application).map((text) => <Text key={text} size={200}>{text}</Text>)}
        <Link href={docs} target="_blank" rel="noreferrer" aria-label={`Docs: ${request.title}`}>
          <Text size={200}>Docs</Text> <Open12Regular aria-hidden />
        </Link>
      </span>
    </li>
  );
}
