import { describe, expect, it } from 'vitest';
import type { ScopeName } from '../api.gen';
import { offersAt, placeAt } from './places';

const leaf = (name: string): ScopeName => ({ name, kind: 'text', summary: '', example: 'x', children: [] });
const names: ScopeName[] = [
  { ...leaf('range'), children: [leaf('start'), leaf('end')] },
  { ...leaf('event'), children: [leaf('@odata.etag'), leaf('subject')] },
];
const functions = [{ name: '$now', signature: '$now()', summary: 'The time.' }];
const labels = (text: string, kind: 'expression' | 'template' = 'expression'): string[] =>
  offersAt(placeAt(text, text.length, kind), names, functions).map((one) => one.label);

describe('what can stand at a place', () => {
  it('offers variables and functions at the start of an expression', () => {
    expect(labels('')).toEqual(['range', 'event', '$now']);
    expect(labels('$string(ra')).toEqual(['range', 'event', '$now']);
  });
  it('offers what lies below a path', () => {
    expect(labels('range.')).toEqual(['start', 'end']);
    expect(labels('1 + range.st')).toEqual(['start', 'end']);
    expect(labels('nothing.')).toEqual([]);
  });
  it('offers functions behind a dollar', () => {
    expect(labels('event & $n')).toEqual(['$now']);
  });
  it('offers nothing outside of an expression and inside of a string', () => {
    expect(labels('Dear ', 'template')).toEqual([]);
    expect(labels('{{ range.start }} to ', 'template')).toEqual([]);
    expect(labels('{{{{ range.', 'template')).toEqual([]);
    expect(labels("'range.")).toEqual([]);
  });
  it('finds its place inside of a template', () => {
    expect(labels('From {{ range.', 'template')).toEqual(['start', 'end']);
    expect(labels('{{ a }} {{ ', 'template')).toEqual(['range', 'event', '$now']);
  });
  it('quotes names that are no plain words', () => {
    const [first] = offersAt(placeAt('event.', 6, 'expression'), names, functions);
    expect(first?.apply).toBe('`@odata.etag`');
  });
  it('replaces only what was typed of the last name', () => {
    expect(placeAt('range.st', 8, 'expression')).toEqual({ kind: 'path', from: 6, parents: ['range'], text: 'st' });
    expect(placeAt('`a b`.st', 8, 'expression')).toMatchObject({ parents: ['a b'], from: 6 });
  });
});
