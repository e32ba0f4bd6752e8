/** The fields of one list: mapped or not, name, title, type, where the value is, part of the key. */
import { Button, Checkbox, Dropdown, Input, makeStyles, mergeClasses, Option, Text, ToggleButton, tokens } from '@fluentui/react-components';
import { Key20Filled, Key20Regular, Target20Filled, Target20Regular } from '@fluentui/react-icons';
import { useEffect, useRef, useState } from 'react';
import { draggedPath } from '../requests/tree/JsonTree';
import { addField, type FieldRow, fieldTypes, keyOf, type Mapping, namePattern, type Place, removeField, renameField, rowsOf, setField, setPath, titleOfName, toggleKey, typeWords } from './mapping';

const useStyles = makeStyles({
  rows: { listStyleType: 'none', margin: 0, padding: 0, display: 'flex', flexDirection: 'column' },
  row: {
    display: 'grid',
    gridTemplateColumns: '30px minmax(90px, 3fr) minmax(90px, 3fr) minmax(126px, 2fr) minmax(120px, 4fr) 32px 32px',
    gap: '4px',
    alignItems: 'center',
    padding: '2px 0',
    borderRadius: tokens.borderRadiusMedium,
    '@container (max-width: 620px)': { gridTemplateColumns: '30px minmax(0, 1fr) minmax(0, 1fr) 32px 32px', paddingBottom: '8px' },
  },
  wide: { '@container (max-width: 620px)': { gridColumnStart: 2, gridColumnEnd: 4 } },
  narrowHidden: { '@container (max-width: 620px)': { display: 'none' } },
  over: { outline: `2px solid ${tokens.colorBrandStroke1}` },
  armed: { backgroundColor: tokens.colorBrandBackground2 },
  off: { color: tokens.colorNeutralForeground3 },
  code: { minWidth: 0, '& input': { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 } },
  input: { minWidth: 0 },
  type: { minWidth: 0 },
  head: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200, paddingBottom: '2px', '@container (max-width: 620px)': { display: 'none' } },
});

export interface Armed {
  place: Place;
  name: string;
}

export function FieldRows(props: {
  mapping: Mapping;
  all: Mapping | undefined;
  place: Place;
  keepInList: boolean;
  armed: Armed | null;
  shown: Armed | null;
  onArm: (armed: Armed | null) => void;
  onChange: (mapping: Mapping, checkpoint: string) => void;
  onRename?: ((place: Place, name: string, to: string) => void) | undefined;
  pathOf: (dragged: string, place: Place) => string | null;
}): React.JSX.Element {
  const { mapping, all, place, keepInList, armed, shown, onArm, onChange, onRename, pathOf } = props;
  const styles = useStyles();
  const key = keyOf(mapping, place);
  const rows = rowsOf(mapping, place, all);
  const where = place.join('.');
  const rename = (name: string, to: string): void => {
    if (onRename) onRename(place, name, to);
    else onChange(renameField(mapping, place, name, to), `name-${where}`);
  };
  return (
    <>
      <div className={mergeClasses(styles.row, styles.head)} aria-hidden>
        <span /><span>Name</span><span>Title</span><span>Type</span><span>Where in the item</span><span>Key</span><span />
      </div>
      <ul className={styles.rows}>
        {rows.map((row) => (
          <Row
            key={row.name}
            row={row}
            isKey={key.includes(row.name)}
            armed={armed?.name === row.name && armed.place.join('.') === where}
            shown={shown?.name === row.name && shown.place.join('.') === where}
            taken={rows.map(({ name }) => name)}
            onToggle={() =>
              onChange(row.on ? removeField(mapping, place, row.name, keepInList) : addField(mapping, place, row.name, row.path, row.field), `field-${where}`)
            }
            onRename={(to) => rename(row.name, to)}
            onField={(part) => onChange(setField(mapping, place, row.name, part), `field-${where}-${row.name}`)}
            onPath={(path) => onChange(setPath(mapping, place, row.name, path), `path-${where}-${row.name}`)}
            onKey={() => onChange(toggleKey(mapping, place, row.name), `key-${where}`)}
            onArm={() => onArm(armed?.name === row.name ? null : { place, name: row.name })}
            onDrop={(dragged) => {
              const path = pathOf(dragged, place);
              if (path === null) return;
              onChange(row.on ? setPath(mapping, place, row.name, path) : addField(mapping, place, row.name, path, row.field), `path-${where}-${row.name}`);
            }}
          />
        ))}
      </ul>
    </>
  );
}

function Row(props: {
  row: FieldRow;
  isKey: boolean;
  armed: boolean;
  shown: boolean;
  taken: string[];
  onToggle: () => void;
  onRename: (to: string) => void;
  onField: (part: { [key: string]: string | undefined }) => void;
  onPath: (path: string) => void;
  onKey: () => void;
  onArm: () => void;
  onDrop: (dragged: string) => void;
}): React.JSX.Element {
  const { row, isKey, armed, shown, taken, onToggle, onRename, onField, onPath, onKey, onArm, onDrop } = props;
  const styles = useStyles();
  const element = useRef<HTMLLIElement>(null);
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (shown) element.current?.scrollIntoView({ block: 'nearest' });
  }, [shown]);
  const { name, on, path, field } = row;
  const type = String(field.type ?? 'text');
  return (
    <li
      ref={element}
      className={mergeClasses(styles.row, over && styles.over, (armed || shown) && styles.armed)}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(draggedPath)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onDrop(event.dataTransfer.getData(draggedPath));
      }}
    >
      <Checkbox checked={on} aria-label={`Import ${name}`} onChange={onToggle} />
      {on ? (
        <>
          <NameInput name={name} taken={taken} onRename={onRename} />
          <Input className={styles.input} size="small" aria-label={`Title of ${name}`} value={String(field.title ?? '')} placeholder={titleOfName(name)} onChange={(_, data) => onField({ title: data.value || undefined })} />
          <Dropdown className={mergeClasses(styles.type, styles.wide)} size="small" aria-label={`Type of ${name}`} value={typeWords[type] ?? type} selectedOptions={[type]} onOptionSelect={(_, data) => onField({ type: data.optionValue ?? 'text' })}>
            {fieldTypes.filter((each) => each !== 'reference' || type === 'reference').map((each) => <Option key={each} value={each}>{typeWords[each]!}</Option>)}
          </Dropdown>
          <Input className={mergeClasses(styles.code, styles.wide)} size="small" aria-label={`Where ${name} is in the item`} value={path} onChange={(_, data) => onPath(data.value)} />
          <ToggleButton size="small" appearance="subtle" checked={isKey} icon={isKey ? <Key20Filled /> : <Key20Regular />} aria-label={`${name} is part of the key`} title="Part of the key" onClick={onKey} />
          <Button size="small" appearance="subtle" aria-pressed={armed} icon={armed ? <Target20Filled /> : <Target20Regular />} aria-label={`Choose ${name} in the tree`} title="Choose its value in the tree" onClick={onArm} />
        </>
      ) : (
        <>
          <Text size={200} className={styles.off}>{name}</Text>
          <span className={styles.narrowHidden} />
          <Text size={200} className={mergeClasses(styles.off, styles.narrowHidden)}>{typeWords[type] ?? type}</Text>
          <Text size={200} font="monospace" className={mergeClasses(styles.off, styles.wide)}>{path}</Text>
        </>
      )}
    </li>
  );
}

/** A name is written when it is done, for half a name would be another field. */
export function NameInput(props: { name: string; taken: string[]; onRename: (to: string) => void; label?: string }): React.JSX.Element {
  const { name, taken, onRename, label = `Name of the field ${name}` } = props;
  const styles = useStyles();
  const [typed, setTyped] = useState(name);
  useEffect(() => setTyped(name), [name]);
  const bad = typed !== name && (!namePattern.test(typed) || typed.length > 50 || taken.includes(typed));
  const commit = (): void => {
    if (bad) setTyped(name);
    else if (typed !== name) onRename(typed);
  };
  return (
    <Input
      className={styles.code}
      size="small"
      aria-label={label}
      aria-invalid={bad}
      title={bad ? 'A free name of small letters, digits and _' : undefined}
      value={typed}
      onChange={(_, data) => setTyped(data.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') {
          event.preventDefault();
          commit();
        } else if (event.key === 'Escape' && typed !== name) {
          event.stopPropagation();
          setTyped(name);
        }
      }}
    />
  );
}
