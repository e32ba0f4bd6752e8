/** Sizes and durations at the edges of their units. */
import { expect, test } from 'vitest';
import { durationText, sizeText } from './amounts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [1_500_000, '1.5 MB'],
  [2_000_000_000_000, '2000.0 GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});

test.each([
  [0, '0 ms'],
  [12.4, '12 ms'],
  [1500, '1.5 s'],
])('%d milliseconds are %s', (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text);
});
