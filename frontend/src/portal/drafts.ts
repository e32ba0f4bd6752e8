/**
 * What a person had entered when the session ended, kept in this tab until they are signed in again.
 * Bound to the person: somebody else who signs in here never sees it.
 */
import type { JsonValue, Page, Session } from '../api';

type Values = { [field: string]: JsonValue };

function storageKey(path: string, page: string): string {
  return `graphwright.draft:${path}:${page}`;
}

function owner(session: Session): string {
  return session.user?.email ?? session.user?.name ?? '';
}

/** Keeps the values of a form, but not those of secret fields: they are typed again. */
export function keepDraft(session: Session, path: string, page: Page, data: JsonValue): void {
  const values = (data as { values?: Values } | null)?.values;
  if (!values || !owner(session)) return;
  const fields = (page.view as { fields?: { name: string; secret?: boolean }[] }).fields ?? [];
  const secret = new Set(fields.filter((field) => field.secret).map(({ name }) => name));
  const kept = Object.fromEntries(Object.entries(values).filter(([name]) => !secret.has(name)));
  sessionStorage.setItem(storageKey(path, page.name), JSON.stringify({ owner: owner(session), values: kept }));
}

export function readDraft(session: Session, path: string, page: string): Values | null {
  const text = sessionStorage.getItem(storageKey(path, page));
  if (!text || !session.signed_in) return null;
  const draft = JSON.parse(text) as { owner: string; values: Values };
  if (draft.owner === owner(session)) return draft.values;
  dropDraft(path, page);
  return null;
}

export function dropDraft(path: string, page: string): void {
  sessionStorage.removeItem(storageKey(path, page));
}
