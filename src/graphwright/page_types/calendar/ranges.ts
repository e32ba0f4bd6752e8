/** Which days a calendar shows: pure arithmetic on dates, apart from what draws them. */
import { addDays, daysBetween, formatDay, formatDayRange, isoWeekday } from '@graphwright/times';

export type Mode = 'day' | 'work_week' | 'week' | 'month' | 'agenda';

export interface Days {
  start: string;
  end: string; // exclusive
}

export const modeTitles: Record<Mode, string> = {
  day: 'Day',
  work_week: 'Work week',
  week: 'Week',
  month: 'Month',
  agenda: 'Agenda',
};

export function isMode(text: unknown): text is Mode {
  return typeof text === 'string' && text in modeTitles;
}

function fits(mode: Mode, days: number): boolean {
  if (mode === 'day') return days === 1;
  if (mode === 'work_week') return days >= 5 && days <= 7;
  if (mode === 'month') return days >= 28;
  return days === 7;
}

/** A week of another zone touches eight days of this one: the whole week in its middle is meant. */
export function wholeWeek(range: Days): Days {
  if (daysBetween(range.start, range.end) !== 8) return range;
  return daysAround('week', addDays(range.start, 4), 1);
}

/** The mode to draw a range in: the one the person chose, else the page's, else by its length. */
export function modeFor(range: Days, chosen: Mode | null, preferred: unknown): Mode {
  const days = daysBetween(range.start, range.end);
  if (chosen && fits(chosen, days)) return chosen;
  if (isMode(preferred) && fits(preferred, days)) return preferred;
  if (days <= 1) return 'day';
  if (days >= 28) return 'month';
  return days === 5 ? 'work_week' : 'week';
}

/** Monday is 1. A whole week says itself on which day it starts. */
export function firstWeekday(range: Days): number {
  return daysBetween(range.start, range.end) === 7 ? isoWeekday(range.start) : 1;
}

export function startOfWeek(date: string, first: number): string {
  return addDays(date, -((isoWeekday(date) - first + 7) % 7));
}

/** A month is drawn with the days of its neighbours: its middle is always within it. */
export function anchor(mode: Mode, range: Days): string {
  if (mode !== 'month') return range.start;
  return addDays(range.start, Math.floor(daysBetween(range.start, range.end) / 2));
}

/** All days that a mode shows around a date. */
export function daysAround(mode: Mode, date: string, first: number): Days {
  if (mode === 'day') return { start: date, end: addDays(date, 1) };
  if (mode === 'work_week') {
    const monday = startOfWeek(date, 1);
    return { start: monday, end: addDays(monday, 5) };
  }
  if (mode === 'month') {
    const firstDay = `${date.slice(0, 7)}-01`;
    const nextMonth = `${addDays(firstDay, 32).slice(0, 7)}-01`;
    const start = startOfWeek(firstDay, first);
    const end = addDays(startOfWeek(addDays(nextMonth, -1), first), 7);
    return { start, end };
  }
  const start = startOfWeek(date, first);
  return { start, end: addDays(start, 7) };
}

/** The same mode, one step earlier (-1) or later (1). */
export function step(mode: Mode, range: Days, direction: 1 | -1, first: number): Days {
  const date = anchor(mode, range);
  if (mode === 'day') return daysAround(mode, addDays(date, direction), first);
  if (mode === 'month') {
    const firstDay = `${date.slice(0, 7)}-01`;
    return daysAround(mode, addDays(firstDay, direction === 1 ? 32 : -1), first);
  }
  return daysAround(mode, addDays(date, 7 * direction), first);
}

export function rangeTitle(mode: Mode, range: Days, short = false): string {
  if (mode === 'month') {
    return formatDay(anchor(mode, range), { month: 'long', year: 'numeric' });
  }
  if (mode === 'day') return formatDay(range.start, { dateStyle: short ? 'medium' : 'full' });
  return formatDayRange(range.start, addDays(range.end, -1), {
    day: 'numeric',
    month: short ? 'short' : 'long',
    ...(short ? {} : { year: 'numeric' }),
  });
}
