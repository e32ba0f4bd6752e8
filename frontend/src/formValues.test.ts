import { expect, it } from 'vitest';
import { complaint, type FormField, inputOf, valueOf } from '../../src/graphwright/page_types/form/values';
import { userTimeZone } from './api';

const field = (more: Partial<FormField>): FormField => ({
  name: 'start', title: 'Start', type: 'zoned_datetime', required: false, value: null, ...more,
});
const zoned = { dateTime: '2026-11-23T09:00:00.0000000', timeZone: 'Asia/Kolkata' };

it('sends an untouched value as it came', () => {
  for (const [type, value] of [['zoned_datetime', zoned], ['integer', 8], ['text', null]] as const) {
    const one = field({ type, value });
    expect(valueOf(one, inputOf(one, false), false, false)).toEqual(value);
  }
});

it('writes a changed time back in the zone it came in', () => {
  const one = field({ value: zoned });
  const input = { ...inputOf(one, false), touched: true };
  expect(valueOf(one, input, false, false)).toEqual({ dateTime: '2026-11-23T09:00:00', timeZone: 'Asia/Kolkata' });
});

it('keeps the wall clock of a zone that the browser does not know', () => {
  const one = field({ value: { dateTime: '2026-11-23T09:00:00', timeZone: 'Pacific Standard Time' } });
  const input = inputOf(one, false);
  expect([input.text, input.time]).toEqual(['2026-11-23', '09:00']);
  expect(valueOf(one, { ...input, time: '10:00', touched: true }, false, false)).toEqual({
    dateTime: '2026-11-23T10:00:00', timeZone: 'Pacific Standard Time',
  });
});

it('never moves an all-day event to another date', () => {
  const start = field({ value: { dateTime: '2026-11-23T00:00:00', timeZone: 'Pacific/Auckland' } });
  const end = field({ name: 'end', value: { dateTime: '2026-11-25T00:00:00', timeZone: 'Pacific/Auckland' } });
  expect(inputOf(start, true).text).toBe('2026-11-23');
  expect(inputOf(end, true).text).toBe('2026-11-24');
  expect(valueOf(end, { ...inputOf(end, true), touched: true }, true, false)).toEqual({
    dateTime: '2026-11-25T00:00:00', timeZone: 'Pacific/Auckland',
  });
});

it('uses the user’s zone for a new time', () => {
  const value = valueOf(field({}), { text: '2026-11-23', time: '09:00', on: false, touched: true }, false, false);
  expect(value).toEqual({ dateTime: '2026-11-23T09:00:00', timeZone: userTimeZone });
});

it('does not round integers above 2^53', () => {
  const input = { text: '9007199254740993', time: '', on: false, touched: true };
  expect(valueOf(field({ type: 'integer' }), input, false, false)).toBe('9007199254740993');
});

it('complains about what cannot be sent', () => {
  const input = (text: string, time = ''): Parameters<typeof complaint>[1] => ({ text, time, on: false, touched: true });
  expect(complaint(field({ type: 'text', required: true }), input(' '), false)).not.toBeNull();
  expect(complaint(field({}), input('2026-11-23'), false)).toBe('Enter a time.');
  expect(complaint(field({}), input('2026-11-23'), true)).toBeNull();
  expect(complaint(field({ type: 'integer' }), input('1.5'), false)).not.toBeNull();
  expect(complaint(field({ type: 'json' }), input('{'), false)).not.toBeNull();
  expect(complaint(field({ type: 'duration' }), input('soon'), false)).not.toBeNull();
});
