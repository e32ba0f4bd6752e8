/** Next steps that make documents: an import from the last answer, a page for a list, a form. */
import type { JsonValue } from '../../api';
import { createDocument } from '../actions';
import * as api from '../api';
import { openDocument, useModel } from '../documents';
import { freeName, type NodeValue } from './model';
import { newImport, newPageNode } from './nextSteps';
import { proposePage, singular, titleOf } from './proposals';

/** Short names of the documents of some folders. */
function takenIn(...folders: string[]): { [name: string]: true } {
  return Object.fromEntries(
    useModel.getState().documents.flatMap(({ name }) => {
      const [folder, file] = name.split('/');
      return file && folders.includes(folder!) ? [[file.replace(/\.yaml$/, ''), true as const]] : [];
    }),
  );
}

function listName(text: string): string {
  return text.replace(/-/g, '_');
}

/** The last try of a node that brought a document, or null. */
export async function lastTry(flow: string, node: string): Promise<api.TryWire | null> {
  const { tries } = await api.getTries();
  return tries.find((each) => each.flow === flow && each.node === node && each.example !== null) ?? null;
}

/** Makes list and import from the last answer of a request; the node that imports it, and its name. */
export async function makeImport(
  request: NodeValue,
  example: string,
): Promise<{ name: string; node: NodeValue }> {
  const library = (await api.getLibrary()).requests.find(
    (ready) => (ready.request as { url?: unknown } | null)?.url === request.url && ready.import_name,
  );
  const wanted = library?.import_name ?? singular(String(request.response ?? 'item'));
  const name = listName(freeName(takenIn('lists', 'imports'), wanted === 'response' ? lastSegment(request.url) : wanted));
  const inferred = await api.infer({ example, name });
  for (const [list, value] of Object.entries(inferred.lists)) await createDocument(`lists/${list}.yaml`, value as JsonValue);
  for (const [each, value] of Object.entries(inferred.imports)) await createDocument(`imports/${each}.yaml`, value as JsonValue);
  const importName = Object.keys(inferred.imports)[0] ?? name;
  const list = (inferred.imports[importName] as { list?: string } | undefined)?.list ?? name;
  const fields = (inferred.lists[list] as { fields?: { [field: string]: JsonValue } } | undefined)?.fields ?? {};
  return { name: `import_${importName}`, node: newImport(request, importName, fields) };
}

function lastSegment(url: unknown): string {
  const words = String(url).split(/[/?]/).filter((part) => /^[A-Za-z]+$/.test(part));
  return singular((words.at(-1) ?? 'item').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

async function readList(list: string): Promise<JsonValue> {
  await openDocument(`lists/${list}.yaml`);
  return (useModel.getState().open[`lists/${list}.yaml`]?.value ?? {}) as JsonValue;
}

/** Makes the page that fits a list; the node that shows it, and its name. */
export async function makePage(list: string, request: string | null): Promise<{ name: string; node: NodeValue }> {
  const page = proposePage(list, await readList(list));
  const name = freeName(takenIn('pages'), page.type === 'calendar' ? 'calendar' : list);
  await createDocument(`pages/${name}.yaml`, page);
  return { name: `show_${name}`, node: newPageNode(name, page, request) };
}

/** Makes a form over a list; the node that shows it, and its name. */
export async function makeForm(list: string, exit: string): Promise<{ name: string; node: NodeValue }> {
  const name = freeName(takenIn('pages'), `${exit === 'default' ? 'new' : exit}_${list}`);
  await createDocument(`pages/${name}.yaml`, { type: 'form', title: titleOf(name), list });
  return { name, node: { type: 'page', page: name, outputs: { submit: 'values' } } };
}
