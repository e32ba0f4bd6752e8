/** Next steps that make documents: an import from the last answer, a page for a list, a form. */
import type { JsonValue } from '../../api';
import { createDocument } from '../actions';
import * as api from '../api';
import { openDocument, useModel } from '../documents';
import type { JsonObject } from '../merge';
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

/** What the import of a request's answer is called best; empty: what its items are. */
export async function nameOfImport(request: NodeValue): Promise<string> {
  // The library only knows a good name; without it the response's is taken.
  const { requests } = await api.getLibrary().catch(() => ({ requests: [] as api.LibraryRequest[] }));
  const library = requests.find(
    (ready) => (ready.request as { url?: unknown } | null)?.url === request.url && ready.import_name,
  );
  const response = typeof request.response === 'string' && !/^response/.test(request.response) ? singular(request.response) : '';
  return listName(library?.import_name ?? response);
}

/** Makes list and import from the last answer of a request; the node that imports it, and its name. */
export async function makeImport(
  request: NodeValue,
  example: string,
): Promise<{ name: string; node: NodeValue }> {
  const taken = takenIn('lists', 'imports');
  let inferred = await api.infer({ example, name: await nameOfImport(request) });
  if (inferred.name in taken) inferred = await api.infer({ example, name: listName(freeName(taken, inferred.name)) });
  for (const [list, value] of Object.entries(inferred.lists)) await createDocument(`lists/${list}.yaml`, value as JsonValue);
  for (const [each, value] of Object.entries(inferred.imports)) await createDocument(`imports/${each}.yaml`, value as JsonValue);
  proposedPages.set(inferred.name, inferred.page.value as JsonObject);
  return { name: `import_${inferred.name}`, node: newImport(request, inferred.name, inferred.within) };
}

/** The pages that went with lists made in this window. */
const proposedPages = new Map<string, JsonObject>();

/** The page that goes with a list: used where "Show on a page" is chosen for it. */
export function rememberPage(list: string, page: JsonValue): void {
  proposedPages.set(list, page as JsonObject);
}

async function readList(list: string): Promise<JsonValue> {
  await openDocument(`lists/${list}.yaml`);
  return (useModel.getState().open[`lists/${list}.yaml`]?.value ?? {}) as JsonValue;
}

/** Makes the page that fits a list; the node that shows it, and its name. */
export async function makePage(list: string, request: string | null): Promise<{ name: string; node: NodeValue }> {
  const page = proposedPages.get(list) ?? proposePage(list, await readList(list));
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
