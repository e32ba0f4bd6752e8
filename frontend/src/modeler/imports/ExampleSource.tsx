/** Where an example comes from: an answer of a try, a pasted document, a file. */
import { Button, Field, Link, makeStyles, mergeClasses, MessageBar, MessageBarBody, Spinner, Text, Textarea, tokens } from '@fluentui/react-components';
import { ArrowUpload20Regular, DocumentArrowRight20Regular } from '@fluentui/react-icons';
import { useRef, useState } from 'react';
import { addExample, type ApiError, asApiError, getTries } from '../api';
import { pathOf } from '../requests/History';
import { MethodBadge } from '../requests/MethodBadge';
import { useAnswer } from '../useAnswer';

const useStyles = makeStyles({
  source: { display: 'flex', flexDirection: 'column', gap: '16px', minHeight: 0, overflowY: 'auto' },
  drop: {
    display: 'flex', flexDirection: 'column', alignItems: 'center', gap: '8px', padding: '24px', textAlign: 'center',
    border: `2px dashed ${tokens.colorNeutralStroke1}`, borderRadius: tokens.borderRadiusXLarge,
  },
  over: { borderTopColor: tokens.colorBrandStroke1, borderBottomColor: tokens.colorBrandStroke1, borderLeftColor: tokens.colorBrandStroke1, borderRightColor: tokens.colorBrandStroke1, backgroundColor: tokens.colorBrandBackground2 },
  list: { listStyleType: 'none', margin: 0, padding: 0, display: 'flex', flexDirection: 'column', gap: '4px' },
  entry: { justifyContent: 'flex-start', width: '100%', minWidth: 0, overflowWrap: 'anywhere', fontWeight: tokens.fontWeightRegular, textAlign: 'left' },
  entryText: { display: 'flex', gap: '8px', alignItems: 'center' },
  file: { display: 'none' },
  code: { '& textarea': { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, minHeight: '110px' } },
  hint: { color: tokens.colorNeutralForeground2 },
});

const largest = 60_000_000;

export function ExampleSource({ onExample }: { onExample: (example: string, title: string) => void }): React.JSX.Element {
  const styles = useStyles();
  const { answer } = useAnswer(getTries, []);
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const tries = answer?.tries.filter(({ example, error: failed }) => example && !failed).slice(0, 8) ?? [];

  const add = async (read: () => Promise<string>, title: string): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const made = await addExample(await read(), title);
      onExample(made.id, title);
    } catch (problem) {
      setError(asApiError(problem));
    } finally {
      setBusy(false);
    }
  };
  const take = (file: File | undefined): void => {
    if (!file) return;
    if (file.size > largest) setError(asApiError(new Error(`${file.name} is too large: an example has 60 MB at most.`)));
    else void add(() => file.text(), file.name);
  };
  return (
    <div className={styles.source}>
      {error && <MessageBar intent="error" layout="multiline"><MessageBarBody>{error.message} {error.hint}</MessageBarBody></MessageBar>}
      {tries.length > 0 && (
        <section aria-label="Answers of requests">
          <Text weight="semibold">The answer of a request</Text>
          <ul className={styles.list}>
            {tries.map((tried) => (
              <li key={tried.id}>
                <Button appearance="subtle" className={styles.entry} icon={<DocumentArrowRight20Regular />} onClick={() => onExample(tried.example!, `${tried.method} ${pathOf(tried.url)}`)}>
                  <span className={styles.entryText}><MethodBadge method={tried.method} /> {pathOf(tried.url).slice(0, 120)}</span>
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <div
        className={mergeClasses(styles.drop, over && styles.over)}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          take(event.dataTransfer.files[0]);
        }}
      >
        <Text>Drop a file here: JSON, JSON Lines or CSV</Text>
        <Button icon={busy ? <Spinner size="tiny" aria-hidden /> : <ArrowUpload20Regular />} disabled={busy} onClick={() => input.current?.click()}>Choose a file</Button>
        <input ref={input} type="file" className={styles.file} accept=".json,.jsonl,.ndjson,.csv,.txt" aria-label="A file" onChange={(event) => take(event.target.files?.[0])} />
      </div>
      <Field label="Or paste a document">
        <Textarea className={styles.code} value={text} onChange={(_, data) => setText(data.value)} placeholder='{"value": [{"id": "1", …}]}' />
      </Field>
      <div>
        <Button appearance="primary" disabled={!text.trim() || busy} onClick={() => void add(async () => text, 'Pasted')}>Use it</Button>
      </div>
      <Text size={200} className={styles.hint}>Examples stay in the memory of the modeler; nothing of them is written into the model. Requests are tried under <Link href="/requests">Requests</Link>.</Text>
    </div>
  );
}
