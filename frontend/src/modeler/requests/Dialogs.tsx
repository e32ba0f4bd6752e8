/** What the request editor opens over itself: library, history, code, the question before a write. */
import {
  Button, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, makeStyles, Spinner, Tab, TabList, Text, tokens,
} from '@fluentui/react-components';
import { Dismiss24Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import { getCode, type LibraryRequest, type TryWire } from '../api';
import { CopyButton } from '../CopyButton';
import type { JsonObject } from '../merge';
import { useAnswer } from '../useAnswer';
import { History } from './History';
import { Library } from './Library';
import { MethodBadge } from './MethodBadge';
import { type carriedBy, requestOf } from './model';
import { Modal } from '../Modal';

const useStyles = makeStyles({
  surface: { maxWidth: '720px', width: '100%' },
  tall: { display: 'flex', flexDirection: 'column', height: '60vh', minHeight: 0 },
  code: {
    margin: 0, padding: '12px', overflow: 'auto', maxHeight: '50vh', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere',
    fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, backgroundColor: tokens.colorNeutralBackground3, borderRadius: tokens.borderRadiusMedium,
  },
  row: { display: 'flex', alignItems: 'center', justifyContent: 'space-between', gap: '8px' },
  asked: { display: 'flex', alignItems: 'flex-start', gap: '8px', paddingBlock: '8px' },
  url: { fontFamily: tokens.fontFamilyMonospace, overflowWrap: 'anywhere' },
});

/** A dialog with a title, a way out and whatever is in it. */
export function Panel(props: { title: string; onClose: () => void; children: React.ReactNode }): React.JSX.Element {
  const styles = useStyles();
  return (
    <Modal onOpenChange={(_, { open }) => !open && props.onClose()}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle action={<Button appearance="subtle" aria-label="Close" icon={<Dismiss24Regular />} onClick={props.onClose} />}>{props.title}</DialogTitle>
          <DialogContent>{props.children}</DialogContent>
        </DialogBody>
      </DialogSurface>
    </Modal>
  );
}

export function LibraryDialog(props: { onClose: () => void; onChoose: (ready: LibraryRequest) => void }): React.JSX.Element {
  const styles = useStyles();
  return (
    <Panel title="Ready requests" onClose={props.onClose}>
      <div className={styles.tall}><Library autoFocus onChoose={props.onChoose} /></div>
    </Panel>
  );
}

export function HistoryDialog(props: { onClose: () => void; onChoose: (tried: TryWire) => void }): React.JSX.Element {
  const styles = useStyles();
  return (
    <Panel title="What was tried" onClose={props.onClose}>
      <div className={styles.tall}><History onChoose={props.onChoose} /></div>
    </Panel>
  );
}

const languages = [['curl', 'curl'], ['python', 'Python'], ['command', 'graphwright request']] as const;

export function CodeDialog(props: { request: JsonObject; values: JsonObject; onClose: () => void }): React.JSX.Element {
  const { request, values, onClose } = props;
  const styles = useStyles();
  const [language, setLanguage] = useState<'curl' | 'python' | 'command'>('curl');
  const { answer, error } = useAnswer((signal) => getCode({ request: requestOf(request), values }, signal), []);
  return (
    <Panel title="Copy as" onClose={onClose}>
      <div className={styles.row}>
        <TabList selectedValue={language} onTabSelect={(_, { value }) => setLanguage(value as typeof language)}>
          {languages.map(([key, title]) => <Tab key={key} value={key}>{title}</Tab>)}
        </TabList>
        {answer && <CopyButton text={answer[language]} label="the code" />}
      </div>
      {error && <Text role="alert">{error.message} {error.hint}</Text>}
      {!answer && !error && <Spinner size="small" label="Writing" />}
      {answer && <pre className={styles.code} tabIndex={0}>{answer[language]}</pre>}
    </Panel>
  );
}

/** Before something is changed in Microsoft 365. */
export function WriteDialog(props: { method: string; url: string; writes: boolean; carried: ReturnType<typeof carriedBy>; onClose: () => void; onSend: () => void }): React.JSX.Element {
  const { method, url, writes, carried, onClose, onSend } = props;
  const styles = useStyles();
  return (
    <Modal modalType="alert" onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>Send this for real?</DialogTitle>
          <DialogContent>
            {writes && 'This request changes something at the other side, and that cannot be undone from here. '}
            {carried === 'password' && 'It takes a password along: whoever runs the server at this address can read it.'}
            {carried === 'certificate' && 'It shows a client certificate: the server at this address learns whom it belongs to. Its private key stays here.'}
            <div className={styles.asked}>
              <MethodBadge method={method} />
              <span className={styles.url}>{url}</span>
            </div>
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>Cancel</Button>
            <Button appearance="primary" onClick={onSend}>Send {method}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Modal>
  );
}
