/**
 * What stands in a form's inputs, made from a field's value and made into one again. Pure, so that
 * no value changes just because its form was opened and saved: an untouched field sends what came.
 */
import { type JsonValue, userTimeZone } from '@graphwright/api';
import { isFile, isZoned } from '@graphwright/components/Value';
import {
  addDays,
  formatDuration,
  formatInstant,
  instantOf,
  isKnownZone,
  parseDuration,
  wallAt,
} from '@graphwright/times';

export interface FormField {
  name: string;
  title: string;
  type: string;
  required: boolean;
  value: JsonValue;
  options?: { value: string; title: string }[] | null;
  description?: string | null;
  multiline?: boolean | null;
  read_only?: boolean | null;
  /** Never shown as it is typed, and kept nowhere. */
  secret?: boolean;
}

export interface Input {
  text: string;
  /** Of times only: the date lies in `text`. */
  time: string;
  on: boolean;
  touched: boolean;
}

export type Inputs = { [name: string]: Input };

const none: Input = { text: '', time: '', on: false, touched: false };

/** The zone in which a field's time is shown and entered. */
export function zoneOf(field: FormField): string {
  if (isZoned(field.value) && !isKnownZone(field.value.timeZone)) return field.value.timeZone;
  return userTimeZone;
}

/** All-day events are dates at midnight of their own zone: a change of zone would move them. */
export function allDayField(fields: FormField[]): FormField | undefined {
  return fields.find(({ name, type }) => type === 'boolean' && /^(is_)?all_?day$/i.test(name));
}

export function isEnd(name: string): boolean {
  return /^end(s|_|$)/.test(name);
}

/** HTML as the text a person edits; paragraphs and line breaks are kept. */
export function htmlAsText(html: string): string {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  for (const gone of parsed.querySelectorAll('script, style, head, title')) gone.remove();
  for (const line of parsed.querySelectorAll('br')) line.replaceWith('\n');
  for (const block of parsed.querySelectorAll('p, div, li, tr, h1, h2, h3, h4')) block.append('\n');
  return (parsed.body.textContent ?? '').replace(/[ \t]+\n/g, '\n').replace(/\n{3,}/g, '\n\n').trim();
}

function textAsHtml(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return escaped
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${paragraph.replaceAll('\n', '<br>')}</p>`)
    .join('');
}

/** Whether editing as text would lose something that the text does not show. */
export function hasFormatting(html: string): boolean {
  return /<(?!\/?(p|div|br|html|head|body|meta|span)\b)[a-z]/i.test(html);
}

export function inputOf(field: FormField, allDay: boolean): Input {
  const { value, type } = field;
  if (value === null || value === undefined) return none;
  if (type === 'boolean') return { ...none, on: value === true };
  if (type === 'html') return { ...none, text: htmlAsText(String(value)) };
  if (isFile(value)) return { ...none, text: value.name };
  if (type === 'datetime' && typeof value === 'string') {
    const wall = wallAt(new Date(value), userTimeZone);
    return { ...none, text: wall.date, time: wall.time.slice(0, 5) };
  }
  if (type === 'zoned_datetime' && isZoned(value)) {
    const [date = '', time = '00:00:00'] = value.dateTime.split('T');
    if (allDay) return { ...none, text: isEnd(field.name) ? addDays(date, -1) : date };
    if (!isKnownZone(value.timeZone)) return { ...none, text: date, time: time.slice(0, 5) };
    const wall = wallAt(instantOf({ date, time: time.slice(0, 8) }, value.timeZone), userTimeZone);
    return { ...none, text: wall.date, time: wall.time.slice(0, 5) };
  }
  return { ...none, text: typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value) };
}

/** What a person chose or typed before the session ended, put back. */
export function inputsOf(fields: FormField[], draft: { [name: string]: JsonValue } | null): Inputs {
  const withDraft = fields.map((field) =>
    draft && field.name in draft && !field.read_only ? { ...field, value: draft[field.name] ?? null } : field,
  );
  const allDay = withDraft.find(({ name }) => name === allDayField(fields)?.name)?.value === true;
  return Object.fromEntries(
    withDraft.map((field, index) => [
      field.name,
      { ...inputOf(field, allDay), touched: field.value !== fields[index]?.value },
    ]),
  );
}

function zonedValue(field: FormField, input: Input, allDay: boolean): JsonValue {
  const own = isZoned(field.value) ? field.value.timeZone : userTimeZone;
  if (allDay) {
    const date = isEnd(field.name) ? addDays(input.text, 1) : input.text;
    return { dateTime: `${date}T00:00:00`, timeZone: own };
  }
  const wall = { date: input.text, time: `${input.time || '00:00'}:00` };
  if (own === userTimeZone || !isKnownZone(own)) {
    return { dateTime: `${wall.date}T${wall.time}`, timeZone: own };
  }
  const there = wallAt(instantOf(wall, userTimeZone), own);
  return { dateTime: `${there.date}T${there.time}`, timeZone: own };
}

/** The value to send. `allDayChanged` says that times mean something else than when they came. */
export function valueOf(field: FormField, input: Input, allDay: boolean, allDayChanged: boolean): JsonValue {
  const { type } = field;
  const isTime = type === 'zoned_datetime';
  if (!input.touched && !(isTime && allDayChanged)) return field.value ?? (type === 'boolean' ? false : null);
  if (type === 'boolean') return input.on;
  if (input.text.trim() === '') return null;
  if (isTime) return zonedValue(field, input, allDay);
  if (type === 'datetime') {
    return formatInstant(instantOf({ date: input.text, time: `${input.time || '00:00'}:00` }, userTimeZone));
  }
  if (type === 'html') return textAsHtml(input.text);
  if (type === 'number') return Number(input.text);
  if (type === 'integer') {
    // Above 2^53 a number would be rounded; the server reads the text as well.
    const number = Number(input.text);
    return Number.isSafeInteger(number) ? number : input.text.trim();
  }
  return input.text;
}

export function durationParts(text: string): { hours: number; minutes: number } | null {
  return text === '' ? { hours: 0, minutes: 0 } : parseDuration(text);
}

export { formatDuration };

/** The message for a field that cannot be sent so, or null. */
export function complaint(field: FormField, input: Input, allDay: boolean): string | null {
  if (field.read_only) return null;
  const text = input.text.trim();
  const isTime = field.type === 'datetime' || field.type === 'zoned_datetime';
  if (field.type === 'boolean') return null;
  if (text === '' && field.required) return isTime ? 'Enter a date.' : 'Fill in this field.';
  if (text === '') return isTime && input.time ? 'Enter a date.' : null;
  if (isTime && !allDay && input.time === '') return 'Enter a time.';
  if (field.type === 'integer' && !/^[+-]?\d{1,19}$/.test(text)) return 'Enter a whole number.';
  if (field.type === 'number' && !Number.isFinite(Number(text))) return 'Enter a number.';
  if (field.type === 'duration' && !/^-?P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/.test(text)) {
    return 'Enter a duration such as PT30M or P1D.';
  }
  if (field.type === 'json' && input.touched) {
    try {
      JSON.parse(text);
    } catch {
      return 'Enter valid JSON.';
    }
  }
  return null;
}
