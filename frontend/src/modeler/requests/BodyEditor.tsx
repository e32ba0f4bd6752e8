/** What a request sends: JSON as text or value by value, a form, a text, or a file. */
import {
  Dropdown, Field, Input, makeStyles, Option, Radio, RadioGroup, Text, Textarea, ToggleButton, tokens,
} from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import type { JsonValue } from '../api';
import { equal, isObject, type JsonObject } from '../merge';
import { type BodyKind, bodyKind, leavesOf, parseJson, withBodyKind, withField, withLeaf } from './model';
import { PairsTable } from './PairsTable';
import { type BindingScope, ValueField } from './ValueField';

const useStyles = makeStyles({
  body: { display: 'flex', flexDirection: 'column', gap: '10px' },
  code: { '& textarea': { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, minHeight: '180px', lineHeight: '1.5' } },
  leaves: { display: 'flex', flexDirection: 'column', gap: '4px' },
  leaf: { display: 'grid', gridTemplateColumns: 'minmax(80px, 2fr) minmax(120px, 4fr)', gap: '8px', alignItems: 'center', '@container (max-width: 420px)': { gridTemplateColumns: 'minmax(0, 1fr)', gap: 0 } },
  path: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, overflowWrap: 'anywhere' },
  views: { display: 'flex', gap: '4px' },
  none: { color: tokens.colorNeutralForeground2 },
});

export function BodyEditor(props: {
  value: JsonObject;
  scope: BindingScope;
  onChange: (value: JsonObject, checkpoint?: string) => void;
}): React.JSX.Element {
  const { value, scope, onChange } = props;
  const styles = useStyles();
  const kind = bodyKind(value);
  const body = isObject(value.body) ? value.body : {};
  const set = (next: JsonObject): void => onChange(withField(value, 'body', next), 'body');
  return (
    <div className={styles.body}>
      <RadioGroup layout="horizontal" aria-label="Kind of body" value={kind} onChange={(_, data) => onChange(withBodyKind(value, data.value as BodyKind))}>
        <Radio value="none" label="None" />
        <Radio value="json" label="JSON" />
        <Radio value="form" label="Form" />
        <Radio value="text" label="Text" />
        <Radio value="file" label="File" />
      </RadioGroup>
      {kind === 'json' && <JsonBody value={body.json ?? null} scope={scope} onChange={(json) => set({ ...body, json })} />}
      {kind === 'form' && (
        <PairsTable one="field" known={[]} unique value={body.form} scope={scope} onChange={(form) => set({ ...body, form: form ?? {} })} />
      )}
      {kind === 'file' && <FileBody value={body.file ?? ''} scope={scope} onChange={(file) => set({ ...body, file })} />}
      {kind === 'text' && (
        <>
          <Field label="Content type">
            <Input value={String(body.content_type ?? '')} placeholder="text/plain" onChange={(_, data) => set({ ...body, content_type: data.value })} />
          </Field>
          <Field label="Text">
            <Textarea className={styles.code} resize="vertical" value={String(body.text ?? '')} onChange={(_, data) => set({ ...body, text: data.value })} />
          </Field>
        </>
      )}
    </div>
  );
}

function FileBody(props: { value: JsonValue; scope: BindingScope; onChange: (value: JsonValue) => void }): React.JSX.Element {
  return (
    <Field label="File" hint="The body of a request that was saved.">
      <ValueField label="File" value={props.value} scope={props.scope} onChange={props.onChange} />
    </Field>
  );
}

function JsonBody(props: { value: JsonValue; scope: BindingScope; onChange: (value: JsonValue) => void }): React.JSX.Element {
  const { value, scope, onChange } = props;
  const styles = useStyles();
  const leaves = leavesOf(value);
  const [view, setView] = useState<'values' | 'text'>(leaves.length > 0 ? 'values' : 'text');
  return (
    <>
      <div className={styles.views} role="group" aria-label="How the JSON is edited">
        <ToggleButton size="small" checked={view === 'values'} onClick={() => setView('values')}>Values</ToggleButton>
        <ToggleButton size="small" checked={view === 'text'} onClick={() => setView('text')}>JSON</ToggleButton>
      </div>
      {view === 'text' ? (
        <JsonText value={value} onChange={onChange} />
      ) : (
        <div className={styles.leaves}>
          {leaves.length === 0 && <Text size={200} className={styles.none}>Nothing yet: write the JSON first.</Text>}
          {leaves.map(({ path, value: leaf }) => {
            const name = path.join('.') || 'value';
            return (
              <div key={name} className={styles.leaf}>
                <span className={styles.path}>{name}</span>
                {typeof leaf === 'boolean' ? (
                  <Dropdown aria-label={name} value={leaf ? 'true' : 'false'} selectedOptions={[String(leaf)]} onOptionSelect={(_, data) => onChange(withLeaf(value, path, data.optionValue === 'true'))}>
                    <Option value="true">true</Option>
                    <Option value="false">false</Option>
                  </Dropdown>
                ) : (
                  <ValueField label={name} value={leaf} scope={scope} onChange={(next) => onChange(withLeaf(value, path, next))} />
                )}
              </div>
            );
          })}
        </div>
      )}
    </>
  );
}

function JsonText({ value, onChange }: { value: JsonValue; onChange: (value: JsonValue) => void }): React.JSX.Element {
  const styles = useStyles();
  const [text, setText] = useState(() => JSON.stringify(value, null, 2));
  const read = parseJson(text);
  const known = 'value' in read ? read.value : undefined;
  useEffect(() => {
    // Changed elsewhere: by undo, or in the other view.
    if (known !== undefined && !equal(known, value)) setText(JSON.stringify(value, null, 2));
  }, [value]);
  return (
    <Field
      label="JSON"
      {...('fault' in read && { validationState: 'error' as const, validationMessage: `Line ${read.fault.line}: ${read.fault.message}` })}
    >
      <Textarea
        className={styles.code}
        resize="vertical"
        spellCheck={false}
        value={text}
        onChange={(_, data) => {
          setText(data.value);
          const next = parseJson(data.value);
          if ('value' in next) onChange(next.value);
        }}
      />
    </Field>
  );
}
