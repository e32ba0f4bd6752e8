/** Uploads on their way and those that failed: several, one after the other, each with its progress. */
import { Button, makeStyles, ProgressBar, Text, tokens } from '@fluentui/react-components';
import { Dismiss16Regular } from '@fluentui/react-icons';
import { asApiError, isAbort, type StepAddress, uploadFile } from '@graphwright/api';
import { useCallback, useEffect, useRef, useState } from 'react';

export interface Upload {
  id: number;
  name: string;
  /** From 0 to 1. */
  part: number;
  error: string | null;
}

export interface Uploads {
  uploads: Upload[];
  add: (files: Iterable<File>) => void;
  dismiss: (id: number) => void;
}

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: '0 24px 8px', '@media (max-width: 640px)': { paddingInline: '16px' } },
  item: { display: 'flex', alignItems: 'center', gap: '12px', minHeight: '32px' },
  name: { flexShrink: 1, minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  bar: { flexGrow: 1, minWidth: '60px' },
  error: { flexGrow: 1, minWidth: '40%', color: tokens.colorStatusDangerForeground1 },
});

/** `done` is called when all are through and at least one was stored. */
export function useUploads(address: StepAddress, done: () => void): Uploads {
  const [uploads, setUploads] = useState<Upload[]>([]);
  const controllers = useRef(new Map<number, AbortController>());
  const queue = useRef<Promise<void>>(Promise.resolve());
  const state = useRef({ next: 1, waiting: 0, stored: 0 });
  const doneRef = useRef(done);
  doneRef.current = done;
  useEffect(() => {
    const running = controllers.current;
    return () => running.forEach((controller) => controller.abort());
  }, []);

  const change = (id: number, what: Partial<Upload>): void =>
    setUploads((all) => all.map((one) => (one.id === id ? { ...one, ...what } : one)));
  const remove = (id: number): void => setUploads((all) => all.filter((one) => one.id !== id));

  const add = useCallback(
    (files: Iterable<File>) => {
      for (const file of files) {
        const id = state.current.next;
        const controller = new AbortController();
        state.current.next += 1;
        state.current.waiting += 1;
        controllers.current.set(id, controller);
        setUploads((all) => [...all, { id, name: file.name, part: 0, error: null }]);
        queue.current = queue.current.then(async () => {
          try {
            if (!controller.signal.aborted) {
              await uploadFile(address, file, (part) => change(id, { part }), controller.signal);
              state.current.stored += 1;
            }
            remove(id);
          } catch (reason) {
            const { message, hint } = asApiError(reason);
            if (isAbort(reason)) remove(id);
            else change(id, { error: [message, hint].filter(Boolean).join(' ') });
          }
          controllers.current.delete(id);
          state.current.waiting -= 1;
          if (state.current.waiting === 0 && state.current.stored > 0) {
            state.current.stored = 0;
            doneRef.current();
          }
        });
      }
    },
    [address],
  );
  const dismiss = useCallback((id: number) => {
    controllers.current.get(id)?.abort();
    remove(id);
  }, []);
  return { uploads, add, dismiss };
}

export function UploadList({ uploads, dismiss }: Uploads): React.JSX.Element | null {
  const styles = useStyles();
  if (uploads.length === 0) return null;
  return (
    <ul className={styles.list} aria-label="Uploads">
      {uploads.map(({ id, name, part, error }) => (
        <li key={id} className={styles.item}>
          <Text className={styles.name} title={name}>{name}</Text>
          {error === null ? (
            <ProgressBar className={styles.bar} value={part} aria-label={`Upload of ${name}`} />
          ) : (
            <Text role="alert" className={styles.error}>{error}</Text>
          )}
          <Button
            appearance="subtle"
            size="small"
            icon={<Dismiss16Regular />}
            aria-label={error === null ? `Cancel the upload of ${name}` : `Dismiss ${name}`}
            onClick={() => dismiss(id)}
          />
        </li>
      ))}
    </ul>
  );
}
