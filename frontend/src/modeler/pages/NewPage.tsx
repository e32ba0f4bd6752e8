/** A new page: which list it shows and how, and what it is called. */
import {
  Button,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Dropdown,
  Field,
  Input,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Option,
  Radio,
  RadioGroup,
  tokens,
} from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { createDocument } from '../actions';
import { type ApiError, asApiError } from '../api';
import { useDocument, useDocuments, useModel } from '../documents';
import { documentName, shortName } from '../places';
import { nameFrom, newPage, suitsBest } from './model';
import { Modal } from '../Modal';

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
});

export function NewPage(props: { onDone: (name: string) => void; onCancel: () => void }): React.JSX.Element {
  const { onDone, onCancel } = props;
  const styles = useStyles();
  const lists = useDocuments('list');
  const pages = useDocuments('page');
  const kinds = useModel((model) => model.catalogue?.pages) ?? [];
  const [list, setList] = useState(() => (lists[0] ? shortName(lists[0].name) : ''));
  const [type, setType] = useState<string | null>(null);
  const [title, setTitle] = useState<string | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const definition = useDocument(list ? documentName('list', list) : '').value;
  const best = suitsBest(definition ?? undefined);
  const chosen = type ?? best;
  const shownTitle = title ?? lists.find((entry) => shortName(entry.name) === list)?.title ?? '';
  useEffect(() => setType(null), [list]);

  const create = async (): Promise<void> => {
    const taken = pages.map((entry) => shortName(entry.name));
    const name = nameFrom(shownTitle, taken);
    setBusy(true);
    try {
      await createDocument(documentName('page', name), newPage(chosen, shownTitle, list, definition ?? undefined));
      onDone(name);
    } catch (reason) {
      setError(asApiError(reason));
      setBusy(false);
    }
  };
  return (
    <Modal onOpenChange={(_, data) => !data.open && onCancel()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>New page</DialogTitle>
          <DialogContent className={styles.content}>
            {lists.length === 0 && (
              <MessageBar intent="info">
                <MessageBarBody>A page shows rows of a list. Make a list first: import a response.</MessageBarBody>
              </MessageBar>
            )}
            <Field label="List">
              <Dropdown
                value={lists.find((entry) => shortName(entry.name) === list)?.title ?? list}
                selectedOptions={[list]}
                onOptionSelect={(_, data) => setList(data.optionValue ?? '')}
              >
                {lists.map((entry) => (
                  <Option key={entry.name} value={shortName(entry.name)}>
                    {entry.title}
                  </Option>
                ))}
              </Dropdown>
            </Field>
            <Field label="Shown as">
              <RadioGroup value={chosen} onChange={(_, data) => setType(data.value)}>
                {kinds.map((kind) => (
                  <Radio
                    key={kind.type}
                    value={kind.type}
                    label={`${kind.title}${kind.type === best ? ' (suits this list)' : ''} – ${kind.summary}`}
                  />
                ))}
              </RadioGroup>
            </Field>
            <Field label="Title">
              <Input value={shownTitle} onChange={(_, data) => setTitle(data.value)} />
            </Field>
            {error && (
              <MessageBar intent="error">
                <MessageBarBody>{error.message} {error.hint}</MessageBarBody>
              </MessageBar>
            )}
          </DialogContent>
          <DialogActions>
            <Button onClick={onCancel}>Cancel</Button>
            <Button appearance="primary" disabled={busy || !list || !shownTitle.trim()} onClick={() => void create()}>
              Create
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Modal>
  );
}
