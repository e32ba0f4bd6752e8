import { expect, it } from 'vitest';
import { daysAround, modeFor, step, wholeWeek } from '../../src/graphwright/page_types/calendar/ranges';

it('shows whole weeks around a month', () => {
  expect(daysAround('month', '2026-11-23', 1)).toEqual({ start: '2026-10-26', end: '2026-12-07' });
  expect(daysAround('month', '2026-02-10', 7)).toEqual({ start: '2026-02-01', end: '2026-03-01' });
});

it('steps by the month in the middle, whatever days surround it', () => {
  const november = daysAround('month', '2026-11-01', 1);
  expect(step('month', november, 1, 1)).toEqual(daysAround('month', '2026-12-15', 1));
  expect(step('month', november, -1, 1)).toEqual(daysAround('month', '2026-10-15', 1));
});

it('steps by weeks and days', () => {
  const week = { start: '2026-11-23', end: '2026-11-30' };
  expect(step('week', week, 1, 1)).toEqual({ start: '2026-11-30', end: '2026-12-07' });
  expect(step('work_week', week, -1, 1)).toEqual({ start: '2026-11-16', end: '2026-11-21' });
  expect(step('day', { start: '2026-11-23', end: '2026-11-24' }, -1, 1)).toEqual({ start: '2026-11-22', end: '2026-11-23' });
});

it('takes the mode that was chosen only where the range fits it', () => {
  const week = { start: '2026-11-23', end: '2026-11-30' };
  expect(modeFor(week, 'agenda', 'week')).toBe('agenda');
  expect(modeFor(week, 'day', 'week')).toBe('week');
  expect(modeFor({ start: '2026-11-23', end: '2026-11-24' }, null, 'week')).toBe('day');
});

it('means the whole week in the middle of eight days', () => {
  expect(wholeWeek({ start: '2026-11-22', end: '2026-11-30' })).toEqual({ start: '2026-11-23', end: '2026-11-30' });
});
