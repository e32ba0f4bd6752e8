/** The filter of one column: an operator and a value that fit its type. */
import {
  Button,
  Field,
  Input,
  makeStyles,
  Popover,
  PopoverSurface,
  PopoverTrigger,
  Select,
  tokens,
} from '@fluentui/react-components';
import { Filter16Filled, Filter16Regular } from '@fluentui/react-icons';
import { type Filter, userTimeZone } from '@graphwright/api';
import { formatInstant, instantOf } from '@graphwright/times';
import { useState } from 'react';

export interface Column {
  name: string;
  title: string;
  type: string;
  /** Shows a property that only the data knows: neither sorted nor filtered by. */
  plain?: boolean;
}

type Op = Filter['op'];

const titles: Record<Op, string> = {
  contains: 'Contains',
  starts_with: 'Starts with',
  eq: 'Is',
  ne: 'Is not',
  gt: 'More than',
  ge: 'At least',
  lt: 'Less than',
  le: 'At most',
  empty: 'Is empty',
  not_empty: 'Is not empty',
};
const timeTitles: Partial<Record<Op, string>> = { ge: 'From', lt: 'Before' };

function opsOf(type: string): Op[] {
  if (type === 'boolean') return ['eq', 'empty', 'not_empty'];
  if (type === 'integer' || type === 'number') return ['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'empty', 'not_empty'];
  if (type === 'date') return ['ge', 'lt', 'eq', 'empty', 'not_empty'];
  if (type === 'datetime' || type === 'zoned_datetime') return ['ge', 'lt', 'empty', 'not_empty'];
  if (type === 'text' || type === 'reference') return ['contains', 'starts_with', 'eq', 'ne', 'empty', 'not_empty'];
  return ['contains', 'starts_with', 'empty', 'not_empty'];
}

/** The filter as the server takes it, or null where the value is missing or no number. */
function makeFilter(column: Column, op: Op, text: string): Filter | null {
  const field = column.name;
  if (op === 'empty' || op === 'not_empty') return { field, op };
  if (text.trim() === '') return null;
  if (column.type === 'boolean') return { field, op, value: text === 'true' };
  if (column.type === 'integer' || column.type === 'number') {
    const value = Number(text);
    return Number.isFinite(value) ? { field, op, value } : null;
  }
  if (column.type === 'datetime' || column.type === 'zoned_datetime') {
    const [date = '', time = '00:00'] = text.split('T');
    return { field, op, value: formatInstant(instantOf({ date, time: `${time.slice(0, 5)}:00` }, userTimeZone)) };
  }
  return { field, op, value: text };
}

const inputTypes: Record<string, 'number' | 'date' | 'datetime-local'> = {
  integer: 'number',
  number: 'number',
  date: 'date',
  datetime: 'datetime-local',
  zoned_datetime: 'datetime-local',
};

const useStyles = makeStyles({
  surface: { width: '260px' },
  form: { display: 'grid', gap: '12px' },
  buttons: { display: 'flex', gap: '8px', justifyContent: 'flex-end' },
  active: { color: tokens.colorBrandForeground1 },
});

export function ColumnFilter(props: {
  column: Column;
  filter: Filter | undefined;
  tabIndex: number;
  onChange: (filter: Filter | null) => void;
}): React.JSX.Element {
  const { column, filter, tabIndex, onChange } = props;
  const styles = useStyles();
  const ops = opsOf(column.type);
  const [open, setOpen] = useState(false);
  const [op, setOp] = useState<Op>(ops[0]!);
  const [text, setText] = useState('');
  const withValue = op !== 'empty' && op !== 'not_empty';
  const apply = (submit: React.FormEvent): void => {
    submit.preventDefault();
    const made = makeFilter(column, op, column.type === 'boolean' ? text || 'true' : text);
    if (made || !text) onChange(made);
    setOpen(false);
  };
  return (
    <Popover open={open} onOpenChange={(_, data) => setOpen(data.open)} trapFocus>
      <PopoverTrigger disableButtonEnhancement>
        <Button
          size="small"
          appearance="transparent"
          tabIndex={tabIndex}
          aria-label={filter ? `Filter ${column.title} (set)` : `Filter ${column.title}`}
          icon={filter ? <Filter16Filled className={styles.active} /> : <Filter16Regular />}
        />
      </PopoverTrigger>
      <PopoverSurface className={styles.surface} aria-label={`Filter ${column.title}`}>
        <form className={styles.form} onSubmit={apply}>
          <Field label={column.title}>
            <Select value={op} onChange={(_, data) => setOp(data.value as Op)}>
              {ops.map((name) => (
                <option key={name} value={name}>
                  {(inputTypes[column.type]?.startsWith('date') && timeTitles[name]) || titles[name]}
                </option>
              ))}
            </Select>
          </Field>
          {withValue && (
            <Field label="Value">
              {column.type === 'boolean' ? (
                <Select value={text || 'true'} onChange={(_, data) => setText(data.value)}>
                  <option value="true">Yes</option>
                  <option value="false">No</option>
                </Select>
              ) : (
                <Input
                  type={inputTypes[column.type] ?? 'text'}
                  value={text}
                  maxLength={500}
                  onChange={(_, data) => setText(data.value)}
                />
              )}
            </Field>
          )}
          <div className={styles.buttons}>
            <Button
              disabled={!filter}
              onClick={() => {
                setText('');
                onChange(null);
                setOpen(false);
              }}
            >
              Clear
            </Button>
            <Button appearance="primary" type="submit">
              Apply
            </Button>
          </div>
        </form>
      </PopoverSurface>
    </Popover>
  );
}
