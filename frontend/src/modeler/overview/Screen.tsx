/** The application as a whole: its parts, its settings; where there is none yet, templates. */
import { makeStyles, Tab, TabList, tokens } from '@fluentui/react-components';
import { useSearchParams } from 'react-router';
import { useModel } from '../documents';
import { Parts } from './Parts';
import { Settings } from './Settings';
import { Templates } from './Templates';

const useStyles = makeStyles({
  page: { padding: '12px 28px 32px', maxWidth: '1040px', '@media (max-width: 640px)': { padding: '8px 12px 24px' } },
  title: { fontSize: tokens.fontSizeBase600, lineHeight: tokens.lineHeightBase600, margin: '8px 0 0 12px' },
  tabs: { marginBottom: '12px' },
});

export default function Screen(): React.JSX.Element {
  const styles = useStyles();
  const session = useModel((model) => model.session)!;
  const [query, setQuery] = useSearchParams();
  if (session.is_empty) return <Templates />;
  // A problem's address names a field of app.yaml and no tab.
  const tab = query.get('tab') ?? (query.has('field') ? 'settings' : 'parts');
  return (
    <div className={styles.page}>
      <h1 className={styles.title}>{session.title}</h1>
      <TabList
        className={styles.tabs}
        selectedValue={tab}
        onTabSelect={(_, { value }) => setQuery(value === 'settings' ? { tab: 'settings' } : {}, { replace: true })}
      >
        <Tab value="parts">Parts</Tab>
        <Tab value="settings">Application settings</Tab>
      </TabList>
      {tab === 'settings' ? <Settings /> : <Parts />}
    </div>
  );
}
