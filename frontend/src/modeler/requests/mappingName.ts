/** A good name for what a request gives: of the library, of its path, else of its variable. Pure. */
import type { JsonObject } from '../merge';
import { urlOf } from './model';

function snake(word: string): string {
  return word.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^[^a-z]+|_+$/g, '').slice(0, 40);
}

function one(word: string): string {
  if (/ies$/.test(word) && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(sses|xes|ches|shes)$/.test(word)) return word.slice(0, -2);
  return /[^su]s$/.test(word) && !/(us|is)$/.test(word) ? word.slice(0, -1) : word;
}

const known: { [segment: string]: string } = { calendarview: 'event', me: 'person', users: 'person', people: 'person', delta: '' };

export function mappingName(value: JsonObject, path = ''): string {
  const segments = (urlOf(value) || path).split('?')[0]!.split('/').filter((part) => /^[A-Za-z][A-Za-z]*$/.test(part));
  for (const segment of segments.reverse()) {
    const name = known[segment.toLowerCase()] ?? one(snake(segment));
    if (name) return name;
  }
  return 'item';
}
