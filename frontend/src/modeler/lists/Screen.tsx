/** The lists: fields as a table, whose rows they are, and what a change does to rows that are there. */
import { Button, Dropdown, Field, Input, Link, makeStyles, MessageBar, MessageBarBody, Option, Radio, RadioGroup, Spinner, Text, tokens } from '@fluentui/react-components';
import { Add20Regular, TableArrowUp20Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { rename } from '../actions';
import { askNew } from '../dialogs';
import { DocumentList } from '../DocumentList';
import { useDocument, useDocuments } from '../documents';
import MappingDialog from '../imports/MappingDialog';
import type { JsonObject } from '../merge';
import { addressOf, documentName, shortName } from '../places';
import { say, sayError } from '../toasts';
import { Fields } from './Fields';
import { Plan } from './Plan';
import { withValue } from './model';

const useStyles = makeStyles({
  screen: { display: 'flex', height: '100%', minHeight: 0, '@media (max-width: 640px)': { flexDirection: 'column', height: 'auto' } },
  main: { flexGrow: 1, minWidth: 0, minHeight: 0, overflowY: 'auto' },
  editor: { padding: '16px 20px', display: 'flex', flexDirection: 'column', gap: '16px', minWidth: 0 },
  /* It is seen beside the field that one changes. */
  plan: { position: 'sticky', top: 0, zIndex: 2, backgroundColor: tokens.colorNeutralBackground1, paddingBlock: '8px', maxHeight: '40vh', overflowY: 'auto' },
  head: { display: 'flex', gap: '12px', alignItems: 'end', flexWrap: 'wrap' },
  grow: { flexGrow: 1, minWidth: '180px', maxWidth: '360px' },
  heading: { fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 },
  empty: { margin: 'auto', display: 'flex', flexDirection: 'column', gap: '12px', alignItems: 'center', textAlign: 'center', maxWidth: '52ch', padding: '24px' },
  buttons: { display: 'flex', gap: '8px', flexWrap: 'wrap' },
  name: { fontSize: tokens.fontSizeBase500, lineHeight: tokens.lineHeightBase500 },
  hint: { color: tokens.colorNeutralForeground2 },
});

export default function Screen(): React.JSX.Element {
  const styles = useStyles();
  const navigate = useNavigate();
  const { name } = useParams();
  const lists = useDocuments('list');
  const [making, setMaking] = useState(false);
  const shown = name ?? (lists[0] ? shortName(lists[0].name) : null);
  const create = async (): Promise<void> => {
    const made = await askNew('list');
    if (made) void navigate(addressOf(documentName('list', made)));
  };
  return (
    <div className={styles.screen}>
      {lists.length > 0 && <DocumentList kind="list" />}
      {shown === null ? (
        <div className={styles.empty}>
          <Text as="h1" size={500} weight="semibold">No list yet</Text>
          <Text>A list holds named, typed rows, such as the events of a calendar. Mostly it is made of an answer of Microsoft 365, together with the import that fills it.</Text>
          <div className={styles.buttons}>
            <Button appearance="primary" icon={<TableArrowUp20Regular />} onClick={() => setMaking(true)}>Create from an example</Button>
            <Button icon={<Add20Regular />} onClick={() => void create()}>Empty list</Button>
          </div>
        </div>
      ) : (
        <ListEditor key={shown} name={shown} />
      )}
      {making && (
        <MappingDialog
          example={null}
          onClose={() => setMaking(false)}
          onDone={(made) => {
            setMaking(false);
            void navigate(addressOf(documentName('list', made.list)));
          }}
        />
      )}
    </div>
  );
}

function ListEditor({ name }: { name: string }): React.JSX.Element {
  const styles = useStyles();
  const document = useDocument(documentName('list', name));
  const { value } = document;
  const set = (next: JsonObject, checkpoint: string): void => document.set(next, { checkpoint });
  const renameField = async (field: string, to: string): Promise<void> => {
    try {
      await rename({ kind: 'field', name: field, to, within: name });
      say(`${field} is now called ${to}. Its values stay.`);
    } catch (problem) {
      sayError(problem);
    }
  };
  if (!value) {
    return (
      <div className={styles.editor}>
        {document.error && <Text role="alert">{document.error.message} {document.error.hint}</Text>}
        {document.document && <Text role="alert">The text of this list is no YAML that could be edited here. <Link href={`/yaml/lists/${name}.yaml`}>Edit the YAML</Link></Text>}
        {!document.document && !document.error && <Spinner label="Loading" />}
      </div>
    );
  }
  return (
    <div className={styles.main}>
      <div className={styles.editor}>
        <h1 className={styles.name}>{String(value.title ?? name)} <Text size={200} className={styles.hint}>{name}</Text></h1>
        {document.error && <MessageBar intent="error" layout="multiline"><MessageBarBody>{document.error.message} {document.error.hint}</MessageBarBody></MessageBar>}
        {document.problems.map((problem, index) => (
          <MessageBar key={index} intent={problem.severity === 'error' ? 'error' : 'warning'} layout="multiline">
            <MessageBarBody>{problem.message} {problem.hint}</MessageBarBody>
          </MessageBar>
        ))}
        <Settings name={name} value={value} onChange={set} />
        <div className={styles.plan}><Plan name={name} value={value} saving={document.saving} /></div>
        <h2 className={styles.heading}>Fields</h2>
        <Fields value={value} onChange={set} onRename={(field, to) => void renameField(field, to)} />
      </div>
    </div>
  );
}

function Settings({ name, value, onChange }: { name: string; value: JsonObject; onChange: (value: JsonObject, checkpoint: string) => void }): React.JSX.Element {
  const styles = useStyles();
  const lists = useDocuments('list').map((entry) => shortName(entry.name)).filter((each) => each !== name);
  const parent = typeof value.parent === 'string' ? value.parent : '';
  const storage = String(value.storage ?? 'database');
  return (
    <>
      <div className={styles.head}>
        <Field label="Title" className={styles.grow}>
          <Input value={String(value.title ?? '')} maxLength={100} onChange={(_, data) => onChange(withValue(value, 'title', data.value || undefined), 'title')} />
        </Field>
        <Field label="Where the rows are">
          <Dropdown value={storage === 'transient' ? 'In the flow only' : 'In the database'} selectedOptions={[storage]} onOptionSelect={(_, data) => onChange(withValue(value, 'storage', data.optionValue === 'transient' ? 'transient' : undefined), 'storage')}>
            <Option value="database">In the database</Option>
            <Option value="transient">In the flow only</Option>
          </Dropdown>
        </Field>
        <Field label="Belongs to rows of">
          <Dropdown value={parent || 'No other list'} selectedOptions={[parent]} onOptionSelect={(_, data) => onChange(withValue(value, 'parent', data.optionValue || undefined), 'parent')}>
            <Option value="">No other list</Option>
            {lists.map((each) => <Option key={each} value={each}>{each}</Option>)}
          </Dropdown>
        </Field>
      </div>
      {!parent && (
        <Field label="Whose rows they are">
          <RadioGroup value={String(value.owner ?? 'user')} onChange={(_, data) => onChange(withValue(value, 'owner', data.value), 'owner')}>
            <Radio value="user" label="Each user has rows of their own, and sees no others" />
            <Radio value="shared" label="All users share the same rows" />
          </RadioGroup>
        </Field>
      )}
    </>
  );
}
