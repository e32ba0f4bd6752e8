/**
 * A form from pydantic's JSON Schema. What is not said stays out of the value; what holds then is shown
 * as placeholder. Custom inputs come from `editors.ts`.
 */
import type { JsonValue, ProblemWire } from '../api';
import { isObject, type JsonObject } from '../merge';
import type { FormContext } from './editors';
import './AccessEditor';
import './standardEditors';
import '../expressions/editors';
import { Fields } from './groups';
import { FormField } from './FormField';
import { type JsonSchema, optionFor, readShape } from './schema';
import { useFieldOfAddress } from './useFieldOfAddress';

export type { FormContext } from './editors';
export type { JsonSchema } from './schema';

export interface SchemaFormProps<T extends object = JsonObject> {
  /** The schema of the whole value, with its `$defs`. */
  schema: JsonSchema | JsonValue;
  value: T;
  /** `checkpoint` is for `set`: edits in one field are undone together. */
  onChange: (next: T, checkpoint?: string) => void;
  /** Where the value stands in its document, such as `nodes.load_events`; absent: it is the document. */
  path?: string;
  /** The problems of the document; each is shown at its field. */
  problems?: ProblemWire[];
  context?: FormContext;
  /** Fields that are edited elsewhere. */
  hide?: string[];
  /** Fields that come first; others that are not said are folded away as "More settings". */
  order?: string[];
}

export function SchemaForm<T extends object = JsonObject>(props: SchemaFormProps<T>): React.JSX.Element {
  const { value, onChange, path = '', problems = [], context = {}, hide = [], order } = props;
  const root = (isObject(props.schema) ? props.schema : {}) as JsonSchema;
  const form = useFieldOfAddress(path);
  let shape = readShape(root, root);
  // Of a union, such as the page types, the value says which one it is; choosing another is not a field's matter.
  if (shape.kind === 'union') {
    const option = shape.options[optionFor(value as JsonObject, shape, root)];
    shape = readShape(option?.schema ?? {}, root);
  }
  const change = (next: JsonValue | undefined, checkpoint?: string): void =>
    onChange((next ?? {}) as T, checkpoint);
  return (
    <div ref={form}>
      {shape.kind === 'object' ? (
        <Fields
          properties={shape.properties}
          required={shape.required}
          value={value as JsonObject}
          onChange={change}
          allProblems={problems}
          {...{ root, path, context, hide }}
          {...(order && { order })}
        />
      ) : (
        <FormField
          field={path}
          value={value as JsonObject}
          onChange={change}
          label={shape.title}
          hint={shape.description}
          required
          problems={problems.filter(({ field }) => field === path)}
          allProblems={problems}
          {...{ root, shape, path, context }}
        />
      )}
    </div>
  );
}
