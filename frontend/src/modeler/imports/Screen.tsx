/** The imports: each with its mapping, the list it fills and an example to see it work. */
import { Button, DialogBody, DialogContent, DialogSurface, DialogTitle, Link, makeStyles, Spinner, Text, tokens } from '@fluentui/react-components';
import { DatabaseArrowDown20Regular, Dismiss24Regular, TableArrowUp20Regular } from '@fluentui/react-icons';
import { useEffect, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { getTries, type JsonValue } from '../api';
import { rename } from '../actions';
import { DocumentList } from '../DocumentList';
import { openDocument, setDocument, useDocument, useDocuments, useModel } from '../documents';
import { equal, isObject, type JsonObject } from '../merge';
import { addressOf, documentName, shortName } from '../places';
import { say, sayError } from '../toasts';
import { ExampleSource } from './ExampleSource';
import { listAt, type Mapping, type Place, placesOf, renameField } from './mapping';
import MappingDialog from './MappingDialog';
import { MappingEditor } from './MappingEditor';
import { Modal } from '../Modal';

const useStyles = makeStyles({
  screen: { display: 'flex', height: '100%', minHeight: 0, '@media (max-width: 640px)': { flexDirection: 'column', height: 'auto' } },
  main: { flexGrow: 1, minWidth: 0, minHeight: 0, padding: '16px 20px', display: 'flex', flexDirection: 'column', gap: '12px' },
  head: { display: 'flex', gap: '8px', alignItems: 'center', flexWrap: 'wrap' },
  title: { flexGrow: 1, minWidth: 0, fontSize: tokens.fontSizeBase500, lineHeight: tokens.lineHeightBase500 },
  hint: { color: tokens.colorNeutralForeground2 },
  empty: { margin: 'auto', display: 'flex', flexDirection: 'column', gap: '12px', alignItems: 'center', textAlign: 'center', maxWidth: '52ch' },
  surface: { maxWidth: '760px' },
});

export default function Screen(): React.JSX.Element {
  const styles = useStyles();
  const navigate = useNavigate();
  const { name } = useParams();
  const imports = useDocuments('import');
  const [making, setMaking] = useState(false);
  const shown = name ?? (imports[0] ? shortName(imports[0].name) : null);
  return (
    <div className={styles.screen}>
      {imports.length > 0 && <DocumentList kind="import" />}
      <div className={styles.main}>
        {shown === null ? (
          <div className={styles.empty}>
            <Text as="h1" size={500} weight="semibold">No import yet</Text>
            <Text>An import says which parts of an answer become the rows of a list. It is made of an example: the answer of a request, a file, or a pasted document.</Text>
            <Button appearance="primary" icon={<TableArrowUp20Regular />} onClick={() => setMaking(true)}>Create mapping from example</Button>
          </div>
        ) : (
          <ImportEditor key={shown} name={shown} onNew={() => setMaking(true)} />
        )}
      </div>
      {making && (
        <MappingDialog
          example={null}
          onClose={() => setMaking(false)}
          onDone={(made) => {
            setMaking(false);
            void navigate(addressOf(documentName('import', made.import)));
          }}
        />
      )}
    </div>
  );
}

/** The import with its lists as one value; an edit goes to the documents that it changes. */
function useMapping(name: string): { mapping: Mapping | null; change: (next: Mapping, checkpoint: string) => void } {
  const document = documentName('import', name);
  const own = useDocument(document).value;
  const names = own ? [...new Set(placesOf({ import: own, lists: {} }).map((place) => listAt({ import: own, lists: {} }, place)))] : [];
  const key = names.join(' ');
  const open = useModel((model) => model.open);
  const known = useModel((model) => model.documents);
  const there = (list: string): boolean => known.some((entry) => entry.name === documentName('list', list));
  useEffect(() => {
    for (const list of key.split(' ').filter(Boolean)) if (there(list)) void openDocument(documentName('list', list));
  }, [key, known.length]);
  const [held, setHeld] = useState<Mapping | null>(null);
  const lists: { [list: string]: JsonObject } = {};
  for (const list of names) {
    const value = open[documentName('list', list)]?.value;
    if (value) lists[list] = value;
  }
  const ready = own !== null && names.every((list) => list in lists || !there(list));
  const now: Mapping | null = ready ? { import: own, lists } : null;
  useEffect(() => {
    // The same value stays the same object, so that the preview is asked for only where it changes.
    if (now && !equal(now, held)) setHeld(now);
  });
  const change = (next: Mapping, checkpoint: string): void => {
    if (!equal(next.import, own)) setDocument(document, next.import, { checkpoint });
    for (const [list, value] of Object.entries(next.lists)) {
      if (lists[list] && !equal(value, lists[list])) setDocument(documentName('list', list), value, { checkpoint });
    }
  };
  return { mapping: held, change };
}

function ImportEditor({ name, onNew }: { name: string; onNew: () => void }): React.JSX.Element {
  const styles = useStyles();
  const document = useDocument(documentName('import', name));
  const { mapping, change } = useMapping(name);
  const [example, setExample] = useExample(name);
  const [choosing, setChoosing] = useState(false);
  const renameInList = async (place: Place, field: string, to: string): Promise<void> => {
    if (!mapping) return;
    const list = listAt(mapping, place);
    const listed = isObject(mapping.lists[list]?.fields) ? (mapping.lists[list].fields as JsonObject) : {};
    if (!(field in listed)) return change(renameField(mapping, place, field, to), 'name');
    try {
      await rename({ kind: 'field', name: field, to, within: list });
      say(`${field} is now called ${to}. Its values stay.`);
    } catch (problem) {
      sayError(problem);
    }
  };
  return (
    <>
      <div className={styles.head}>
        <h1 className={styles.title}>{name}</h1>
        {mapping && (
          <Text size={200} className={styles.hint}>
            fills <Link href={addressOf(documentName('list', listAt(mapping, [])))}>{listAt(mapping, [])}</Link>
          </Text>
        )}
        <Button size="small" icon={<DatabaseArrowDown20Regular />} onClick={() => setChoosing(true)}>{example ? 'Another example' : 'Choose an example'}</Button>
        <Button size="small" appearance="subtle" icon={<TableArrowUp20Regular />} onClick={onNew}>New from example</Button>
      </div>
      {document.error && <Text role="alert">{document.error.message} {document.error.hint}</Text>}
      {document.document && !document.value && <Text role="alert">The text of this import is no YAML that could be edited here. <Link href={`/yaml/imports/${name}.yaml`}>Edit the YAML</Link></Text>}
      {!mapping && !document.error && !document.document?.broken && <Spinner label="Loading" />}
      {mapping && (
        <MappingEditor mapping={mapping} example={example} keepInList onChange={change} onRename={(place, field, to) => void renameInList(place, field, to)} />
      )}
      {choosing && (
        <Modal onOpenChange={(_, { open }) => setChoosing(open)}>
          <DialogSurface className={styles.surface}>
            <DialogBody>
              <DialogTitle action={<Button appearance="subtle" aria-label="Close" icon={<Dismiss24Regular />} onClick={() => setChoosing(false)} />}>An example to see the import work</DialogTitle>
              <DialogContent>
                <ExampleSource
                  onExample={(id) => {
                    setExample(id);
                    setChoosing(false);
                  }}
                />
              </DialogContent>
            </DialogBody>
          </DialogSurface>
        </Modal>
      )}
    </>
  );
}

const chosen = new Map<string, string>();

/** The example shown for an import: the one chosen, else the last answer of a request that feeds it. */
function useExample(name: string): [string | null, (example: string) => void] {
  const [example, setExample] = useState(chosen.get(name) ?? null);
  const documents = useModel((model) => model.documents);
  useEffect(() => {
    if (example) return undefined;
    let gone = false;
    const find = async (): Promise<void> => {
      const { tries } = await getTries();
      const usable = tries.filter((each) => each.example && !each.error && each.flow && each.node);
      for (const tried of usable) {
        const flow = documentName('flow', tried.flow!);
        if (!documents.some((entry) => entry.name === flow)) continue;
        await openDocument(flow);
        if (feeds(useModel.getState().open[flow]?.value ?? null, tried.node!, name)) {
          if (!gone) setExample(tried.example!);
          return;
        }
      }
    };
    find().catch(() => undefined);
    return () => void (gone = true);
  }, [name, documents.length]);
  return [
    example,
    (next) => {
      chosen.set(name, next);
      setExample(next);
    },
  ];
}

/** Whether an import node of a flow reads the response of one of its requests. */
export function feeds(flow: JsonValue, node: string, importName: string): boolean {
  const nodes = isObject(flow) && isObject(flow.nodes) ? flow.nodes : {};
  const request = nodes[node];
  if (!isObject(request) || typeof request.response !== 'string') return false;
  const response = request.response;
  return Object.values(nodes).some((each) => isObject(each) && each.type === 'import_data' && each.import === importName && String(each.from).startsWith(`${response}.`));
}
