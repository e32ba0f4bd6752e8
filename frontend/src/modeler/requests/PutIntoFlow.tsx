/** From the scratch pad into a flow: an existing one, or a new one. */
import { Button, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Dropdown, Field, Input, makeStyles, Option } from '@fluentui/react-components';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { createDocument } from '../actions';
import { askNew } from '../dialogs';
import { flush, openDocument, setDocument, useDocuments, useModel } from '../documents';
import { readFlow, readLayout, tidyLayout } from '../flows/model';
import type { JsonObject } from '../merge';
import { addressOf, documentName, shortName } from '../places';
import { sayError } from '../toasts';
import { intoFlow } from './intoFlow';
import { Modal } from '../Modal';

const useStyles = makeStyles({ fields: { display: 'flex', flexDirection: 'column', gap: '12px' } });

async function put(flow: string, request: JsonObject, title: string): Promise<string> {
  const document = documentName('flow', flow);
  const layoutName = `layout/${flow}.yaml`;
  const hasLayout = useModel.getState().documents.some(({ name }) => name === layoutName);
  await openDocument(document);
  if (hasLayout) await openDocument(layoutName);
  const { open } = useModel.getState();
  const value = readFlow(open[document]?.value);
  if (!value) throw new Error(`The flow ${flow} cannot be read.`);
  const edited = intoFlow({ flow: value, layout: readLayout(open[layoutName]?.value) }, request, title);
  setDocument(document, edited.flow as unknown as JsonObject, { checkpoint: 'request' });
  const layout = tidyLayout(edited) as unknown as JsonObject;
  if (hasLayout) setDocument(layoutName, layout, { checkpoint: 'request' });
  else await createDocument(layoutName, layout);
  await flush();
  return edited.added[0]!;
}

export function PutIntoFlow(props: { request: JsonObject; title: string; onClose: () => void }): React.JSX.Element {
  const { request, onClose } = props;
  const styles = useStyles();
  const navigate = useNavigate();
  const flows = useDocuments('flow');
  const [flow, setFlow] = useState(flows[0] ? shortName(flows[0].name) : '');
  const [title, setTitle] = useState(props.title);
  const [busy, setBusy] = useState(false);
  const act = async (): Promise<void> => {
    setBusy(true);
    try {
      const name = flow || (await askNew('flow'));
      if (!name) return;
      const node = await put(name, request, title.trim());
      onClose();
      void navigate(addressOf(documentName('flow', name), { node }));
    } catch (problem) {
      sayError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void act();
          }}
        >
          <DialogBody>
            <DialogTitle>Put the request into a flow</DialogTitle>
            <DialogContent className={styles.fields}>
              <Field label="Flow">
                <Dropdown
                  value={flows.find(({ name }) => shortName(name) === flow)?.title ?? 'A new flow'}
                  selectedOptions={[flow]}
                  onOptionSelect={(_, data) => setFlow(data.optionValue ?? '')}
                >
                  {flows.map(({ name, title: each }) => <Option key={name} value={shortName(name)}>{each}</Option>)}
                  <Option value="">A new flow</Option>
                </Dropdown>
              </Field>
              <Field label="What the step is called">
                <Input value={title} maxLength={60} placeholder="Request" onChange={(_, data) => setTitle(data.value)} />
              </Field>
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>Cancel</Button>
              <Button appearance="primary" type="submit" disabled={busy}>Put it there</Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Modal>
  );
}
