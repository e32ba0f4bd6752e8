/** The input for one field of a form, by its type. */
import {
  Dropdown,
  Field,
  Input,
  makeStyles,
  mergeClasses,
  Option,
  SpinButton,
  Switch,
  Text,
  Textarea,
  tokens,
} from '@fluentui/react-components';
import { zoneLabel } from '@graphwright/times';
import { durationParts, type FormField, formatDuration, hasFormatting, type Input as Entry, zoneOf } from './values';

const useStyles = makeStyles({
  moment: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: '8px' },
  date: { width: '170px' },
  time: { width: '130px' },
  zone: { color: tokens.colorNeutralForeground2 },
  short: { maxWidth: '200px' },
  spin: { width: '90px' },
  mono: { fontFamily: tokens.fontFamilyMonospace },
});

interface FieldInputProps {
  field: FormField;
  input: Entry;
  message: string | undefined;
  dateOnly: boolean;
  disabled: boolean;
  onChange: (change: Partial<Entry>) => void;
}

export function FieldInput(props: FieldInputProps): React.JSX.Element {
  const { field, input, message, disabled, onChange } = props;
  const off = disabled || field.read_only === true;
  const hint =
    field.type === 'html' && input.touched && hasFormatting(String(field.value ?? ''))
      ? 'Saving this text drops its formatting.'
      : (field.description ?? undefined);
  if (field.type === 'boolean') {
    return (
      <Field hint={hint} validationMessage={message}>
        <Switch label={field.title} checked={input.on} disabled={off} onChange={(_, data) => onChange({ on: data.checked })} data-field={field.name} />
      </Field>
    );
  }
  const group = field.type === 'datetime' || field.type === 'zoned_datetime' || field.type === 'duration';
  if (group) {
    return (
      <Field label={field.title} required={field.required} hint={hint} validationMessage={message}>
        {(fieldProps) => (
          <div role="group" aria-labelledby={fieldProps['aria-labelledby']} aria-describedby={fieldProps['aria-describedby']}>
            {field.type === 'duration' ? <DurationInput {...props} disabled={off} /> : <MomentInput {...props} disabled={off} />}
          </div>
        )}
      </Field>
    );
  }
  return (
    <Field label={field.title} required={field.required} hint={hint} validationMessage={message}>
      <SingleInput {...props} disabled={off} />
    </Field>
  );
}

function SingleInput(props: FieldInputProps): React.JSX.Element {
  const { field, input, disabled, onChange, ...fromField } = props;
  const { message: _message, dateOnly: _dateOnly, ...aria } = fromField;
  const styles = useStyles();
  if (field.options) {
    return (
      <Dropdown
        {...aria}
        data-field={field.name}
        disabled={disabled}
        value={field.options.find(({ value }) => value === input.text)?.title ?? input.text}
        selectedOptions={input.text ? [input.text] : []}
        onOptionSelect={(_, data) => onChange({ text: data.optionValue ?? '' })}
      >
        {!field.required && <Option value="" text="">–</Option>}
        {field.options.map(({ value, title }) => (
          <Option key={value} value={value}>
            {title}
          </Option>
        ))}
      </Dropdown>
    );
  }
  const multiline = field.multiline || field.type === 'html' || field.type === 'json';
  if (multiline) {
    return (
      <Textarea
        {...aria}
        data-field={field.name}
        className={mergeClasses(field.type === 'json' && styles.mono)}
        rows={7}
        resize="vertical"
        disabled={disabled}
        value={input.text}
        onChange={(_, data) => onChange({ text: data.value })}
      />
    );
  }
  const number = field.type === 'integer' || field.type === 'number';
  return (
    <Input
      {...aria}
      data-field={field.name}
      className={mergeClasses((number || field.type === 'date') && styles.short)}
      type={field.type === 'date' ? 'date' : field.secret ? 'password' : 'text'}
      autoComplete={field.secret ? 'new-password' : undefined}
      inputMode={field.type === 'integer' ? 'numeric' : number ? 'decimal' : undefined}
      disabled={disabled}
      value={input.text}
      onChange={(_, data) => onChange({ text: data.value })}
    />
  );
}

function MomentInput({ field, input, dateOnly, disabled, onChange }: FieldInputProps): React.JSX.Element {
  const styles = useStyles();
  return (
    <div className={styles.moment}>
      <Input
        className={styles.date}
        type="date"
        aria-label={`${field.title}: date`}
        aria-required={field.required}
        data-field={field.name}
        disabled={disabled}
        value={input.text}
        onChange={(_, data) => onChange({ text: data.value })}
      />
      {!dateOnly && (
        <>
          <Input
            className={styles.time}
            type="time"
            aria-label={`${field.title}: time`}
            disabled={disabled}
            value={input.time}
            onChange={(_, data) => onChange({ time: data.value })}
          />
          <Text size={200} className={styles.zone}>
            {zoneLabel(zoneOf(field))}
          </Text>
        </>
      )}
    </div>
  );
}

function DurationInput({ field, input, disabled, onChange }: FieldInputProps): React.JSX.Element {
  const styles = useStyles();
  const parts = durationParts(input.text);
  if (!parts) {
    return (
      <Input aria-label={field.title} data-field={field.name} disabled={disabled} value={input.text} onChange={(_, data) => onChange({ text: data.value })} />
    );
  }
  const change = (next: Partial<typeof parts>): void => onChange({ text: formatDuration({ ...parts, ...next }) });
  const spin = (name: 'hours' | 'minutes'): React.JSX.Element => (
    <SpinButton
      className={styles.spin}
      aria-label={`${field.title}: ${name}`}
      data-field={name === 'hours' ? field.name : undefined}
      disabled={disabled}
      min={0}
      max={name === 'hours' ? 9999 : 59}
      step={name === 'hours' ? 1 : 5}
      value={parts[name]}
      onChange={(_, data) => {
        const value = data.value ?? Number.parseInt(data.displayValue ?? '', 10);
        if (Number.isFinite(value) && value >= 0) change({ [name]: Math.floor(value) });
      }}
    />
  );
  return (
    <div className={styles.moment}>
      {spin('hours')} <Text size={200}>hours</Text>
      {spin('minutes')} <Text size={200}>minutes</Text>
    </div>
  );
}
