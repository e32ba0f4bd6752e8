/**
 * Where in a text the cursor stands: outside of an expression, on a path, or on a function's name.
 * Pure; knows no editor.
 */
import type { FunctionWire, ScopeName } from '../api.gen';

export type SourceKind = 'expression' | 'template';

export type Place =
  | { kind: 'outside' }
  | { kind: 'function'; from: number; text: string }
  | { kind: 'path'; from: number; parents: string[]; text: string };

const name = '(?:[\\p{L}_][\\p{L}\\p{N}_]*|`[^`]*`)';
const pathBefore = new RegExp(`(?:^|[^\\p{L}\\p{N}_$.\`])((?:${name}\\s*\\.\\s*)*)([\\p{L}_][\\p{L}\\p{N}_]*)?$`, 'u');
const functionBefore = /\$(\w*)$/;

/** The part of a text that is an expression and ends at the position; null outside of one. */
export function expressionBefore(text: string, position: number, kind: SourceKind): string | null {
  const before = text.slice(0, position);
  if (kind === 'expression') return before;
  const open = before.lastIndexOf('{{');
  if (open < 0 || before.indexOf('}}', open) >= 0) return null;
  // Four braces stand for two that are text.
  return before.slice(Math.max(0, open - 2), open) === '{{' ? null : before.slice(open + 2);
}

function insideString(expression: string): boolean {
  let quote = '';
  for (let at = 0; at < expression.length; at += 1) {
    const char = expression[at]!;
    if (quote && char === '\\') at += 1;
    else if (quote) quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
  }
  return quote !== '';
}

export function placeAt(text: string, position: number, kind: SourceKind): Place {
  const expression = expressionBefore(text, position, kind);
  if (expression === null || insideString(expression)) return { kind: 'outside' };
  const called = functionBefore.exec(expression);
  if (called) return { kind: 'function', from: position - called[0].length, text: called[1]! };
  const path = pathBefore.exec(expression);
  if (!path) return { kind: 'outside' };
  const typed = path[2] ?? '';
  const parents = [...(path[1] ?? '').matchAll(new RegExp(name, 'gu'))].map(([one]) => one.replaceAll('`', ''));
  return { kind: 'path', from: position - typed.length, parents, text: typed };
}

export interface Offer {
  label: string;
  /** What is put in; names that are no plain words stand in backquotes. */
  apply: string;
  detail: string;
  info: string;
  type: 'variable' | 'property' | 'function';
}

function short(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function below(names: ScopeName[], parents: string[]): ScopeName[] {
  return parents.reduce((level, parent) => level.find((one) => one.name === parent)?.children ?? [], names);
}

/** What can stand at a place, all of it: the editor filters by what was typed. */
export function offersAt(place: Place, names: ScopeName[], functions: FunctionWire[]): Offer[] {
  if (place.kind === 'outside') return [];
  const ofFunctions = functions.map((one) => ({
    label: one.name,
    apply: `${one.name}(`,
    detail: one.signature,
    info: one.summary,
    type: 'function' as const,
  }));
  if (place.kind === 'function') return ofFunctions;
  const found = below(names, place.parents).map((one) => ({
    label: one.name,
    apply: /^[\p{L}_][\p{L}\p{N}_]*$/u.test(one.name) ? one.name : `\`${one.name}\``,
    detail: one.kind,
    info: [one.summary, short(one.example)].filter(Boolean).join('\n'),
    type: place.parents.length > 0 ? ('property' as const) : ('variable' as const),
  }));
  return place.parents.length > 0 ? found : [...found, ...ofFunctions];
}
