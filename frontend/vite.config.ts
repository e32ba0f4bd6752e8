/**
 * How the browser part is built: one entry per HTML page, into the Python package's `static/`.
 * The page types' views lie beside their Python files and are picked up by a glob, so their bare
 * imports are resolved as if they lay in this folder.
 */
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));
const pageTypes = fileURLToPath(new URL('../src/graphwright/page_types/', import.meta.url));
const backend = process.env.GRAPHWRIGHT_DEV_BACKEND ?? 'http://127.0.0.1:8000';

function resolvePageTypeImports(): Plugin {
  return {
    name: 'page-type-imports',
    enforce: 'pre',
    async resolveId(source, importer, options) {
      if (!importer?.startsWith(pageTypes) || /^[./\0]|^@graphwright\//.test(source)) return null;
      return this.resolve(source, `${here}src/portal/main.tsx`, { ...options, skipSelf: true });
    },
  };
}

export default defineConfig({
  root: here,
  plugins: [resolvePageTypeImports(), react()],
  resolve: { alias: { '@graphwright': `${here}src` }, dedupe: ['react', 'react-dom'] },
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: fileURLToPath(new URL('../src/graphwright/static/', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      input: { portal: `${here}portal.html`, modeler: `${here}modeler.html` },
      // What many screens share is gathered in a few files: one screen was made of seventy.
      output: {
        codeSplitting: {
          groups: [
            { name: 'fluent', test: /node_modules[\\/](@fluentui|@griffel|react|tabster|keyborg)/, minShareCount: 5 },
            { name: 'editor', test: /node_modules[\\/](@codemirror|@lezer)/, minShareCount: 2 },
            { name: 'own', test: /frontend[\\/]src[\\/](?!modeler)/, minShareCount: 3 },
          ],
        },
      },
    },
  },
  server: {
    port: 5173,
    fs: { allow: [here, pageTypes] },
    proxy: { '/api': backend, '/auth': backend },
  },
});
