/** One value of a form: its label, its hint, its problems, and the input that its schema wants. */
import {
  Button,
  Dropdown,
  Field,
  InfoLabel,
  Input,
  makeStyles,
  Option,
  Switch,
  Textarea,
  tokens,
} from '@fluentui/react-components';
import { ArrowReset20Regular } from '@fluentui/react-icons';
import { useEffect, useState } from 'react';
import type { JsonValue, ProblemWire } from '../api';
import { equal } from '../merge';
import { editorFor, type EditorProps } from './editors';
import { ListField, MapField, ObjectField, UnionField } from './groups';
import { type Shape, textOf, valueOfText } from './schema';

const useStyles = makeStyles({
  field: { minWidth: 0 },
  switchRow: { display: 'flex', alignItems: 'center' },
  unseen: { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' },
  control: { minWidth: 0, width: '100%' },
  code: { fontFamily: tokens.fontFamilyMonospace },
});

/** The problems of a place, and of nothing below it. */
export function problemsAt(problems: ProblemWire[], path: string): ProblemWire[] {
  return problems.filter(({ field }) => field === path);
}

/** The frame of an input that custom editors use too: label, hint, problems. */
export function Labelled(
  props: Pick<EditorProps, 'label' | 'bare' | 'hint' | 'required' | 'problems' | 'path' | 'context'> & {
    children: React.ComponentProps<typeof Field>['children'];
  },
): React.JSX.Element {
  const { label, bare = false, hint, required, problems, path, context, children } = props;
  const styles = useStyles();
  const worst = problems.find(({ severity }) => severity === 'error') ?? problems[0];
  const state = worst && (worst.severity === 'error' ? 'error' : 'warning');
  const message = problems.map(({ message: text, hint: cure }) => [text, cure].filter(Boolean).join(' '));
  return (
    <Field
      className={styles.field}
      data-field={path}
      label={
        bare ? { children: label, className: styles.unseen }
        : context.compact && hint ? <InfoLabel info={hint}>{label}</InfoLabel>
        : label
      }
      hint={context.compact ? undefined : hint || undefined}
      required={required && !bare}
      {...(state && { validationState: state, validationMessage: message.join(' ') })}
    >
      {children}
    </Field>
  );
}

const longNames = new Set(['description', 'message', 'notice', 'text', 'summary', 'help']);

function TextField(props: EditorProps): React.JSX.Element {
  const { value, onChange, shape, path, field } = props;
  const styles = useStyles();
  const text = typeof value === 'string' ? value : value === undefined || value === null ? '' : textOf(value);
  const maxLength = shape.kind === 'text' ? shape.maxLength : undefined;
  const placeholder = typeof shape.fallback === 'string' ? shape.fallback : undefined;
  // A required text that was emptied stays as such: its absence would be a different problem.
  const change = (next: string): void => onChange(next === '' && !props.required ? undefined : next, path);
  const shared = { value: text, placeholder, maxLength, className: styles.control };
  return (
    <Labelled {...props}>
      {longNames.has(field) || text.includes('\n') ? (
        <Textarea {...shared} resize="vertical" onChange={(_, data) => change(data.value)} />
      ) : (
        <Input {...shared} onChange={(_, data) => change(data.value)} />
      )}
    </Labelled>
  );
}

/** Keeps what is typed until it is left or entered, so that half of a number is no value. */
function DraftField(
  props: EditorProps & { parse: (text: string) => JsonValue | undefined; long?: boolean },
): React.JSX.Element {
  const { value, onChange, shape, parse, path, long } = props;
  const styles = useStyles();
  const shown = textOf(value);
  const [draft, setDraft] = useState(shown);
  const [wrong, setWrong] = useState(false);
  useEffect(() => {
    setDraft(shown);
    setWrong(false);
  }, [shown]);
  const commit = (): void => {
    if (draft === shown) return setWrong(false);
    const next = draft.trim() === '' ? undefined : parse(draft);
    setWrong(next === undefined && draft.trim() !== '');
    if (next !== undefined || draft.trim() === '') onChange(next, path);
  };
  const placeholder =
    shape.fallback === undefined || shape.fallback === null ? undefined : textOf(shape.fallback);
  const shared = { value: draft, placeholder, onBlur: commit, className: styles.control };
  const notNumber: ProblemWire[] = wrong
    ? [{ code: '', severity: 'error', message: 'This is not a number.', hint: '', file: null, line: null, column: null, flow: null, node: null, field: path }]
    : [];
  return (
    <Labelled {...props} problems={[...notNumber, ...props.problems]}>
      {long || draft.includes('\n') ? (
        <Textarea
          {...shared}
          resize="vertical"
          textarea={{ className: styles.code }}
          onChange={(_, data) => setDraft(data.value)}
        />
      ) : (
        <Input
          {...shared}
          onChange={(_, data) => setDraft(data.value)}
          onKeyDown={(event) => event.key === 'Enter' && commit()}
        />
      )}
    </Labelled>
  );
}

function asNumber(text: string, integer: boolean): number | undefined {
  const number = Number(text);
  return Number.isFinite(number) && (!integer || Number.isInteger(number)) ? number : undefined;
}

function ChoiceField(props: EditorProps & { options: string[] }): React.JSX.Element {
  const { value, onChange, shape, options, path } = props;
  const styles = useStyles();
  const selected = value ?? shape.fallback;
  const title = (option: string): string => option.replaceAll('_', ' ');
  return (
    <Labelled {...props}>
      <Dropdown
        className={styles.control}
        value={selected === undefined || selected === null ? '' : title(String(selected))}
        selectedOptions={selected === undefined || selected === null ? [] : [String(selected)]}
        placeholder="Choose…"
        onOptionSelect={(_, { optionValue }) =>
          onChange(optionValue === '' || optionValue === shape.fallback ? undefined : optionValue, path)
        }
      >
        {shape.nullable && shape.fallback === null && (
          <Option value="" text="">
            —
          </Option>
        )}
        {options.map((option) => (
          <Option key={option} value={option}>
            {title(option)}
          </Option>
        ))}
      </Dropdown>
    </Labelled>
  );
}

function SwitchField(props: EditorProps): React.JSX.Element {
  const { value, onChange, shape, path, label } = props;
  const styles = useStyles();
  const checked = (value ?? shape.fallback) === true;
  const reset = shape.nullable && typeof value === 'boolean';
  return (
    <Labelled {...props} label="" required={false}>
      <div className={styles.switchRow}>
        <Switch
          checked={checked}
          label={label}
          onChange={(_, data) => onChange(data.checked === shape.fallback ? undefined : data.checked, path)}
        />
        {reset && (
          <Button
            size="small"
            appearance="subtle"
            icon={<ArrowReset20Regular />}
            aria-label={`${label}: back to automatic`}
            onClick={() => onChange(undefined, path)}
          />
        )}
      </div>
    </Labelled>
  );
}

/** The input for one value: a registered editor where one matches, else what its schema says. */
export function FormField(props: EditorProps): React.JSX.Element | null {
  const { shape, onChange, required } = props;
  const leaveOut = (next: JsonValue | undefined, checkpoint?: string): void =>
    onChange(!required && next !== undefined && equal(next, shape.fallback) ? undefined : next, checkpoint);
  const Custom = editorFor(props);
  if (Custom) return <Custom {...props} />;
  return <PlainField {...props} onChange={leaveOut} />;
}

/** The input that the schema alone wants; custom editors fall back to it. */
export function PlainField(props: EditorProps): React.JSX.Element | null {
  const shape: Shape = props.shape;
  switch (shape.kind) {
    case 'constant':
      return null;
    case 'text':
      return <TextField {...props} />;
    case 'number':
      return <DraftField {...props} parse={(text) => asNumber(text, shape.integer)} />;
    case 'switch':
      return <SwitchField {...props} />;
    case 'choice':
      return <ChoiceField {...props} options={shape.options} />;
    case 'scalar':
      return <DraftField {...props} parse={valueOfText} />;
    case 'json':
      return <DraftField {...props} parse={valueOfText} long />;
    case 'object':
      return <ObjectField {...props} />;
    case 'map':
      return <MapField {...props} values={shape.values} keyPattern={shape.keyPattern} />;
    case 'list':
      return <ListField {...props} items={shape.items} />;
    case 'union':
      return <UnionField {...props} />;
  }
}
