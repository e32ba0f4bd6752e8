/** How a value of a row is shown, by its field's type. */
import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { Checkmark16Regular } from '@fluentui/react-icons';
import { type JsonValue, userTimeZone } from '../api';
import { formatDay, formatMoment, instantOf, isKnownZone, parseDuration } from '../times';

const useStyles = makeStyles({
  none: { color: tokens.colorNeutralForeground3 },
  yes: { display: 'inline-flex', alignItems: 'center', gap: '4px' },
});

interface Zoned {
  dateTime: string;
  timeZone: string;
}

export function isZoned(value: JsonValue | undefined): value is JsonValue & Zoned {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    typeof value.dateTime === 'string' &&
    typeof value.timeZone === 'string'
  );
}

interface StoredFile {
  file: string;
  name: string;
  size: number;
}

export function isFile(value: JsonValue | undefined): value is JsonValue & StoredFile {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    typeof value.file === 'string' &&
    typeof value.name === 'string' &&
    typeof value.size === 'number'
  );
}

/** In the user's zone where this browser knows the value's own; else as it stands, with its zone. */
export function zonedText(value: Zoned): string {
  const [date = '', time = '00:00:00'] = value.dateTime.split('T');
  if (isKnownZone(value.timeZone)) {
    return formatMoment(instantOf({ date, time: time.slice(0, 8) }, value.timeZone), userTimeZone);
  }
  return `${formatDay(date, { dateStyle: 'medium' })} ${time.slice(0, 5)} (${value.timeZone})`;
}

/** A value as one line of text; empty where there is none. */
export function valueText(value: JsonValue | undefined, type: string): string {
  if (value === null || value === undefined || value === '') return '';
  if (type === 'datetime' && typeof value === 'string') return formatMoment(value, userTimeZone);
  if (type === 'zoned_datetime' && isZoned(value)) return zonedText(value);
  if (type === 'date' && typeof value === 'string') return formatDay(value, { dateStyle: 'medium' });
  if (type === 'boolean') return value === true ? 'Yes' : 'No';
  if ((type === 'integer' || type === 'number') && typeof value === 'number') {
    return new Intl.NumberFormat(undefined, { maximumFractionDigits: 10 }).format(value);
  }
  if (type === 'file' && isFile(value)) return value.name;
  if (type === 'duration' && typeof value === 'string') {
    const parts = parseDuration(value);
    if (!parts) return value;
    const { hours, minutes } = parts;
    return [hours && `${hours} h`, (minutes || !hours) && `${minutes} min`].filter(Boolean).join(' ');
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export function Value({ value, type }: { value: JsonValue | undefined; type: string }): React.JSX.Element {
  const styles = useStyles();
  if (type === 'boolean' && value === true) {
    return (
      <span className={styles.yes}>
        <Checkmark16Regular aria-hidden /> Yes
      </span>
    );
  }
  const text = valueText(value, type);
  return text ? <>{text}</> : <Text className={styles.none}>–</Text>;
}
