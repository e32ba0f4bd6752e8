/** Which documents name a document: where each kind is named, found in their values. Pure. */
import type { JsonValue } from './api';
import type { Kind } from './documents';
import { isObject } from './merge';

export interface Reference {
  document: string;
  /** The dotted path of the name. */
  path: string;
}

/** The fields whose text is the name of a document of the kind. */
const fieldsOf: { [kind in Kind]?: string[] } = {
  profile: ['profile', 'sign_on'],
  list: ['list', 'parent'],
  import: ['import'],
  page: ['page'],
  flow: ['flow', 'home'],
};

export function findReferences(
  kind: Kind,
  name: string,
  documents: { name: string; value: JsonValue }[],
): Reference[] {
  const fields = fieldsOf[kind] ?? [];
  const found: Reference[] = [];
  const walk = (document: string, value: JsonValue | undefined, path: string): void => {
    if (Array.isArray(value)) value.forEach((item, index) => walk(document, item, `${path}.${index}`));
    if (!isObject(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      const at = path ? `${path}.${key}` : key;
      if (inner === name && fields.includes(key)) found.push({ document, path: at });
      // The child lists of an import are named by the keys of `children`.
      if (kind === 'list' && key === 'children' && isObject(inner) && name in inner) {
        found.push({ document, path: `${at}.${name}` });
      }
      walk(document, inner, at);
    }
  };
  for (const { name: document, value } of documents) walk(document, value, '');
  return found;
}
