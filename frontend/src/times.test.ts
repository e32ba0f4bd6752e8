import { describe, expect, it } from 'vitest';
import { addDays, daysBetween, formatDuration, formatInstant, instantOf, isoWeekday, parseDuration, wallAt } from './times';

const instant = (date: string, time: string, zone: string): string => formatInstant(instantOf({ date, time }, zone));

describe('the instant of a time on the wall', () => {
  it.each([
    ['2026-11-23', '09:00:00', 'Europe/Berlin', '2026-11-23T08:00:00Z'],
    ['2026-11-23', '09:00:00', 'America/Los_Angeles', '2026-11-23T17:00:00Z'],
    ['2026-11-23', '09:00:00', 'Asia/Kolkata', '2026-11-23T03:30:00Z'],
    ['2026-11-23', '09:00:00', 'Pacific/Auckland', '2026-11-22T20:00:00Z'],
    ['2026-07-01', '00:00:00', 'Pacific/Auckland', '2026-06-30T12:00:00Z'],
    ['2026-11-23', '23:59:59', 'UTC', '2026-11-23T23:59:59Z'],
  ])('%s %s in %s is %s', (date, time, zone, expected) => {
    expect(instant(date, time, zone)).toBe(expected);
  });

  it('moves a time that a clock change skips forward by the gap', () => {
    expect(instant('2026-03-29', '02:30:00', 'Europe/Berlin')).toBe('2026-03-29T01:30:00Z');
    expect(instant('2026-03-08', '02:30:00', 'America/Los_Angeles')).toBe('2026-03-08T10:30:00Z');
  });

  it('takes the first of a time that occurs twice', () => {
    expect(instant('2026-10-25', '02:30:00', 'Europe/Berlin')).toBe('2026-10-25T00:30:00Z');
    expect(instant('2026-11-01', '01:30:00', 'America/Los_Angeles')).toBe('2026-11-01T08:30:00Z');
  });

  it('comes back from the wall over every hour of a year of clock changes', () => {
    for (const zone of ['America/Los_Angeles', 'Pacific/Auckland', 'Europe/Berlin', 'Asia/Kolkata']) {
      for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 7 * 3_600_000) {
        const wall = wallAt(new Date(at), zone);
        expect(wallAt(instantOf(wall, zone), zone)).toEqual(wall);
      }
    }
  });
});

it('counts days over months and clock changes', () => {
  expect(addDays('2026-02-27', 2)).toBe('2026-03-01');
  expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
  expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
  expect(isoWeekday('2026-11-23')).toBe(1);
  expect(isoWeekday('2026-11-29')).toBe(7);
});

it('reads durations of hours and minutes and leaves others alone', () => {
  expect(parseDuration('PT1H30M')).toEqual({ hours: 1, minutes: 30 });
  expect(parseDuration('PT15M')).toEqual({ hours: 0, minutes: 15 });
  expect(parseDuration('P1D')).toBeNull();
  expect(parseDuration('PT')).toBeNull();
  expect(formatDuration({ hours: 1, minutes: 30 })).toBe('PT1H30M');
  expect(formatDuration({ hours: 0, minutes: 0 })).toBe('PT0M');
});
