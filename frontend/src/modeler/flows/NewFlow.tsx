/** The dialog for a new flow: what kind, what it is called, as whom it asks; the rest is made of that. */
import {
  Button, Checkbox, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Dropdown, Field, Input, makeStyles, MessageBar,
  MessageBarBody, Option, tokens,
} from '@fluentui/react-components';
import { Flash24Regular, Flow24Regular } from '@fluentui/react-icons';
import { useEffect, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { JsonValue } from '../../api';
import { createDocument } from '../actions';
import { type ApiError, asApiError } from '../api';
import { Choices } from '../Choices';
import { flush, openDocument, setDocument, useDocument, useDocuments, useModel } from '../documents';
import { nameOf } from '../newDocuments';
import { shortName } from '../places';
import { proposeFlow } from './proposals';
import { Modal } from '../Modal';

const useStyles = makeStyles({
  surface: { maxWidth: '620px' },
  fields: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL, paddingTop: '4px' },
});

const kinds = [
  { value: 'regular', title: 'Shows pages', text: 'People open it in the portal.', icon: Flow24Regular },
  { value: 'action', title: 'Runs unattended', text: 'From the command line, other flows or on its own.', icon: Flash24Regular },
];

/** Flows that show pages ask as who looks at them, unattended ones as the application: such a profile, else any. */
function useFittingProfile(kind: 'regular' | 'action'): string {
  const profiles = useDocuments('profile').filter(({ type }) => type !== 'saml');
  const names = profiles.map(({ name }) => name).join('\n');
  useEffect(() => {
    for (const name of names.split('\n')) if (name) void openDocument(name);
  }, [names]);
  const applications = useModel(useShallow(({ open }) => profiles.map(({ name }) => open[name]?.value?.grant_type === 'client_credentials')));
  const signOn = useDocument('app.yaml').value?.sign_on;
  if (kind === 'regular' && typeof signOn === 'string') return signOn;
  const fitting = profiles.find((_, index) => applications[index] === (kind === 'action')) ?? profiles[0];
  return fitting ? shortName(fitting.name) : '';
}

/** Adds the flow to the navigation of the portal; the first one is what it opens with. */
async function addToNavigation(flow: string, title: string): Promise<void> {
  await openDocument('app.yaml');
  const value = useModel.getState().open['app.yaml']?.value;
  if (!value) return;
  const navigation = Array.isArray(value.navigation) ? value.navigation : [];
  setDocument('app.yaml', { ...value, ...(value.home ? {} : { home: flow }), navigation: [...navigation, { title, flow }] as JsonValue });
  await flush('app.yaml');
}

export function NewFlow({ onCancel, onDone }: { onCancel: () => void; onDone: (name: string) => void }): React.JSX.Element {
  const styles = useStyles();
  const flows = useDocuments('flow');
  const profiles = useDocuments('profile');
  const [kind, setKind] = useState<'regular' | 'action'>('regular');
  const [title, setTitle] = useState('');
  const fitting = useFittingProfile(kind);
  const [chosen, setProfile] = useState<string | null>(null);
  const profile = chosen ?? fitting;
  const [listed, setListed] = useState(true);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const name = nameOf(title, flows.map((flow) => shortName(flow.name)));
  const create = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const made = proposeFlow({ kind, title: title.trim(), profile: profile || null }, name);
      await createDocument(`flows/${name}.yaml`, made.flow as unknown as JsonValue);
      await createDocument(`layout/${name}.yaml`, made.layout as unknown as JsonValue);
      if (kind === 'regular' && listed) await addToNavigation(name, title.trim());
      onDone(name);
    } catch (problem) {
      setError(asApiError(problem));
      setBusy(false);
    }
  };
  return (
    <Modal onOpenChange={(_, { open }) => !open && onCancel()}>
      <DialogSurface className={styles.surface}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void create();
          }}
        >
          <DialogBody>
            <DialogTitle>New flow</DialogTitle>
            <DialogContent className={styles.fields}>
              {error && <MessageBar intent="error" layout="multiline"><MessageBarBody>{error.message} {error.hint}</MessageBarBody></MessageBar>}
              <Choices label="Kind of flow" choices={kinds} value={kind} onChange={(value) => setKind(value as typeof kind)} />
              <Field label="Name" required hint={title ? `In the model: flows/${name}.yaml` : undefined}>
                <Input autoFocus value={title} maxLength={60} onChange={(_, data) => setTitle(data.value)} />
              </Field>
              <Field label="Asks Microsoft 365 as" hint={profiles.length === 0 ? 'There is no authorization profile yet; one can be chosen later.' : undefined}>
                <Dropdown
                  value={profiles.find((each) => shortName(each.name) === profile)?.title ?? 'Nobody'}
                  selectedOptions={[profile]}
                  onOptionSelect={(_, data) => setProfile(data.optionValue ?? '')}
                >
                  {profiles.map((each) => <Option key={each.name} value={shortName(each.name)} text={each.title}>{each.title}</Option>)}
                  <Option value="" text="Nobody">Nobody</Option>
                </Dropdown>
              </Field>
              {kind === 'regular' && <Checkbox checked={listed} label="Show it in the portal's navigation" onChange={(_, data) => setListed(data.checked === true)} />}
            </DialogContent>
            <DialogActions>
              <Button onClick={onCancel}>Cancel</Button>
              <Button appearance="primary" type="submit" disabled={!title.trim() || busy}>Create</Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Modal>
  );
}
