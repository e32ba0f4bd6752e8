/** What is done to documents as a whole: creating, removing, renaming, saving. Edits are sent first. */
import * as api from './api';
import type { JsonValue } from './api';
import { flush, openDocument, refreshModel, useModel } from './documents';
import { addressOfProblem } from './places';
import { say } from './toasts';

/** Adds a document to the draft. */
export async function createDocument(name: string, value: JsonValue): Promise<void> {
  await api.createDocument(name, value);
  await refreshModel();
  await openDocument(name);
}

/** Removes a document from the draft; the file goes when the draft is saved. */
export async function removeDocument(name: string): Promise<void> {
  await flush(name);
  const { open, documents } = useModel.getState();
  const revision =
    open[name]?.document?.revision ?? documents.find((entry) => entry.name === name)?.revision ?? '';
  await api.removeDocument(name, revision);
  useModel.setState((model) => {
    const { [name]: _, ...rest } = model.open;
    return { open: rest };
  });
  await refreshModel();
}

/** A new name, wherever the old one stands; says which places may still read the old one. */
export async function rename(body: api.Rename): Promise<void> {
  await flush();
  const { left } = await api.rename(body);
  await refreshModel();
  if (left.length === 0) return;
  say(left.length === 1 ? `One place may still read ${body.name}.` : `${left.length} places may still read ${body.name}.`, {
    intent: 'warning',
    links: left.map((problem) => ({
      text: [problem.file, problem.node ?? problem.field].filter(Boolean).join(': '), href: addressOfProblem(problem),
    })),
  });
}

/** Writes the draft's documents, or these of them, into the folder. */
export async function save(names: string[] | null = null): Promise<api.Saved> {
  await flush();
  const saved = await api.save(names);
  await refreshModel();
  return saved;
}

/** Drops what is not saved, of these documents or of all. */
export async function discard(names: string[] | null = null): Promise<void> {
  await flush();
  await api.discard(names);
  await refreshModel();
}

/** The files as they were after a save become the draft; nothing is written into the folder. */
export async function restore(id: string): Promise<void> {
  await flush();
  await api.restore(id);
  await refreshModel();
}
