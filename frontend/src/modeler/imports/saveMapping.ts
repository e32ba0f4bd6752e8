/** Keeps a mapping as drafts: new documents, or what is there brought up to it. */
import { createDocument } from '../actions';
import { flush, openDocument, setDocument, useModel } from '../documents';
import type { JsonObject } from '../merge';
import { documentName } from '../places';
import { type Mapping, mergeList } from './mapping';

function isThere(document: string): boolean {
  return useModel.getState().documents.some(({ name }) => name === document);
}

async function keep(document: string, value: JsonObject, merge: (existing: JsonObject) => JsonObject): Promise<void> {
  if (!isThere(document)) {
    await createDocument(document, value);
    return;
  }
  await openDocument(document);
  setDocument(document, merge(useModel.getState().open[document]?.value ?? {}), { checkpoint: 'mapping' });
  await flush(document);
}

/** Lists come first, for the import names them. */
export async function saveMapping(name: string, mapping: Mapping): Promise<void> {
  for (const [list, value] of Object.entries(mapping.lists)) {
    await keep(documentName('list', list), value, (existing) => mergeList(existing, value));
  }
  await keep(documentName('import', name), mapping.import, () => mapping.import);
}
