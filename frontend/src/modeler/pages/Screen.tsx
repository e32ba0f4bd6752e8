/** The page editor: what a page shows on one side, how it looks on the other. */
import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Button,
  makeStyles,
  Dropdown,
  Option,
  Spinner,
  Text,
  tokens,
} from '@fluentui/react-components';
import { Add20Regular } from '@fluentui/react-icons';
import { useMemo, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import type { DocumentEntry, JsonValue } from '../api';
import { useDocument, useDocuments, useModel } from '../documents';
import { SchemaForm } from '../form/SchemaForm';
import { documentName, shortName } from '../places';
import { ActionsEditor } from './ActionsEditor';
import { FieldsEditor } from './FieldsEditor';
import './editors';
import { fieldsOf, orderedKey, type PageValue } from './model';
import { NewPage } from './NewPage';
import { Preview } from './Preview';

const phone = '@media (max-width: 900px)';

const useStyles = makeStyles({
  screen: { display: 'grid', gridTemplateColumns: '420px minmax(0, 1fr)', gridTemplateRows: 'minmax(0, 1fr)', height: '100%', [phone]: { gridTemplateColumns: 'minmax(0, 1fr)', gridTemplateRows: 'auto auto', overflowY: 'auto' } },
  side: { overflowY: 'auto', padding: tokens.spacingHorizontalL, borderRight: `1px solid ${tokens.colorNeutralStroke2}`, display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS, [phone]: { overflowY: 'visible', borderRight: 'none' } },
  main: { padding: tokens.spacingHorizontalL, display: 'flex', minHeight: 0, minWidth: 0, [phone]: { minHeight: '480px' } },
  empty: { margin: 'auto', display: 'flex', flexDirection: 'column', alignItems: 'center', gap: tokens.spacingVerticalM, maxWidth: '48ch', textAlign: 'center' },
  bar: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS },
  title: { flexGrow: 1, minWidth: 0 },
});

export default function Screen(): React.JSX.Element {
  const { name } = useParams();
  const styles = useStyles();
  const navigate = useNavigate();
  const pages = useDocuments('page');
  const [making, setMaking] = useState(false);
  const shown = name ?? (pages[0] ? shortName(pages[0].name) : null);
  const dialog = making && (
    <NewPage
      onCancel={() => setMaking(false)}
      onDone={(made) => {
        setMaking(false);
        void navigate(`/pages/${made}`);
      }}
    />
  );
  if (shown === null) {
    return (
      <div className={styles.empty}>
        <Text size={500} weight="semibold">No page yet</Text>
        <Text>A page shows the rows of a list to the people who use the application, and offers them buttons.</Text>
        <Button appearance="primary" icon={<Add20Regular />} onClick={() => setMaking(true)}>
          New page
        </Button>
        {dialog}
      </div>
    );
  }
  return (
    <>
      <PageEditor key={shown} name={shown} pages={pages} onNew={() => setMaking(true)} />
      {dialog}
    </>
  );
}

function PageEditor(props: { name: string; pages: DocumentEntry[]; onNew: () => void }): React.JSX.Element {
  const { name, pages, onNew } = props;
  const styles = useStyles();
  const navigate = useNavigate();
  const file = documentName('page', name);
  const page = useDocument<PageValue>(file);
  const kinds = useModel((model) => model.catalogue?.pages) ?? [];
  const titleOf = (one: string): string => pages.find((entry) => shortName(entry.name) === one)?.title ?? one;
  const kind = kinds.find((one) => one.type === page.value?.type);
  return (
    <div className={styles.screen}>
      <div className={styles.side}>
        <div className={styles.bar}>
          <Dropdown
            className={styles.title}
            aria-label="Page"
            value={titleOf(name)}
            selectedOptions={[name]}
            onOptionSelect={(_, data) => void navigate(`/pages/${data.optionValue ?? ''}`)}
          >
            {pages.map((entry) => (
              <Option key={entry.name} value={shortName(entry.name)} text={entry.title}>
                {`${entry.title} (${shortName(entry.name)})`}
              </Option>
            ))}
          </Dropdown>
          <Button appearance="subtle" icon={<Add20Regular />} aria-label="New page" onClick={onNew} />
        </div>
        {page.error && <Text role="alert">{page.error.message} {page.error.hint}</Text>}
        {!page.value && !page.error && <Spinner label="Loading…" />}
        {page.value && <Settings name={name} handle={page} schema={kind?.config_schema} exits={kind?.exits ?? []} />}
      </div>
      <div className={styles.main}>{page.value && <PagePreview name={name} page={page.value} />}</div>
    </div>
  );
}

function PagePreview({ name, page }: { name: string; page: PageValue }): React.JSX.Element {
  const list = typeof page.list === 'string' ? page.list : '';
  const imports = useDocuments('import');
  // An import is called after its list as a rule; the server finds the others.
  const importName = imports.some((entry) => shortName(entry.name) === list) ? list : null;
  return <Preview name={name} value={page} importName={importName} />;
}

function Settings(props: {
  name: string;
  handle: ReturnType<typeof useDocument<PageValue>>;
  schema: JsonValue | undefined;
  exits: string[];
}): React.JSX.Element {
  const { name, handle, schema, exits } = props;
  const page = handle.value!;
  const list = typeof page.list === 'string' ? page.list : '';
  const listValue = useDocument(list ? documentName('list', list) : '').value;
  const fields = useMemo(() => fieldsOf(listValue ?? undefined), [listValue]);
  const icons = useModel((model) => model.catalogue?.icons) ?? [];
  const ordered = orderedKey(page.type);
  const hidden = ['type', 'actions', ...(ordered ? [ordered] : [])];
  const set = (next: PageValue, checkpoint: string): void => handle.set(next, { checkpoint });
  return (
    <Accordion multiple collapsible defaultOpenItems={['settings', 'fields', 'actions']}>
      <AccordionItem value="settings">
        <AccordionHeader as="h2">Settings</AccordionHeader>
        <AccordionPanel>
          <SchemaForm
            schema={schema ?? {}}
            value={page}
            onChange={(next, checkpoint) => set(next as PageValue, checkpoint ?? 'settings')}
            problems={handle.problems}
            hide={hidden}
            context={{ document: documentName('page', name), list, compact: true }}
          />
        </AccordionPanel>
      </AccordionItem>
      {ordered && (
        <AccordionItem value="fields">
          <AccordionHeader as="h2">{page.type === 'table' ? 'Columns' : 'Fields'}</AccordionHeader>
          <AccordionPanel>
            <FieldsEditor page={page} fields={fields} onChange={(next) => set(next, 'fields')} />
          </AccordionPanel>
        </AccordionItem>
      )}
      <AccordionItem value="actions">
        <AccordionHeader as="h2">Buttons</AccordionHeader>
        <AccordionPanel>
          <ActionsEditor page={page} icons={icons} reserved={exits} onChange={(next) => set(next, 'actions')} />
        </AccordionPanel>
      </AccordionItem>
    </Accordion>
  );
}
