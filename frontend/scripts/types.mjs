/** JSON Schema on standard input becomes TypeScript on standard output; `make types` calls it. */
import { compile } from 'json-schema-to-typescript';
import { text } from 'node:stream/consumers';

const schema = JSON.parse(await text(process.stdin));
process.stdout.write(
  await compile(schema, 'Shapes', {
    bannerComment: '/* The shapes of the modeler\'s API. Written by `make types`; do not edit. */\nimport type { JsonValue } from "../api";',
    additionalProperties: false,
    unknownAny: true,
    unreachableDefinitions: false,
    style: { singleQuote: true, printWidth: 110 },
  }),
);
