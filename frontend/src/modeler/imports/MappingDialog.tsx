/** From an example to a list and the import that fills it, in one dialog. */
import {
  Button, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field, Input, makeStyles, MessageBar, MessageBarBody, Spinner,
} from '@fluentui/react-components';
import { Dismiss24Regular } from '@fluentui/react-icons';
import { useEffect, useState } from 'react';
import { type ApiError, asApiError, infer, type Inferred, isAbort } from '../api';
import { useModel } from '../documents';
import { isObject } from '../merge';
import { nameOf } from '../newDocuments';
import { documentName, shortName } from '../places';
import { ExampleSource } from './ExampleSource';
import { fieldsOf, listAt, type Mapping, mappingOf, namePattern, renameLists } from './mapping';
import { MappingEditor } from './MappingEditor';
import { saveMapping } from './saveMapping';
import { Modal } from '../Modal';

const useStyles = makeStyles({
  surface: { width: '96vw', maxWidth: '1400px', height: '92vh', maxHeight: '92vh', padding: '16px 20px', '@media (max-width: 640px)': { width: '100vw', height: '100dvh', maxHeight: '100dvh', padding: '12px' } },
  body: { height: '100%', gridTemplateRows: 'auto minmax(0, 1fr) auto', '@media (max-width: 640px)': { maxHeight: '100%' } },
  content: { display: 'flex', flexDirection: 'column', gap: '10px', minHeight: 0, overflowY: 'auto' },
  head: { display: 'flex', gap: '12px', alignItems: 'end', flexWrap: 'wrap' },
  name: { width: '260px' },
});

export interface MappingResult {
  /** Names of the list and of the import. */
  list: string;
  import: string;
  inferred: Inferred;
}

export interface MappingDialogProps {
  /** Id of the example; null: it is chosen first. */
  example: string | null;
  /** What list and import are called, as far as that is free; absent: what the items are. */
  name?: string;
  onDone: (result: MappingResult) => void;
  onClose?: () => void;
}

/** A name that neither a list nor an import has. */
function freeName(wanted: string): string {
  const { documents } = useModel.getState();
  const taken = documents.filter(({ kind }) => kind === 'list' || kind === 'import').map(({ name }) => shortName(name));
  return nameOf(wanted, taken);
}

/** The proposal as it was kept: under its name, with the fields that were taken. */
function kept(proposal: Inferred, name: string, mapping: Mapping): Inferred {
  const fields = fieldsOf(mapping, []);
  const { page, within } = proposal;
  return {
    name,
    lists: mapping.lists,
    imports: { [name]: mapping.import },
    page: isObject(page.value) ? { ...page, value: { ...page.value, list: listAt(mapping, []) } } : page,
    within: within && within.from_field in fields && within.to_field in fields ? within : null,
  };
}

export default function MappingDialog(props: MappingDialogProps): React.JSX.Element {
  const { onDone, onClose } = props;
  const styles = useStyles();
  const documents = useModel((model) => model.documents);
  const [example, setExample] = useState(props.example);
  const [proposal, setProposal] = useState<Inferred | null>(null);
  const [all, setAll] = useState<Mapping | null>(null);
  const [mapping, setMapping] = useState<Mapping | null>(null);
  const [name, setName] = useState(() => (props.name ? freeName(props.name) : ''));
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    if (!example) return undefined;
    const abort = new AbortController();
    setError(null);
    infer({ example, name }, abort.signal).then(
      (inferred) => {
        const found = mappingOf(inferred);
        if (!found) return;
        setProposal(inferred);
        setName(inferred.name);
        setAll(found.mapping);
        setMapping(found.mapping);
      },
      (problem: unknown) => void (isAbort(problem) || setError(asApiError(problem))),
    );
    return () => abort.abort();
    // The name is part of the proposal only at first; later it is changed in the mapping.
  }, [example]);

  const bad = !namePattern.test(name) || name.length > 40;
  const rename = (to: string): void => {
    setName(to);
    if (!namePattern.test(to) || to.length > 40) return;
    setMapping((before) => before && renameLists(before, to));
    setAll((before) => before && renameLists(before, to));
  };
  const isThere = !busy && documents.some(({ name: each }) => each === documentName('list', name) || each === documentName('import', name));
  const create = async (): Promise<void> => {
    if (!mapping || !proposal || bad || busy) return;
    setBusy(true);
    try {
      await saveMapping(name, mapping);
      onDone({ list: listAt(mapping, []), import: name, inferred: kept(proposal, name, mapping) });
    } catch (problem) {
      setError(asApiError(problem));
      setBusy(false);
    }
  };
  return (
    <Modal onOpenChange={(_, { open }) => !open && onClose?.()}>
      <DialogSurface className={styles.surface}>
        <DialogBody className={styles.body}>
          <DialogTitle action={<Button appearance="subtle" aria-label="Close" icon={<Dismiss24Regular />} onClick={onClose} />}>Create mapping from example</DialogTitle>
          <DialogContent className={styles.content}>
            {error && <MessageBar intent="error" layout="multiline"><MessageBarBody>{error.message} {error.hint}</MessageBarBody></MessageBar>}
            {(!example || (error && !mapping)) && <ExampleSource onExample={(id) => { setError(null); setExample(id); }} />}
            {example && !mapping && !error && <Spinner label="Reading the example" />}
            {example && mapping && all && (
              <>
                <div className={styles.head}>
                  <Field
                    label="List and import are called"
                    className={styles.name}
                    orientation="vertical"
                    {...(bad && { validationMessage: 'Up to 40 small letters, digits and single _.' })}
                    {...(!bad && isThere && { validationState: 'warning' as const, validationMessage: 'It is there already and will be brought up to this.' })}
                  >
                    <Input value={name} onChange={(_, data) => rename(data.value)} />
                  </Field>
                </div>
                <MappingEditor mapping={mapping} all={all} example={example} keepInList={false} onChange={setMapping} />
              </>
            )}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>Cancel</Button>
            <Button appearance="primary" disabled={!mapping || bad || busy} onClick={() => void create()}>{isThere ? 'Update list and import' : 'Create list and import'}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Modal>
  );
}
export { MappingDialog };
