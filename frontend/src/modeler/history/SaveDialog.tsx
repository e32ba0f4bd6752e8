/** Writing the draft into the folder: what changed in each file, what is wrong, which version holds. */
import {
  Button,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Spinner,
  tokens,
} from '@fluentui/react-components';
import { useEffect, useMemo, useState } from 'react';
import { discard, save } from '../actions';
import { type ApiError, asApiError, type FileChange, getChanges, getDocument, settleConflict } from '../api';
import { Confirm } from '../Confirm';
import { useShellDialogs } from '../dialogs';
import { flush, refreshModel, useModel } from '../documents';
import { say } from '../toasts';
import { type ChangedFile, FileChanges } from './FileChanges';
import { Modal } from '../Modal';

const useStyles = makeStyles({
  surface: { maxWidth: 'min(1080px, 94vw)' },
  body: { gridTemplateColumns: 'auto 1fr' },
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, minWidth: 0 },
  changes: { height: 'min(58vh, 560px)' },
  wait: { height: '200px', display: 'flex', justifyContent: 'center' },
});

function close(): void {
  useShellDialogs.setState({ save: false });
}

function countText(count: number, word: string): string {
  return `${count} ${count === 1 ? word : `${word}s`}`;
}

/** The draft against the folder; read again whenever the draft changes. */
function useChanges(): { files: ChangedFile[] | null; error: ApiError | null } {
  const documents = useModel((model) => model.documents);
  const [files, setFiles] = useState<ChangedFile[] | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  useEffect(() => {
    let current = true;
    const read = async (): Promise<void> => {
      await flush();
      const { files: changed } = await getChanges();
      const conflicts = documents.filter(({ conflict }) => conflict).map(({ name }) => name);
      const disks = new Map(
        await Promise.all(conflicts.map(async (name) => [name, await getDocument(name)] as const)),
      );
      const all: FileChange[] = [...changed];
      for (const [name, document] of disks) {
        if (!changed.some((file) => file.name === name)) {
          all.push({ name, change: 'changed', before: document.disk_text, after: document.text, diff: '' });
        }
      }
      if (current) setFiles(all.map((file) => ({ ...file, disk: disks.get(file.name)?.disk_text ?? null })));
    };
    read().catch((problem) => current && setError(asApiError(problem)));
    return () => {
      current = false;
    };
  }, [documents]);
  return { files, error };
}

function FileActions({ file }: { file: ChangedFile }): React.JSX.Element {
  const [error, setError] = useState<ApiError | null>(null);
  const settle = async (take: 'mine' | 'disk'): Promise<void> => {
    try {
      await settleConflict(file.name, take);
      await refreshModel();
    } catch (problem) {
      setError(asApiError(problem));
    }
  };
  if (error) return <span role="alert">{error.message}</span>;
  if (file.disk != null) {
    return (
      <>
        <Button size="small" onClick={() => void settle('disk')}>Take the disk’s</Button>
        <Button size="small" appearance="primary" onClick={() => void settle('mine')}>Keep mine</Button>
      </>
    );
  }
  return (
    <Confirm
      title={`Discard what changed in ${file.name}?`}
      text="The draft gets the folder’s version back. This cannot be undone."
      action="Discard"
      onConfirm={() => discard([file.name])}
    >
      <Button size="small" appearance="subtle">Discard</Button>
    </Confirm>
  );
}

export default function SaveDialog(): React.JSX.Element {
  const styles = useStyles();
  const { files, error } = useChanges();
  const problems = useModel((model) => model.problems);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const conflicts = useMemo(() => files?.filter(({ disk }) => disk != null).length ?? 0, [files]);
  const write = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      const { saved } = await save();
      say(`${countText(saved.length, 'file')} saved.`);
      close();
    } catch (problem) {
      setFailure(asApiError(problem));
      setBusy(false);
    }
  };
  const failed = failure ?? error;
  return (
    <Modal onOpenChange={(_, { open }) => !open && close()}>
      <DialogSurface className={styles.surface}>
        <DialogBody className={styles.body}>
          <DialogTitle>Save</DialogTitle>
          <DialogContent className={styles.content}>
            {failed && (
              <MessageBar intent="error" layout="multiline">
                <MessageBarBody>
                  {failed.message} {failed.hint}
                </MessageBarBody>
              </MessageBar>
            )}
            {conflicts > 0 && (
              <MessageBar intent="warning" layout="multiline">
                <MessageBarBody>
                  {countText(conflicts, 'file')} changed on disk as well. Choose for each which version holds.
                </MessageBarBody>
              </MessageBar>
            )}
            {!files && !failed && (
              <div className={styles.wait}>
                <Spinner label="Comparing with the folder" />
              </div>
            )}
            {files?.length === 0 && <p>Everything is saved: the folder is as the draft.</p>}
            {files && files.length > 0 && (
              <div className={styles.changes}>
                <FileChanges files={files} actions={(file) => <FileActions key={file.name} file={file} />} />
              </div>
            )}
          </DialogContent>
          <DialogActions position="start">
            {files && files.length > 0 && (
              <Confirm
                title="Discard everything that is not saved?"
                text={`${countText(files.length, 'file')} of the draft would be as in the folder again. This cannot be undone.`}
                action="Discard all"
                onConfirm={() => discard()}
              >
                <Button appearance="subtle">Discard all…</Button>
              </Confirm>
            )}
          </DialogActions>
          <DialogActions position="end">
            <Button onClick={close}>{files?.length === 0 ? 'Close' : 'Cancel'}</Button>
            {files?.length !== 0 && (
              <Button appearance="primary" disabled={!files || conflicts > 0} disabledFocusable={busy} onClick={() => void write()}>
                {errors > 0 ? `Save with ${countText(errors, 'problem')}` : 'Save'}
              </Button>
            )}
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Modal>
  );
}
