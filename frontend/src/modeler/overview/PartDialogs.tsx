/** Renaming, copying and deleting a part; before it goes, what refers to it is shown. */
import {
  Button,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  Link,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Spinner,
  Text,
  tokens,
} from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { createDocument, removeDocument, rename } from '../actions';
import { type ApiError, asApiError, type DocumentEntry, getDocument, type Rename } from '../api';
import { flush, useDocuments, useModel } from '../documents';
import { isObject } from '../merge';
import { nameOf } from '../newDocuments';
import { addressOf, documentName, placeOf, shortName } from '../places';
import { findReferences, type Reference } from '../references';
import { say } from '../toasts';
import { Modal } from '../Modal';

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  list: { margin: 0, paddingLeft: '20px', maxHeight: '30vh', overflowY: 'auto' },
  path: { color: tokens.colorNeutralForeground2 },
});

interface PartDialogProps {
  entry: DocumentEntry;
  onClose: () => void;
}

/** The frame: what is done, its failure, the way out. */
function Frame(props: {
  title: string;
  action: string;
  ready: boolean;
  onClose: () => void;
  act: () => Promise<void>;
  children: React.ReactNode;
}): React.JSX.Element {
  const { title, action, ready, onClose, act, children } = props;
  const styles = useStyles();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const submit = async (): Promise<void> => {
    if (!ready || busy) return;
    setBusy(true);
    try {
      await act();
      onClose();
    } catch (problem) {
      setError(asApiError(problem));
      setBusy(false);
    }
  };
  return (
    <Modal onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <DialogBody>
            <DialogTitle>{title}</DialogTitle>
            <DialogContent className={styles.content}>
              {error && (
                <MessageBar intent="error" layout="multiline">
                  <MessageBarBody>
                    {error.message} {error.hint}
                  </MessageBarBody>
                </MessageBar>
              )}
              {children}
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>Cancel</Button>
              <Button appearance="primary" type="submit" disabled={!ready} disabledFocusable={busy}>
                {action}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Modal>
  );
}

const namePattern = /^[a-z][a-z0-9_-]{0,59}$/;

function nameFault(name: string, taken: string[]): string {
  if (taken.includes(name)) return 'This name is taken.';
  return namePattern.test(name) ? '' : 'A name begins with a small letter; then small letters, digits and _.';
}

export function RenameDialog({ entry, onClose }: PartDialogProps): React.JSX.Element {
  const navigate = useNavigate();
  const old = shortName(entry.name);
  const taken = useDocuments(entry.kind).map(({ name }) => shortName(name));
  const [name, setName] = useState(old);
  const fault = name === old ? '' : nameFault(name, taken);
  const { one } = placeOf(entry.kind);
  const act = async (): Promise<void> => {
    await rename({ kind: entry.kind as Rename['kind'], name: old, to: name });
    say(`${old} is now called ${name}.`, {
      action: { text: 'Open', act: () => void navigate(addressOf(documentName(entry.kind, name))) },
    });
  };
  return (
    <Frame title={`Rename the ${one} ${old}`} action="Rename" ready={!fault && name !== old} onClose={onClose} act={act}>
      <Field
        label="Name"
        hint={`The new name goes wherever the old one stands.${entry.kind === 'list' ? ' The list keeps its rows.' : ''}`}
        {...(fault && { validationState: 'error' as const, validationMessage: fault })}
      >
        <Input autoFocus value={name} onChange={(_, data) => setName(data.value)} />
      </Field>
    </Frame>
  );
}

export function DuplicateDialog({ entry, onClose }: PartDialogProps): React.JSX.Element {
  const navigate = useNavigate();
  const taken = useDocuments(entry.kind).map(({ name }) => shortName(name));
  const [title, setTitle] = useState(`${entry.title} copy`);
  const name = nameOf(title, taken);
  const act = async (): Promise<void> => {
    await flush(entry.name);
    const { value } = await getDocument(entry.name);
    const copy = isObject(value) ? { ...value } : {};
    if ('title' in copy) copy.title = title.trim();
    // Two flows at one address, or two lists over one table, would be a problem at once.
    delete copy.renamed_from;
    if (typeof copy.path === 'string') copy.path = `/${name.replaceAll('_', '-')}`;
    await createDocument(documentName(entry.kind, name), copy);
    void navigate(addressOf(documentName(entry.kind, name)));
  };
  return (
    <Frame
      title={`Duplicate the ${placeOf(entry.kind).one} ${entry.title}`}
      action="Duplicate"
      ready={title.trim() !== ''}
      onClose={onClose}
      act={act}
    >
      <Field label="Title" hint={`In the model: ${documentName(entry.kind, name)}`}>
        <Input autoFocus value={title} maxLength={60} onChange={(_, data) => setTitle(data.value)} />
      </Field>
    </Frame>
  );
}

/** What names a document, over the whole draft; null while it is looked for. */
function useReferences(entry: DocumentEntry): Reference[] | null {
  const [found, setFound] = useState<Reference[] | null>(null);
  useEffect(() => {
    let current = true;
    const look = async (): Promise<void> => {
      await flush();
      const names = useModel.getState().documents.filter(({ kind }) => kind !== 'layout');
      const documents = await Promise.all(names.map(({ name }) => getDocument(name)));
      if (current) setFound(findReferences(entry.kind, shortName(entry.name), documents));
    };
    look().catch(() => current && setFound([]));
    return () => {
      current = false;
    };
  }, [entry]);
  return found;
}

export function DeleteDialog({ entry, onClose }: PartDialogProps): React.JSX.Element {
  const styles = useStyles();
  const navigate = useNavigate();
  const references = useReferences(entry);
  const act = async (): Promise<void> => {
    await removeDocument(entry.name);
    if (entry.kind === 'flow') {
      const layout = entry.name.replace('flows/', 'layout/');
      if (useModel.getState().documents.some(({ name }) => name === layout)) await removeDocument(layout);
    }
    say(`${entry.title} is deleted from the draft.`, { body: 'The file goes when you save.' });
  };
  return (
    <Frame
      title={`Delete the ${placeOf(entry.kind).one} ${entry.title}?`}
      action="Delete"
      ready={references !== null}
      onClose={onClose}
      act={act}
    >
      {!references && <Spinner size="tiny" label="Looking for what refers to it" />}
      {references?.length === 0 && <Text>Nothing refers to it. Its file goes when you save.</Text>}
      {references && references.length > 0 && (
        <>
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>
              {references.length === 1 ? 'One place refers' : `${references.length} places refer`} to it and would
              be a problem then.
            </MessageBarBody>
          </MessageBar>
          <ul className={styles.list}>
            {references.map(({ document, path }) => (
              <li key={`${document} ${path}`}>
                <Link
                  as="button"
                  type="button"
                  onClick={() => {
                    onClose();
                    const [, node] = /^nodes\.([^.]+)/.exec(path) ?? [];
                    void navigate(addressOf(document, { field: path, ...(node && { node }) }));
                  }}
                >
                  {document}
                </Link>{' '}
                <Text size={200} className={styles.path}>{path}</Text>
              </li>
            ))}
          </ul>
        </>
      )}
    </Frame>
  );
}
