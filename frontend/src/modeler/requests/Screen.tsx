/** The scratch pad: a request that stands in no flow, with the library and the history beside it. */
import { Button, makeStyles, Tab, TabList, tokens } from '@fluentui/react-components';
import { FlowRegular } from '@fluentui/react-icons';
import { useEffect, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { create } from 'zustand';
import { getTry, type LibraryRequest, type TryWire } from '../api';
import type { JsonObject } from '../merge';
import { addressOf, documentName } from '../places';
import { useMedia } from '../../useMedia';
import { sayError, say } from '../toasts';
import { useDefaultProfile } from './defaultProfile';
import { History } from './History';
import { Library } from './Library';
import { withReady } from './library';
import { profileOf, urlOf, withMethod, withProfile, withUrl } from './model';
import { PutIntoFlow } from './PutIntoFlow';
import RequestEditor from './RequestEditor';
import { patchTry } from './tries';

const useStyles = makeStyles({
  screen: { display: 'grid', gridTemplateColumns: '300px minmax(0, 1fr)', height: '100%', minHeight: 0, '@media (max-width: 1000px)': { gridTemplateColumns: 'minmax(0, 1fr)', height: 'auto' } },
  side: {
    display: 'flex', flexDirection: 'column', gap: '8px', padding: '12px', minHeight: 0, borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  main: { padding: '16px 20px', minWidth: 0, minHeight: 0, display: 'flex', flexDirection: 'column', overflowY: 'auto', '@media (max-width: 640px)': { padding: '12px' } },
  heading: { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' },
});

/** What stands on the pad, for as long as the modeler is open in this tab. */
const usePad = create<{ value: JsonObject; title: string }>(() => ({ value: { method: 'GET', url: '' }, title: '' }));

function graphUrl(url: string): string {
  return /^https?:\/\/[^/]+\/(v1\.0|beta)\//.test(url) ? url.replace(/^https?:\/\/[^/]+/, 'https://graph.microsoft.com') : url;
}

function bringBack(tried: TryWire): void {
  const { authentication } = usePad.getState().value;
  const blank: JsonObject = authentication === undefined ? {} : { authentication };
  usePad.setState({ value: withUrl(withMethod(blank, tried.method), graphUrl(tried.url)), title: '' });
  patchTry('', { result: tried, error: null });
}

export default function Screen(): React.JSX.Element {
  const styles = useStyles();
  const navigate = useNavigate();
  const { id } = useParams();
  const { value, title } = usePad();
  const usual = useDefaultProfile();
  const [tab, setTab] = useState<'library' | 'history'>('library');
  const [putting, setPutting] = useState(false);
  const beside = useMedia('(min-width: 1001px)');
  useEffect(() => {
    if (id) getTry(id).then(bringBack, sayError);
  }, [id]);
  const choose = (ready: LibraryRequest): void => {
    patchTry('', { result: null, error: null, values: {} });
    usePad.setState({ value: withReady(value, ready, profileOf(value) ?? usual), title: ready.title });
  };
  return (
    <div className={styles.screen}>
      <h1 className={styles.heading}>Requests</h1>
      {beside && (
        <aside className={styles.side} aria-label="Ready and former requests">
          <TabList size="small" selectedValue={tab} onTabSelect={(_, data) => setTab(data.value as typeof tab)}>
            <Tab value="library">Library</Tab>
            <Tab value="history">History</Tab>
          </TabList>
          {tab === 'library' ? <Library onChoose={choose} /> : <History onChoose={bringBack} />}
        </aside>
      )}
      <div className={styles.main}>
        <RequestEditor
          value={value}
          readyBeside={beside}
          onChange={(next) => {
            // An endpoint of Graph is asked as somebody: as the usual one until another is chosen.
            const unsaid = next.authentication === undefined && urlOf(next).startsWith('/');
            usePad.setState({ value: unsaid && usual ? withProfile(next, usual) : next });
          }}
          onMapped={({ import: name }) =>
            say('List and import are in the draft.', {
              action: { text: 'Open the import', act: () => void navigate(addressOf(documentName('import', name))) },
            })
          }
          actions={
            <Button size="small" icon={<FlowRegular />} disabled={!urlOf(value)} onClick={() => setPutting(true)}>Put into a flow</Button>
          }
        />
      </div>
      {putting && <PutIntoFlow request={value} title={title} onClose={() => setPutting(false)} />}
    </div>
  );
}
