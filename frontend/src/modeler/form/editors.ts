/**
 * Editors for special values: a registry that screens extend. An editor is chosen by the value's
 * `format` (`jsonata`, `template`), by the field's name, or by a condition; the last one registered
 * goes first.
 */
import type { ComponentType } from 'react';
import type { JsonValue, ProblemWire } from '../api';
import type { JsonSchema, Shape } from './schema';

/** Where a form stands: what editors need to know to offer names. Screens may add their own. */
export interface FormContext {
  /** The document, such as `flows/calendar.yaml`. */
  document?: string;
  flow?: string;
  node?: string;
  /** The list whose fields are meant. */
  list?: string;
  [more: string]: unknown;
}

export interface FieldInfo {
  /** The property's name. */
  field: string;
  /** The dotted path in the document. */
  path: string;
  shape: Shape;
  context: FormContext;
}

export interface EditorProps extends FieldInfo {
  root: JsonSchema;
  /** undefined: not said, the fallback holds. */
  value: JsonValue | undefined;
  /** undefined takes the field out of the document. */
  onChange: (next: JsonValue | undefined, checkpoint?: string) => void;
  label: string;
  /** The label is for people who do not see it; what stands beside the input says it to the others. */
  bare?: boolean;
  hint: string;
  required: boolean;
  /** Problems of exactly this field. */
  problems: ProblemWire[];
  /** Problems of the whole document, for editors of nested values. */
  allProblems: ProblemWire[];
}

export type Editor = ComponentType<EditorProps>;

export interface Match {
  format?: string;
  field?: string | string[];
  when?: (info: FieldInfo) => boolean;
}

const registered: { match: Match; editor: Editor }[] = [];

/** All conditions of `match` must hold. Fields are matched by name only where they are texts. */
export function registerEditor(match: Match, editor: Editor): void {
  registered.unshift({ match, editor });
}

function matches({ format, field, when }: Match, info: FieldInfo): boolean {
  const { shape } = info;
  if (format !== undefined && !(shape.kind === 'text' && shape.format === format)) return false;
  if (field !== undefined) {
    if (!when && shape.kind !== 'text') return false;
    if (![field].flat().includes(info.field)) return false;
  }
  return !when || when(info);
}

export function editorFor(info: FieldInfo): Editor | undefined {
  return registered.find(({ match }) => matches(match, info))?.editor;
}
