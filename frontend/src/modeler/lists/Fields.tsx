/** The fields of a list, in the order people see them. */
import {
  Button, Checkbox, Dropdown, Field, Input, makeStyles, Option, Popover, PopoverSurface, PopoverTrigger, Switch, Textarea, ToggleButton, tokens, Tooltip,
} from '@fluentui/react-components';
import { Add20Regular, Delete20Regular, Key20Filled, Key20Regular, Settings20Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useDocuments } from '../documents';
import { Sortable } from '../form/Sortable';
import { NameInput } from '../imports/FieldRows';
import { fieldTypes, titleOfName, typeWords } from '../imports/mapping';
import type { JsonObject } from '../merge';
import { shortName } from '../places';
import { addField, fieldsOf, keyOf, type ListField, optionsText, readOptions, removeField, setField, toggleKey, withFields } from './model';

const useStyles = makeStyles({
  fields: { containerType: 'inline-size', display: 'flex', flexDirection: 'column', gap: '8px' },
  row: {
    display: 'grid', gridTemplateColumns: 'minmax(90px, 3fr) minmax(90px, 3fr) minmax(120px, 2fr) 32px 60px 54px 32px 32px', gap: '6px', alignItems: 'center', flexGrow: 1, minWidth: 0,
    '@container (max-width: 600px)': { gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr) 32px 32px 32px' },
  },
  flag: { '@container (max-width: 600px)': { display: 'none' } },
  input: { minWidth: 0 },
  type: { minWidth: 0, '@container (max-width: 600px)': { gridColumnStart: 1, gridColumnEnd: 3 } },
  more: { display: 'flex', flexDirection: 'column', gap: '10px', width: '300px', maxHeight: '70vh', overflowY: 'auto' },
  head: { paddingLeft: '28px', color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200, '@container (max-width: 600px)': { display: 'none' } },
  add: { display: 'flex', gap: '8px', alignItems: 'center' },
});

export function Fields(props: {
  value: JsonObject;
  onChange: (value: JsonObject, checkpoint: string) => void;
  onRename: (name: string, to: string) => void;
}): React.JSX.Element {
  const { value, onChange, onRename } = props;
  const styles = useStyles();
  const fields = fieldsOf(value);
  const key = keyOf(value);
  const [title, setTitle] = useState('');
  const add = (): void => {
    onChange(addField(value, title.trim()).list, 'add');
    setTitle('');
  };
  return (
    <div className={styles.fields}>
      <div className={styles.head}>
        <div className={styles.row} aria-hidden><span>Name</span><span>Title</span><span>Type</span><span>Key</span><span>Required</span><span>Hidden</span><span /><span /></div>
      </div>
      <Sortable
        items={fields}
        keyOf={({ name }) => name}
        titleOf={({ name }) => name}
        onChange={(next) => onChange(withFields(value, next), 'order')}
        render={({ name, field }) => (
          <div className={styles.row}>
            <NameInput name={name} taken={fields.map((each) => each.name)} onRename={(to) => onRename(name, to)} />
            <Input className={styles.input} size="small" aria-label={`Title of ${name}`} value={String(field.title ?? '')} placeholder={titleOfName(name)} onChange={(_, data) => onChange(setField(value, name, { title: data.value }), `title-${name}`)} />
            <TypeChoice field={field} name={name} onChange={(type) => onChange(setField(value, name, { type }), `type-${name}`)} />
            <ToggleButton size="small" appearance="subtle" checked={key.includes(name)} icon={key.includes(name) ? <Key20Filled /> : <Key20Regular />} aria-label={`${name} is part of the key`} title="Part of the key" onClick={() => onChange(toggleKey(value, name), 'key')} />
            <Checkbox className={styles.flag} checked={field.required === true} aria-label={`${name} is required`} onChange={(_, data) => onChange(setField(value, name, { required: !!data.checked }), `required-${name}`)} />
            <Checkbox className={styles.flag} checked={field.hidden === true} aria-label={`${name} is hidden`} onChange={(_, data) => onChange(setField(value, name, { hidden: !!data.checked }), `hidden-${name}`)} />
            <More field={{ name, field }} onChange={(part) => onChange(setField(value, name, part), `more-${name}`)} />
            <Tooltip content={`Remove ${name}`} relationship="label">
              <Button size="small" appearance="subtle" icon={<Delete20Regular />} disabled={fields.length === 1} onClick={() => onChange(removeField(value, name), 'remove')} />
            </Tooltip>
          </div>
        )}
      />
      <form
        className={styles.add}
        onSubmit={(event) => {
          event.preventDefault();
          if (title.trim()) add();
        }}
      >
        <Input size="small" aria-label="Title of a new field" placeholder="A new field" value={title} onChange={(_, data) => setTitle(data.value)} />
        <Button size="small" type="submit" icon={<Add20Regular />} disabled={!title.trim()}>Add</Button>
      </form>
    </div>
  );
}

function TypeChoice({ field, name, onChange }: { field: JsonObject; name: string; onChange: (type: string) => void }): React.JSX.Element {
  const styles = useStyles();
  const type = String(field.type ?? 'text');
  return (
    <Dropdown className={styles.type} size="small" aria-label={`Type of ${name}`} value={typeWords[type] ?? type} selectedOptions={[type]} onOptionSelect={(_, data) => onChange(data.optionValue ?? 'text')}>
      {fieldTypes.map((each) => <Option key={each} value={each}>{typeWords[each]!}</Option>)}
    </Dropdown>
  );
}

function More({ field: { name, field }, onChange }: { field: ListField; onChange: (part: JsonObject) => void }): React.JSX.Element {
  const styles = useStyles();
  const lists = useDocuments('list');
  const [options, setOptions] = useState<string | null>(null);
  const flag = (key: string, label: string): React.JSX.Element => (
    <Switch label={label} checked={field[key] === true} onChange={(_, data) => onChange({ [key]: data.checked })} />
  );
  return (
    <Popover trapFocus positioning="below-end" onOpenChange={() => setOptions(null)}>
      <PopoverTrigger disableButtonEnhancement>
        <Button size="small" appearance="subtle" icon={<Settings20Regular />} aria-label={`More about ${name}`} />
      </PopoverTrigger>
      <PopoverSurface className={styles.more} aria-label={`More about ${name}`}>
        <Field label="Description" hint="A sentence for people who fill it in.">
          <Input value={String(field.description ?? '')} onChange={(_, data) => onChange({ description: data.value })} />
        </Field>
        {field.type === 'text' && (
          <Field label="Options" hint="One a line: value, or value = what people see.">
            <Textarea
              value={options ?? optionsText(field.options)}
              onChange={(_, data) => {
                setOptions(data.value);
                onChange({ options: readOptions(data.value) ?? '' });
              }}
            />
          </Field>
        )}
        {field.type === 'reference' && (
          <Field label="Row of the list" required>
            <Dropdown value={String(field.list ?? '')} selectedOptions={[String(field.list ?? '')]} placeholder="Choose…" onOptionSelect={(_, data) => onChange({ list: data.optionValue ?? '' })}>
              {lists.map((each) => <Option key={each.name} value={shortName(each.name)}>{shortName(each.name)}</Option>)}
            </Dropdown>
          </Field>
        )}
        {flag('required', 'Required: no row without a value')}
        {flag('hidden', 'Hidden: pages do not show it')}
        {flag('indexed', 'Indexed: filters and sorts quickly')}
        {flag('sensitive', 'Sensitive: never kept in a flow or a log')}
      </PopoverSurface>
    </Popover>
  );
}
