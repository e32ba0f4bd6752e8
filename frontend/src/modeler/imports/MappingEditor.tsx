/** A mapping: the example as a tree on one side, the fields of the lists on the other, rows beneath. */
import { Accordion, AccordionHeader, AccordionItem, AccordionPanel, makeStyles, mergeClasses, MessageBar, MessageBarBody, Switch, Text, tokens } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { getTree, type TreeNode } from '../api';
import { draggedPath, JsonTree } from '../requests/tree/JsonTree';
import { type Armed, FieldRows } from './FieldRows';
import { ImportPreview } from './ImportPreview';
import { addField, fieldName, fieldReading, fieldsOf, listAt, type Mapping, pathsOf, type Place, placeOfPath, placesOf, removeChild, restoreChild, setPath, titleOfName, typeOfNode } from './mapping';
import { Policies } from './Policies';

const useStyles = makeStyles({
  root: { containerType: 'inline-size', display: 'flex', flexDirection: 'column', flexGrow: 1, minHeight: 0, minWidth: 0 },
  editor: {
    display: 'grid', gridTemplateColumns: 'minmax(240px, 2fr) minmax(0, 5fr)', gridTemplateRows: 'minmax(0, 3fr) minmax(0, 2fr)', gap: '12px 16px', flexGrow: 1, minHeight: 0,
    '@container (max-width: 800px)': { display: 'flex', flexDirection: 'column' },
  },
  alone: { display: 'flex', flexDirection: 'column' },
  tree: { display: 'flex', flexDirection: 'column', minHeight: 0, gridRow: '1 / span 2', '@container (max-width: 800px)': { height: '320px', flexShrink: 0 } },
  fields: { containerType: 'inline-size', overflowY: 'auto', minHeight: 0, minWidth: 0, paddingRight: '4px' },
  preview: { display: 'flex', flexDirection: 'column', minHeight: 0, minWidth: 0, borderTop: `1px solid ${tokens.colorNeutralStroke2}`, paddingTop: '4px', '@container (max-width: 800px)': { minHeight: '260px' } },
  hint: { color: tokens.colorNeutralForeground2, paddingBottom: '4px' },
  target: { outline: `2px dashed ${tokens.colorBrandStroke1}` },
  section: { paddingBottom: '8px' },
});

/** Where the items of a document are when an import does not say: in `value`, where it has one. */
export function useItemsByDefault(example: string | null): string {
  const [path, setPath] = useState('value');
  useEffect(() => {
    if (!example) return undefined;
    const abort = new AbortController();
    getTree(example, { limit: 50 }, abort.signal).then(
      ({ children }) => setPath(children.some(({ key, kind }) => key === 'value' && (kind === 'array' || kind === 'object')) ? 'value' : ''),
      () => undefined,
    );
    return () => abort.abort();
  }, [example]);
  return path;
}

export interface MappingEditorProps {
  mapping: Mapping;
  /** The proposal: what is not taken of it can be taken again. */
  all?: Mapping;
  example: string | null;
  /** The lists are there already: a field that is not mapped stays in its list. */
  keepInList: boolean;
  onChange: (mapping: Mapping, checkpoint: string) => void;
  /** A field of a list that holds rows is renamed by the server. */
  onRename?: (place: Place, name: string, to: string) => void;
}

export function MappingEditor(props: MappingEditorProps): React.JSX.Element {
  const { mapping, all, example, keepInList, onChange, onRename } = props;
  const styles = useStyles();
  const byDefault = useItemsByDefault(example);
  const [armed, setArmed] = useState<Armed | null>(null);
  const [shown, setShown] = useState<Armed | null>(null);

  const add = (path: string, type: string): void => {
    const found = placeOfPath(mapping, path, byDefault);
    // The item itself is no field of it.
    if (!found || found.path === '$') return;
    const taken = [...Object.keys(fieldsOf(mapping, found.place)), ...Object.keys(pathsOf(mapping, found.place))];
    // A field that is in the list already and is not read yet is meant, where it is called alike.
    const wanted = fieldName(found.path, []);
    const name = wanted in fieldsOf(mapping, found.place) && !(wanted in pathsOf(mapping, found.place)) ? wanted : fieldName(found.path, taken);
    onChange(addField(mapping, found.place, name, found.path, { type, title: titleOfName(name) }), 'add');
    setShown({ place: found.place, name });
  };
  const choose = (node: TreeNode): void => {
    if (node.path === null) return;
    if (armed) {
      const found = placeOfPath(mapping, node.path, byDefault);
      if (found && found.place.join('.') === armed.place.join('.')) {
        onChange(setPath(mapping, armed.place, armed.name, found.path), `path-${armed.name}`);
        setArmed(null);
      }
      return;
    }
    const reading = fieldReading(mapping, node.path, byDefault);
    if (reading) setShown(reading);
    // One item of an array stands for all of them: they are kept as they are.
    else add(node.path, typeof node.key === 'number' ? 'json' : typeOfNode(node));
  };
  const pathOf = (dragged: string, place: Place): string | null => {
    const found = placeOfPath(mapping, dragged, byDefault);
    return found && found.place.join('.') === place.join('.') ? found.path : null;
  };
  const rowsProps = { mapping, all, keepInList, armed, shown, onArm: setArmed, onChange, onRename, pathOf };
  return (
    <div className={styles.root}>
      <div className={mergeClasses(styles.editor, !example && styles.alone)}>
        {!example && (
          <MessageBar intent="info" layout="multiline">
            <MessageBarBody>With an example the rows are shown as they will be, and values are chosen from a tree.</MessageBarBody>
          </MessageBar>
        )}
        {example && (
          <div className={styles.tree}>
            <Text size={200} className={styles.hint}>
              {armed ? `Choose the value of ${armed.name}.` : 'Choose a value to import it as well, or drag it onto a field.'}
            </Text>
            <JsonTree
              example={example}
              label="The example"
              draggable
              onChoose={choose}
              markOf={(node) => (node.path === null ? null : (fieldReading(mapping, node.path, byDefault)?.name ?? null))}
            />
          </div>
        )}
        <div
          className={styles.fields}
          onDragOver={(event) => event.dataTransfer.types.includes(draggedPath) && event.preventDefault()}
          onDrop={(event) => {
            if (event.defaultPrevented) return;
            event.preventDefault();
            const path = event.dataTransfer.getData(draggedPath);
            if (path && !fieldReading(mapping, path, byDefault)) add(path, 'text');
          }}
        >
          <Lists {...rowsProps} />
          <Accordion collapsible>
            <AccordionItem value="rules">
              <AccordionHeader as="h2">What to do with what does not fit</AccordionHeader>
              <AccordionPanel><Policies mapping={mapping} ownerToo={!keepInList} onChange={onChange} /></AccordionPanel>
            </AccordionItem>
          </Accordion>
        </div>
        {example && <div className={styles.preview}><ImportPreview mapping={mapping} example={example} /></div>}
      </div>
    </div>
  );
}

type ListsProps = Omit<React.ComponentProps<typeof FieldRows>, 'place'>;

/** The list and its child lists; a child list of the proposal can be left out. */
function Lists(props: ListsProps): React.JSX.Element {
  const { mapping, all, keepInList, onChange } = props;
  const styles = useStyles();
  const now = placesOf(mapping);
  const known = new Set(now.map((place) => place.join('.')));
  const offered = (all ? placesOf(all) : []).filter((place) => !known.has(place.join('.')) && (place.length === 1 || known.has(place.slice(0, -1).join('.'))));
  return (
    <>
      {now.map((place) => {
        const list = listAt(mapping, place);
        const title = String(mapping.lists[list]?.title ?? titleOfName(list));
        return (
          <section key={place.join('.')} className={styles.section} aria-label={`Fields of ${title}`}>
            {place.length > 0 && (
              <Switch checked label={`${title}: rows of their own for each ${listAt(mapping, place.slice(0, -1)).replaceAll('_', ' ')}`} onChange={() => onChange(removeChild(mapping, place, keepInList), 'child')} />
            )}
            <FieldRows {...props} place={place} />
          </section>
        );
      })}
      {offered.map((place) => (
        <Switch
          key={place.join('.')}
          checked={false}
          label={`${titleOfName(place.at(-1)!)}: not imported`}
          onChange={() => all && onChange(restoreChild(mapping, place, all), 'child')}
        />
      ))}
    </>
  );
}
