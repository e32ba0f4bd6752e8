/**
 * A request: what is sent, as whom, and what comes back when it is tried. In a narrow panel the parts
 * stand below each other, in a wide one side by side. Used for nodes of a flow and as a pad of its own.
 */
import {
  Button, DialogBody, DialogContent, DialogSurface, DialogTitle, makeStyles, mergeClasses, MessageBar, MessageBarActions, MessageBarBody,
  MessageBarTitle, tokens, Tooltip,
} from '@fluentui/react-components';
import { ArrowMaximize20Regular, Dismiss24Regular } from '@fluentui/react-icons';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { getTries, type LibraryRequest, type TryWire } from '../api';
import { useDocument } from '../documents';
import { readFlow } from '../flows/model';
import { variablesOf } from '../flows/nextSteps';
import { isObject, type JsonObject } from '../merge';
import { documentName } from '../places';
import type { MappingResult } from '../imports/MappingDialog';
import { Account } from './Account';
import type { Variable } from './bindings';
import { useDefaultProfile } from './defaultProfile';
import { CodeDialog, HistoryDialog, LibraryDialog, WriteDialog } from './Dialogs';
import { withReady } from './library';
import { carriedBy, methodOf, profileOf, requestOf, urlOf, withMethod, withProfile, withUrl, writes } from './model';
import { isApplication, Permissions } from './Permissions';
import { RequestBar } from './RequestBar';
import { RequestParts } from './RequestParts';
import { Response } from './Response';
import { useSignIn } from './signIn';
import { cancelTry, emptySession, patchTry, send, sendNext, useTries } from './tries';
import { UrlGaps } from './UrlField';
import { useTryValues } from './useTryValues';
import { ValuesEditor } from './ValuesEditor';
import { Modal } from '../Modal';

const MappingDialog = lazy(() => import('../imports/MappingDialog'));

const useStyles = makeStyles({
  surface: { width: '96vw', maxWidth: '1500px', height: '92vh', maxHeight: '92vh', padding: '16px 20px' },
  body: { height: '100%', gridTemplateRows: 'auto minmax(0, 1fr)' },
  content: { display: 'flex', flexDirection: 'column', minHeight: 0, overflowY: 'auto' },
  root: { containerType: 'inline-size', minWidth: 0, display: 'flex', flexDirection: 'column', flexGrow: 1, minHeight: 0 },
  parts: {
    display: 'flex', flexDirection: 'column', gap: '16px', minWidth: 0, minHeight: 0, flexGrow: 1,
    '@container (min-width: 860px)': { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)', gap: '24px', gridTemplateRows: 'minmax(0, 1fr)' },
  },
  column: { display: 'flex', flexDirection: 'column', gap: '12px', minWidth: 0, flexShrink: 0, '@container (min-width: 860px)': { minHeight: 0, flexShrink: 1 } },
  left: { '@container (min-width: 860px)': { overflowY: 'auto', paddingRight: '4px' } },
  right: { '@container (min-width: 860px)': { borderLeft: `1px solid ${tokens.colorNeutralStroke2}`, paddingLeft: '24px', overflowY: 'auto' } },
  empty: { margin: 'auto', maxWidth: '40ch', textAlign: 'center', color: tokens.colorNeutralForeground2, '@container (max-width: 859px)': { display: 'none' } },
});

export interface RequestEditorProps {
  value: JsonObject;
  onChange: (value: JsonObject, checkpoint?: string) => void;
  flow?: string;
  node?: string;
  /** A mapping was made of a response; its documents are in the draft. */
  onMapped?: (result: MappingResult) => void;
  /** What stands beside the buttons, such as "Put into a flow". */
  actions?: React.ReactNode;
  /** Library and history stand beside the editor already. */
  readyBeside?: boolean;
}

type Opened = 'library' | 'history' | 'code' | 'write' | 'mapping' | null;

/** In the panel of a node it is narrow; a button opens it over everything. */
export default function RequestEditor(props: RequestEditorProps): React.JSX.Element {
  const styles = useStyles();
  const [large, setLarge] = useState(false);
  if (!props.flow) return <Editor {...props} />;
  const grow = (
    <Tooltip content="Open large" relationship="label">
      <Button size="small" appearance="subtle" icon={<ArrowMaximize20Regular />} onClick={() => setLarge(true)} />
    </Tooltip>
  );
  if (!large) return <Editor {...props} actions={<>{props.actions}{grow}</>} />;
  return (
    <Modal onOpenChange={(_, data) => setLarge(data.open)}>
      <DialogSurface className={styles.surface}>
        <DialogBody className={styles.body}>
          <DialogTitle action={<Button appearance="subtle" aria-label="Close" icon={<Dismiss24Regular />} onClick={() => setLarge(false)} />}>
            {typeof props.value.title === 'string' && props.value.title ? props.value.title : (props.node ?? 'Request')}
          </DialogTitle>
          <DialogContent className={styles.content}><Editor {...props} /></DialogContent>
        </DialogBody>
      </DialogSurface>
    </Modal>
  );
}

function Editor(props: RequestEditorProps): React.JSX.Element {
  const { value, onChange, flow, node, onMapped, actions } = props;
  const styles = useStyles();
  const key = flow ? `${flow}/${node ?? ''}` : '';
  const session = useTries(({ sessions }) => sessions[key]) ?? emptySession;
  const [opened, setOpened] = useState<Opened>(null);
  const usual = useDefaultProfile();
  const profile = profileOf(value);
  const { variables, scope } = useFlowScope(flow, node);
  const tried = useTryValues(value, session.values, variables, flow);
  const profileValue = useDocument(profile ? documentName('profile', profile) : '').value;
  const asUser = profile !== null && profileValue !== null && !isApplication(profileValue);
  const signIn = useSignIn(profile ?? '', (account) => patchTry(key, { account: account.id }));
  const account = signIn.accounts.find(({ id }) => id === session.account) ?? signIn.accounts[0] ?? null;
  useLastTry(key, flow, node);

  const trySend = async (confirmed = false): Promise<void> => {
    if (!urlOf(value)) return;
    if (asUser && !account) return signIn.start();
    if (writes(value) && !confirmed) return setOpened('write');
    setOpened(null);
    const request = requestOf(value);
    const error = await send(key, {
      request, values: tried.values, account: asUser ? (account?.id ?? null) : null, confirmed, flow: flow ?? null, node: node ?? null,
    });
    if (error?.code === 'confirmationNeeded') setOpened('write');
  };
  const choose = (ready: LibraryRequest): void => {
    onChange(withReady(value, ready, profile ?? usual));
    setOpened(null);
  };
  const bringBack = (again: TryWire): void => {
    if (!flow) {
      const graph = /^https?:\/\/[^/]+\/(v1\.0|beta)\//.exec(again.url);
      const url = graph ? again.url.replace(/^https?:\/\/[^/]+/, 'https://graph.microsoft.com') : again.url;
      const blank: JsonObject = value.authentication === undefined ? {} : { authentication: value.authentication };
      onChange(withUrl(withMethod(blank, again.method), url));
    }
    patchTry(key, { result: again, error: null });
    setOpened(null);
  };
  const { result, error, sending } = session;
  return (
    <div className={styles.root}>
      <div className={styles.parts}>
        <div className={mergeClasses(styles.column, styles.left)}>
          <RequestBar
            value={value}
            sending={sending !== null}
            ready={tried.ready}
            onChange={onChange}
            onSend={() => void trySend()}
            onCancel={() => cancelTry(key)}
            onOpen={setOpened}
            actions={actions}
            readyBeside={props.readyBeside ?? false}
          />
          <UrlGaps url={urlOf(value)} scope={scope} onChange={(url) => onChange(withUrl(value, url), 'url')} />
          {profile && <Permissions profile={profile} method={methodOf(value)} url={urlOf(value)} onSignIn={signIn.start} />}
          {asUser && <Account signIn={signIn} chosen={session.account} onChoose={(id) => patchTry(key, { account: id })} />}
          {!profile && usual && value.authentication === undefined && urlOf(value).startsWith('/') && (
            <MessageBar intent="info" layout="multiline">
              <MessageBarBody>Graph wants to know who asks.</MessageBarBody>
              <MessageBarActions>
                <Button size="small" onClick={() => onChange(withProfile(value, usual))}>Use {usual}</Button>
              </MessageBarActions>
            </MessageBar>
          )}
          <ValuesEditor tried={tried} typed={session.values} onChange={(values) => patchTry(key, { values })} />
          <RequestParts value={value} scope={scope} onChange={onChange} />
        </div>
        <div className={mergeClasses(styles.column, styles.right)}>
          {error && (
            <MessageBar intent="error" layout="multiline">
              <MessageBarBody><MessageBarTitle>{error.message}</MessageBarTitle> {error.hint}</MessageBarBody>
            </MessageBar>
          )}
          {result ? (
            <Response result={result} loading={sending !== null} onNext={() => void sendNext(key, result.id)} onMap={() => setOpened('mapping')} />
          ) : (
            !error && <p className={styles.empty}>Try the request, and what comes back stands here: as a tree of any size, from which a mapping into a list is made.</p>
          )}
        </div>
      </div>
      {opened === 'library' && <LibraryDialog onClose={() => setOpened(null)} onChoose={choose} />}
      {opened === 'history' && <HistoryDialog onClose={() => setOpened(null)} onChoose={bringBack} />}
      {opened === 'code' && <CodeDialog request={value} values={tried.values} onClose={() => setOpened(null)} />}
      {opened === 'write' && <WriteDialog method={methodOf(value)} url={urlOf(value)} writes={writes(value)} carried={carriedBy(value)} onClose={() => setOpened(null)} onSend={() => void trySend(true)} />}
      {opened === 'mapping' && result?.example && (
        <Suspense fallback={null}>
          <MappingDialog
            example={result.example}
            onClose={() => setOpened(null)}
            onDone={(made) => {
              setOpened(null);
              onMapped?.(made);
            }}
          />
        </Suspense>
      )}
    </div>
  );
}

/** The variables of the flow that the request stands in. */
function useFlowScope(flow: string | undefined, node: string | undefined): { variables: JsonObject; scope: { flow: string | undefined; node: string | undefined; variables: Variable[] } } {
  const document = useDocument(flow ? documentName('flow', flow) : '').value;
  return useMemo(() => {
    const read = readFlow(document);
    const variables: JsonObject = read && isObject(read.variables) ? read.variables : {};
    const names = read ? [...variablesOf(read)] : [];
    const list = names.map((name) => {
      const initial = variables[name];
      return { name, children: isObject(initial) ? Object.keys(initial) : [] };
    });
    return { variables, scope: { flow, node, variables: list } };
  }, [document, flow, node]);
}

/** What the node last brought, where it was tried before the editor was opened. */
function useLastTry(key: string, flow: string | undefined, node: string | undefined): void {
  useEffect(() => {
    if (!flow || useTries.getState().sessions[key]) return;
    getTries().then(
      ({ tries }) => {
        const last = tries.find((each) => each.flow === flow && each.node === node);
        if (last && !useTries.getState().sessions[key]) patchTry(key, { result: last });
      },
      () => undefined,
    );
  }, [key, flow, node]);
}

export { RequestEditor };
