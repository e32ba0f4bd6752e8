/**
 * Instants, dates and wall-clock times in a named zone. Built on Intl alone, so that the first load
 * needs no time library. Knows nothing of the API and nothing of React.
 */

export interface Wall {
  date: string; // YYYY-MM-DD
  time: string; // HH:MM:SS
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function wallFormatter(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formatters.set(timeZone, formatter);
  }
  return formatter;
}

export function isKnownZone(timeZone: string): boolean {
  try {
    wallFormatter(timeZone);
    return true;
  } catch {
    return false;
  }
}

/** What the clock on the wall shows at an instant. */
export function wallAt(instant: Date, timeZone: string): Wall {
  const parts: Record<string, string> = {};
  for (const { type, value } of wallFormatter(timeZone).formatToParts(instant)) parts[type] = value;
  return {
    date: `${parts.year?.padStart(4, '0')}-${parts.month}-${parts.day}`,
    time: `${parts.hour}:${parts.minute}:${parts.second}`,
  };
}

function asIfUtc({ date, time }: Wall): number {
  return Date.parse(`${date}T${time}Z`);
}

/**
 * The instant at which the wall shows this. A time that a clock change skips is moved forward by
 * the gap; one that occurs twice means its first occurrence (as Temporal's `compatible`).
 */
export function instantOf(wall: Wall, timeZone: string): Date {
  const target = asIfUtc(wall);
  const offsetAt = (instant: number): number =>
    asIfUtc(wallAt(new Date(instant), timeZone)) - Math.floor(instant / 1000) * 1000;
  const day = 24 * 3600 * 1000;
  const before = offsetAt(target - day);
  const after = offsetAt(target + day);
  for (const offset of [before, after]) {
    const candidate = target - offset;
    if (offsetAt(candidate) === offset) return new Date(candidate);
  }
  return new Date(target - before);
}

export function midnight(date: string, timeZone: string): Date {
  return instantOf({ date, time: '00:00:00' }, timeZone);
}

/** Graph's and the API's form: whole seconds, UTC. */
export function formatInstant(instant: Date): string {
  return instant.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

export function addDays(date: string, days: number): string {
  const moved = new Date(`${date}T00:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
}

export function daysBetween(start: string, end: string): number {
  return Math.round((Date.parse(`${end}T00:00:00Z`) - Date.parse(`${start}T00:00:00Z`)) / 86_400_000);
}

/** Monday is 1, Sunday 7. */
export function isoWeekday(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
}

export function todayIn(timeZone: string, now = new Date()): string {
  return wallAt(now, timeZone).date;
}

export function formatDay(date: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(undefined, { ...options, timeZone: 'UTC' }).format(
    new Date(`${date}T00:00:00Z`),
  );
}

export function formatDayRange(
  start: string,
  lastDay: string,
  options: Intl.DateTimeFormatOptions,
): string {
  return new Intl.DateTimeFormat(undefined, { ...options, timeZone: 'UTC' }).formatRange(
    new Date(`${start}T00:00:00Z`),
    new Date(`${lastDay}T00:00:00Z`),
  );
}

export function formatMoment(
  instant: Date | string,
  timeZone: string,
  options: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'short' },
): string {
  const when = typeof instant === 'string' ? new Date(instant) : instant;
  if (Number.isNaN(when.getTime())) return String(instant);
  return new Intl.DateTimeFormat(undefined, { ...options, timeZone }).format(when);
}

/** Short for a list: the time today, the weekday this week, else the date. */
export function formatRecent(instant: string, timeZone: string, now = new Date()): string {
  const when = new Date(instant);
  if (Number.isNaN(when.getTime())) return instant;
  const age = daysBetween(wallAt(when, timeZone).date, wallAt(now, timeZone).date);
  if (age === 0) return formatMoment(when, timeZone, { timeStyle: 'short' });
  if (age > 0 && age < 7) {
    return formatMoment(when, timeZone, { weekday: 'short', hour: 'numeric', minute: '2-digit' });
  }
  return formatMoment(when, timeZone, { dateStyle: 'medium' });
}

export interface DurationParts {
  hours: number;
  minutes: number;
}

/** Hours and minutes of an ISO 8601 duration, or null where it says more than that. */
export function parseDuration(text: string): DurationParts | null {
  const found = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:0(?:\.0+)?S)?$/.exec(text);
  if (!found || text === 'PT') return null;
  return { hours: Number(found[1] ?? 0), minutes: Number(found[2] ?? 0) };
}

export function formatDuration({ hours, minutes }: DurationParts): string {
  if (hours === 0) return `PT${minutes}M`;
  return minutes === 0 ? `PT${hours}H` : `PT${hours}H${minutes}M`;
}

export function zoneLabel(timeZone: string): string {
  return timeZone.replaceAll('_', ' ');
}
