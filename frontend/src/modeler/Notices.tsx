/** What the person must know whatever the screen: other editors, the disk, no connection; and messages. */
import {
  Button,
  Link as FluentLink,
  makeStyles,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  Toast,
  ToastBody,
  Toaster,
  ToastFooter,
  ToastTitle,
  ToastTrigger,
  useId,
  useToastController,
} from '@fluentui/react-components';
import { Dismiss16Regular } from '@fluentui/react-icons';
import { useEffect, useRef } from 'react';
import { useNavigate } from 'react-router';
import { useShallow } from 'zustand/react/shallow';
import { useShellDialogs } from './dialogs';
import { flush, settleClash, useModel } from './documents';
import { useEvent } from './events';
import { say, useMessages } from './toasts';

const useStyles = makeStyles({
  group: { display: 'flex', flexDirection: 'column', flexShrink: 0 },
  bar: { flexShrink: 0, borderRadius: 0 },
  body: { overflowWrap: 'anywhere', paddingBlock: '4px' },
  links: { margin: 0, paddingLeft: '16px', overflowWrap: 'anywhere', maxHeight: '30vh', overflowY: 'auto' },
});

function Clash({ name }: { name: string }): React.JSX.Element {
  const styles = useStyles();
  const paths = useModel(({ open }) => open[name]?.clash?.paths ?? []);
  return (
    <MessageBar intent="warning" layout="multiline" className={styles.bar}>
      <MessageBarBody className={styles.body}>
        <MessageBarTitle>{name} was changed elsewhere at the same time.</MessageBarTitle> Both of you changed{' '}
        {paths.slice(0, 4).join(', ')}
        {paths.length > 4 && ` and ${paths.length - 4} more`}. Nothing is written until you choose.
      </MessageBarBody>
      <MessageBarActions>
        <Button onClick={() => settleClash(name, 'mine')}>Keep mine</Button>
        <Button onClick={() => settleClash(name, 'theirs')}>Take theirs</Button>
      </MessageBarActions>
    </MessageBar>
  );
}

function Refused({ name }: { name: string }): React.JSX.Element {
  const styles = useStyles();
  const error = useModel(({ open }) => open[name]?.error);
  return (
    <MessageBar intent="error" layout="multiline" className={styles.bar}>
      <MessageBarBody className={styles.body}>
        <MessageBarTitle>Your edit of {name} was not taken.</MessageBarTitle> {error?.message} {error?.hint}
      </MessageBarBody>
      <MessageBarActions>
        <Button onClick={() => void flush(name)}>Try again</Button>
      </MessageBarActions>
    </MessageBar>
  );
}

export function Notices(): React.JSX.Element | null {
  const styles = useStyles();
  const online = useModel((model) => model.online);
  const clashes = useModel(useShallow(({ open }) => Object.keys(open).filter((name) => open[name]!.clash)));
  const refused = useModel(
    useShallow(({ open }) =>
      Object.keys(open).filter((name) => {
        const { error, document } = open[name]!;
        return error && document && error.code !== 'offline';
      }),
    ),
  );
  const conflicts = useModel(
    useShallow(({ documents }) => documents.filter(({ conflict }) => conflict).map(({ name }) => name)),
  );
  useEvent('documents', ({ changed, removed, by }) => {
    if (by !== 'disk') return;
    const names = [...changed.map(({ name }) => name), ...removed];
    say(names.length === 1 ? `${names[0]} changed on disk.` : `${names.length} files changed on disk.`, {
      intent: 'info',
      body: names.length === 1 ? 'The draft follows.' : names.slice(0, 5).join(', '),
    });
  });
  if (online && !clashes.length && !refused.length && !conflicts.length) return null;
  return (
    <section className={styles.group} aria-label="Notices">
      {!online && (
        <MessageBar intent="error" className={styles.bar}>
          <MessageBarBody className={styles.body}>
            <MessageBarTitle>The modeler cannot be reached.</MessageBarTitle> What you edit is kept here and sent
            when it is back. If <code>graphwright modeler</code> was started again, open its new link in this
            browser; this page then goes on.
          </MessageBarBody>
        </MessageBar>
      )}
      {clashes.map((name) => <Clash key={name} name={name} />)}
      {refused.map((name) => <Refused key={name} name={name} />)}
      {conflicts.length > 0 && (
        <MessageBar intent="warning" layout="multiline" className={styles.bar}>
          <MessageBarBody className={styles.body}>
            <MessageBarTitle>
              {conflicts.length === 1 ? `${conflicts[0]} was` : `${conflicts.length} files were`} changed on disk
              as well.
            </MessageBarTitle>{' '}
            Choose which version holds before it is saved.
          </MessageBarBody>
          <MessageBarActions>
            <Button onClick={() => useShellDialogs.setState({ save: true })}>Compare</Button>
          </MessageBarActions>
        </MessageBar>
      )}
    </section>
  );
}

/** Shows what `say` was told. */
export function Messages(): React.JSX.Element {
  const toaster = useId('messages');
  const { dispatchToast } = useToastController(toaster);
  const messages = useMessages((state) => state.messages);
  const shown = useRef(0);
  const styles = useStyles();
  const navigate = useNavigate();
  useEffect(() => {
    // Within the page, unless a new tab was asked for.
    const follow = (event: React.MouseEvent, href: string): void => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      void navigate(href);
    };
    for (const { id, intent, title, body, action, links } of messages) {
      if (id <= shown.current) continue;
      shown.current = id;
      const toast = (
        <Toast>
          <ToastTitle
            action={links && (
              <ToastTrigger><Button appearance="transparent" size="small" aria-label="Close" icon={<Dismiss16Regular />} /></ToastTrigger>
            )}
          >
            {title}
          </ToastTitle>
          {links && (
            <ToastBody>
              <ul className={styles.links} tabIndex={links.length > 6 ? 0 : undefined} aria-label={title}>
                {links.map(({ text, href }, index) => (
                  <li key={index}><FluentLink href={href} onClick={(event) => follow(event, href)}>{text}</FluentLink></li>
                ))}
              </ul>
            </ToastBody>
          )}
          {body && <ToastBody>{body}</ToastBody>}
          {action && (
            <ToastFooter>
              <FluentLink as="button" onClick={action.act}>{action.text}</FluentLink>
            </ToastFooter>
          )}
        </Toast>
      );
      dispatchToast(toast, { intent, timeout: links ? -1 : intent === 'error' ? 12_000 : 5000, pauseOnHover: true });
    }
  }, [messages, dispatchToast, navigate, styles]);
  return (
    <section aria-label="Messages">
      <Toaster inline toasterId={toaster} position="bottom-end" offset={{ vertical: 48, horizontal: 20 }} />
    </section>
  );
}
