/** The dialog for a new document: a title, and what its kind cannot do without. */
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
  tokens,
} from '@fluentui/react-components';
import {
  AppGeneric24Regular,
  Person24Regular,
  ShieldKeyhole24Regular,
} from '@fluentui/react-icons';
import { lazy, useState } from 'react';
import { createDocument } from './actions';
import { type ApiError, asApiError, type Catalogue, getDocument } from './api';
import { type Choice, Choices } from './Choices';
import { useNewQuestion } from './dialogs';
import { type Kind, openDocument, setDocument, useDocuments, useModel } from './documents';
import { plain } from './form/schema';
import { isObject } from './merge';
import { type NewDocument, nameOf, newValue } from './newDocuments';
import { documentName, placeOf, shortName } from './places';
import { Modal } from './Modal';

const useStyles = makeStyles({
  surface: { maxWidth: '680px' },
  fields: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL, paddingTop: '4px' },
});

function choicesOf(kind: Kind, catalogue: Catalogue): Choice[] {
  switch (kind) {
    case 'profile':
      return [
        {
          value: 'user',
          title: 'As a user',
          text: 'Somebody signs in with Microsoft, and requests are sent as that person: they see and change what that person may.',
          icon: Person24Regular,
        },
        {
          value: 'application',
          title: 'As the application',
          text: 'Nobody signs in. Requests are sent as the application itself, with what an administrator granted it.',
          icon: AppGeneric24Regular,
        },
        ...catalogue.profiles
          .filter(({ type }) => type !== 'oauth2_entra')
          .map(({ type, title, summary }) => ({ value: type, title, text: plain(summary), icon: ShieldKeyhole24Regular })),
      ];
    default:
      return [];
  }
}

/** The first profile of users is the one that people sign in to the portal with. */
async function signOnWith(profile: string): Promise<void> {
  await openDocument('app.yaml');
  const app = useModel.getState().open['app.yaml']?.value;
  if (app && !app.sign_on) setDocument('app.yaml', { ...app, sign_on: profile });
}

const suggested: { [choice: string]: string } = {
  user: 'Microsoft 365',
  application: 'Microsoft 365 (the application)',
};

function Question({ kind, answer }: { kind: Kind; answer: (name: string | null) => void }): React.JSX.Element {
  const styles = useStyles();
  const catalogue = useModel((model) => model.catalogue)!;
  const taken = useDocuments(kind).map(({ name }) => shortName(name));
  const lists = useDocuments('list');
  const choices = choicesOf(kind, catalogue);
  const [choice, setChoice] = useState(choices[0]?.value ?? '');
  const [typed, setTyped] = useState<string | null>(null);
  const [list, setList] = useState(lists.length === 1 ? shortName(lists[0]!.name) : '');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const isImport = kind === 'import';
  const title = typed ?? (kind === 'profile' ? (suggested[choice] ?? '') : isImport ? list : '');
  const name = nameOf(title, taken);
  const ready = title.trim() !== '' && (!isImport || list !== '');

  const create = async (): Promise<void> => {
    if (!ready || busy) return;
    setBusy(true);
    try {
      const what: NewDocument = { name, title: title.trim(), type: choice };
      if (kind === 'profile' && suggested[choice]) {
        what.type = 'oauth2_entra';
        what.flavour = choice as 'user' | 'application';
      }
      if (isImport) {
        const { value } = await getDocument(documentName('list', list));
        const fields = isObject(value) && isObject(value.fields) ? Object.keys(value.fields) : [];
        what.list = { name: list, fields };
      }
      await createDocument(documentName(kind, name), newValue(kind, what, catalogue));
      if (what.flavour === 'user') await signOnWith(name);
      answer(name);
    } catch (problem) {
      setError(asApiError(problem));
      setBusy(false);
    }
  };

  return (
    <Modal onOpenChange={(_, { open }) => !open && answer(null)}>
      <DialogSurface className={styles.surface}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void create();
          }}
        >
          <DialogBody>
            <DialogTitle>New {placeOf(kind).one}</DialogTitle>
            <DialogContent className={styles.fields}>
              {error && (
                <MessageBar intent="error" layout="multiline">
                  <MessageBarBody>
                    {error.message} {error.hint}
                  </MessageBarBody>
                </MessageBar>
              )}
              {choices.length > 0 && (
                <Choices label={`Kind of ${placeOf(kind).one}`} choices={choices} value={choice} onChange={setChoice} />
              )}
              {isImport && (
                <Field label="Into the list" required>
                  <Dropdown
                    value={list}
                    selectedOptions={list ? [list] : []}
                    placeholder="Choose…"
                    onOptionSelect={(_, data) => setList(data.optionValue ?? '')}
                  >
                    {lists.map((each) => (
                      <Option key={each.name} value={shortName(each.name)}>{shortName(each.name)}</Option>
                    ))}
                  </Dropdown>
                </Field>
              )}
              <Field
                label={isImport ? 'Name' : 'Title'}
                required
                hint={title ? `In the model: ${documentName(kind, name)}` : undefined}
              >
                <Input autoFocus value={title} maxLength={60} onChange={(_, data) => setTyped(data.value)} />
              </Field>
            </DialogContent>
            <DialogActions>
              <Button onClick={() => answer(null)}>Cancel</Button>
              <Button appearance="primary" type="submit" disabled={!ready} disabledFocusable={busy}>
                Create
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Modal>
  );
}

/** The kinds whose screens know better what a new one needs. */
const NewFlow = lazy(() => import('./flows/NewFlow').then((module) => ({ default: module.NewFlow })));
const NewPage = lazy(() => import('./pages/NewPage').then((module) => ({ default: module.NewPage })));

export default function NewDialog(): React.JSX.Element | null {
  const question = useNewQuestion((state) => state.question);
  if (!question) return null;
  const { kind, answer } = question;
  const Own = { flow: NewFlow, page: NewPage }[kind as string];
  return Own ? (
    <Own onCancel={() => answer(null)} onDone={answer} />
  ) : (
    <Question key={kind} {...question} />
  );
}
