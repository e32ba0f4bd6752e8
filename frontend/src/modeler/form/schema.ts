/**
 * Reads pydantic's JSON Schema: what kind of input each value wants. Pure; knows nothing of React and
 * of no kind of the model.
 */
import type { JsonValue } from '../api';
import { isObject } from '../merge';

export interface JsonSchema {
  [keyword: string]: JsonValue | undefined;
}

interface Common {
  title: string;
  description: string;
  /** What holds where nothing is said; undefined: nothing in particular. */
  fallback: JsonValue | undefined;
  /** Whether null is a value. */
  nullable: boolean;
  schema: JsonSchema;
}

export interface Option {
  title: string;
  description: string;
  schema: JsonSchema;
  /** The value of the discriminator, of a discriminated union. */
  tag?: string;
}

export type Shape = Common &
  (
    | { kind: 'text'; format: string; maxLength: number | undefined; pattern: string | undefined }
    | { kind: 'number'; integer: boolean; minimum: number | undefined; maximum: number | undefined }
    | { kind: 'switch' }
    | { kind: 'choice'; options: string[] }
    | { kind: 'constant'; value: JsonValue }
    | { kind: 'object'; properties: { [name: string]: JsonSchema }; required: string[] }
    | { kind: 'map'; values: JsonSchema; keyPattern: string | undefined }
    | { kind: 'list'; items: JsonSchema }
    | { kind: 'union'; options: Option[]; discriminator: string | undefined }
    | { kind: 'scalar' }
    | { kind: 'json' }
  );

const words: { [word: string]: string } = {
  id: 'ID', ids: 'IDs', url: 'URL', urls: 'URLs', html: 'HTML', json: 'JSON', api: 'API', ca: 'CA', saml: 'SAML',
};

/** `all_day` as "All day". */
export function wordsOf(name: string): string {
  const text = name
    .replace(/[_-]+/g, ' ')
    .split(' ')
    .map((word) => words[word] ?? word)
    .join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The schema itself where it is a reference to a definition of `root`. */
export function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let found = schema;
  for (let depth = 0; typeof found.$ref === 'string' && depth < 20; depth += 1) {
    const { $ref, ...beside } = found;
    const target = String($ref).replace(/^#\/?/, '').split('/').filter(Boolean);
    let at: JsonValue | undefined = root as JsonValue;
    for (const part of target) {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      at = isObject(at) ? at[key] : undefined;
    }
    found = { ...(isObject(at) ? at : {}), ...beside };
  }
  return found;
}

/** Descriptions are Markdown; where they stand as hints their code marks go. */
export function plain(text: string): string {
  return text.replaceAll('`', '');
}

const scalars = new Set(['string', 'boolean', 'integer', 'number', 'null']);
const asNumber = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const asText = (value: unknown): string => (typeof value === 'string' ? value : '');
const asSchema = (value: unknown): JsonSchema => (isObject(value) ? value : {});

function optionOf(schema: JsonSchema, root: JsonSchema, discriminator?: string): Option {
  const found = resolve(schema, root);
  const description = plain(asText(found.description));
  if (discriminator) {
    const tag = asText(asSchema(asSchema(found.properties)[discriminator]).const);
    return { title: wordsOf(tag), description, schema: found, tag };
  }
  const shape = readShape(found, root);
  const titles: { [kind: string]: string } = {
    text: 'Text', number: 'Number', switch: 'Yes or no', list: 'List', map: 'Names and values', choice: 'Choice',
    scalar: 'Value', json: 'Any value',
  };
  const title = titles[shape.kind] ?? wordsOf(asText(found.title).replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase());
  return { title, description, schema: found };
}

/** What a schema wants, with its references followed and `| None` told apart from the rest. */
export function readShape(given: JsonSchema, root: JsonSchema): Shape {
  const schema = resolve(given, root);
  const common: Common = {
    title: asText(schema.title),
    description: plain(asText(schema.description)),
    fallback: schema.default,
    nullable: false,
    schema,
  };
  const parts = schema.oneOf ?? schema.anyOf;
  if (Array.isArray(parts)) return readUnion(parts.map(asSchema), schema, root, common);
  if (Array.isArray(schema.allOf) && schema.allOf.length === 1) {
    return readShape({ ...asSchema(schema.allOf[0]), ...schema, allOf: undefined }, root);
  }
  if (schema.const !== undefined) return { ...common, kind: 'constant', value: schema.const };
  if (Array.isArray(schema.enum)) {
    return { ...common, kind: 'choice', options: schema.enum.map(String) };
  }
  switch (schema.type) {
    case 'string':
      return {
        ...common,
        kind: 'text',
        format: asText(schema.format),
        maxLength: asNumber(schema.maxLength),
        pattern: asText(schema.pattern) || undefined,
      };
    case 'integer':
    case 'number':
      return {
        ...common,
        kind: 'number',
        integer: schema.type === 'integer',
        minimum: asNumber(schema.minimum),
        maximum: asNumber(schema.maximum),
      };
    case 'boolean':
      return { ...common, kind: 'switch' };
    case 'array':
      return { ...common, kind: 'list', items: asSchema(schema.items) };
    case 'object':
      return readObject(schema, common);
    case 'null':
      return { ...common, kind: 'constant', value: null };
    default:
      return { ...common, kind: 'json' };
  }
}

/** Whether a value is one that a line of text says: a plain one, or a list of plain ones as JSON. */
function isScalar(schema: JsonSchema, root: JsonSchema): boolean {
  if (schema.type === 'array') return readShape(asSchema(schema.items), root).kind === 'scalar';
  return scalars.has(String(schema.type)) && !schema.enum;
}

function readUnion(parts: JsonSchema[], schema: JsonSchema, root: JsonSchema, common: Common): Shape {
  const full = parts.map((part) => resolve(part, root));
  const rest = full.filter(({ type }) => type !== 'null');
  const nullable = rest.length < full.length;
  if (rest.length === 1) {
    const { anyOf: _, oneOf: __, ...beside } = schema;
    return { ...readShape({ ...rest[0], ...beside }, root), nullable };
  }
  const discriminator = asText(asSchema(schema.discriminator).propertyName) || undefined;
  if (rest.every((part) => isScalar(part, root))) {
    return { ...common, nullable, kind: 'scalar' };
  }
  const options = rest.map((part) => optionOf(part, root, discriminator));
  return { ...common, nullable, kind: 'union', options, discriminator };
}

function readObject(schema: JsonSchema, common: Common): Shape {
  if (isObject(schema.properties)) {
    const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
    const properties = schema.properties as { [name: string]: JsonSchema };
    return { ...common, kind: 'object', properties, required };
  }
  const [pattern] = Object.entries(asSchema(schema.patternProperties));
  return {
    ...common,
    kind: 'map',
    keyPattern: pattern?.[0],
    values: asSchema(pattern?.[1] ?? schema.additionalProperties),
  };
}

/** Which option of a union a value is; the first where none fits. */
export function optionFor(value: JsonValue | undefined, shape: Shape, root: JsonSchema): number {
  if (shape.kind !== 'union') return 0;
  const { discriminator, options } = shape;
  const index = options.findIndex((option) => {
    if (discriminator) return isObject(value) && value[discriminator] === option.tag;
    return fits(value, readShape(option.schema, root));
  });
  return Math.max(index, 0);
}

function fits(value: JsonValue | undefined, shape: Shape): boolean {
  switch (shape.kind) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'switch':
      return typeof value === 'boolean';
    case 'choice':
      return typeof value === 'string' && shape.options.includes(value);
    case 'list':
      return Array.isArray(value);
    case 'object':
    case 'map':
      return isObject(value);
    case 'constant':
      return value === shape.value;
    default:
      return value !== undefined;
  }
}

/** A first value: what is required and nothing more. */
export function emptyValue(schema: JsonSchema, root: JsonSchema): JsonValue {
  const shape = readShape(schema, root);
  switch (shape.kind) {
    case 'text':
      return '';
    case 'number':
      return shape.minimum ?? 0;
    case 'switch':
      return false;
    case 'choice':
      return shape.options[0] ?? '';
    case 'constant':
      return shape.value;
    case 'list':
      return [];
    case 'map':
      return {};
    case 'union':
      return shape.options[0] ? emptyValue(shape.options[0].schema, root) : null;
    case 'object':
      return Object.fromEntries(
        Object.entries(shape.properties)
          .filter(([name, property]) => shape.required.includes(name) || property.const !== undefined)
          .map(([name, property]) => [name, emptyValue(property, root)]),
      );
    default:
      return '';
  }
}

/** Any JSON value as a line of text: texts as they are, unless they would read as something else. */
export function textOf(value: JsonValue | undefined): string {
  if (value === undefined) return '';
  if (typeof value !== 'string') return JSON.stringify(value, null, isObject(value) || Array.isArray(value) ? 2 : 0);
  return valueOfText(value) === value ? value : JSON.stringify(value);
}

/** What `textOf` wrote, or a person typed: JSON where it is JSON, else a text. */
export function valueOfText(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
