/** Writes a Brotli file beside every text asset of the build, so that the server never compresses. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const root = fileURLToPath(new URL('../../src/graphwright/static/', import.meta.url));
const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
let files = 0;
for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
  // HTML is left out: the server writes a nonce into it for every answer.
  if (!entry.isFile() || !/\.(js|css|svg|json)$/.test(entry.name)) continue;
  const path = join(entry.parentPath, entry.name);
  writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path), options));
  files += 1;
}
console.log(`compressed ${files} files`);
