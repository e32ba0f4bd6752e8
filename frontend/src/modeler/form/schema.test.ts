import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { emptyValue, type JsonSchema, optionFor, readShape, textOf, valueOfText, wordsOf } from './schema';

const root: JsonSchema = {
  $defs: {
    Basic: { type: 'object', properties: { type: { const: 'basic' }, user: { type: 'string' } }, required: ['type', 'user'] },
    None: { type: 'object', properties: { type: { const: 'none' } }, required: ['type'] },
  },
};
const both: JsonSchema = {
  discriminator: { propertyName: 'type' },
  oneOf: [{ $ref: '#/$defs/None' }, { $ref: '#/$defs/Basic' }],
};

test('a value that may be null is read as what it else is', () => {
  const shape = readShape(
    { anyOf: [{ type: 'string', format: 'template' }, { type: 'null' }], default: null, description: 'A `hint`.' },
    root,
  );
  expect(shape).toMatchObject({ kind: 'text', format: 'template', nullable: true, fallback: null, description: 'A hint.' });
});

test('a reference is followed, and what stands beside it holds', () => {
  const shape = readShape({ $ref: '#/$defs/Basic', description: 'Who.' }, root);
  expect(shape).toMatchObject({ kind: 'object', description: 'Who.', required: ['type', 'user'] });
});

test('a discriminated union offers its options by their type and finds a value’s own', () => {
  const shape = readShape(both, root);
  if (shape.kind !== 'union') throw new Error(shape.kind);
  expect(shape.options.map(({ tag, title }) => [tag, title])).toEqual([
    ['none', 'None'],
    ['basic', 'Basic'],
  ]);
  expect(optionFor({ type: 'basic', user: 'x' }, shape, root)).toBe(1);
  expect(emptyValue(shape.options[1]!.schema, root)).toEqual({ type: 'basic', user: '' });
});

test('a union without discriminator is told by the kind of value', () => {
  const shape = readShape({ anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] }, root);
  expect(optionFor(['a'], shape, root)).toBe(1);
  expect(optionFor('a', shape, root)).toBe(0);
});

test('a map’s values come from patterns of names or from further properties', () => {
  const named = { type: 'object', patternProperties: { '^[a-z]+$': { type: 'integer' } } };
  expect(readShape(named, root)).toMatchObject({ kind: 'map', keyPattern: '^[a-z]+$', values: { type: 'integer' } });
  expect(readShape({ type: 'object', additionalProperties: { type: 'string' } }, root)).toMatchObject({
    kind: 'map',
    values: { type: 'string' },
  });
});

test('several plain types, also with lists of them, are one scalar; anything else is any JSON', () => {
  const list = { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'null' }, { type: 'number' }] } };
  expect(readShape({ anyOf: [{ type: 'string' }, list, { type: 'null' }] }, root).kind).toBe('scalar');
  expect(readShape({ anyOf: [{ type: 'string' }, { type: 'integer' }, { type: 'null' }] }, root).kind).toBe('scalar');
  expect(readShape({ description: 'Anything.' }, root).kind).toBe('json');
});

test('a reference in a circle or to nothing ends', () => {
  const circle: JsonSchema = { $defs: { A: { $ref: '#/$defs/A' } } };
  expect(readShape({ $ref: '#/$defs/A' }, circle).kind).toBe('json');
  expect(readShape({ $ref: '#/$defs/Missing' }, root).kind).toBe('json');
});

test.each([['text'], ['5'], [5], [true], ['true'], [null], ['null'], [''], [{ a: [1] }], ['{"a":1}']])(
  'a value typed as text is the same value again: %j',
  (value) => {
    expect(valueOfText(textOf(value))).toEqual(value);
  },
);

test('names are read as words', () => {
  expect([wordsOf('all_day'), wordsOf('client_id'), wordsOf('url')]).toEqual(['All day', 'Client ID', 'URL']);
});

const folder = fileURLToPath(new URL('../../../../examples/my-day/.schema/', import.meta.url));

/** Every property of a schema and of its definitions, with where it stands. */
function properties(schema: JsonSchema): [string, JsonSchema][] {
  const objects = [['', schema], ...Object.entries((schema.$defs ?? {}) as { [name: string]: JsonSchema })] as const;
  return objects.flatMap(([name, object]) =>
    Object.entries((object.properties ?? {}) as { [name: string]: JsonSchema }).map(
      ([key, property]): [string, JsonSchema] => [`${name}.${key}`, property],
    ),
  );
}

test.each(['app', 'profile', 'flow', 'list', 'page', 'import'])('every field of a %s has an input of its kind', (name) => {
  const schema = JSON.parse(readFileSync(`${folder}${name}.json`, 'utf-8')) as JsonSchema;
  const found = properties(schema);
  expect(found.length).toBeGreaterThan(3);
  for (const [path, property] of found) {
    const isFree = !['type', 'anyOf', 'oneOf', '$ref', 'enum', 'const', 'allOf'].some((word) => word in property);
    expect([path, readShape(property, schema).kind === 'json']).toEqual([path, isFree]);
  }
});
