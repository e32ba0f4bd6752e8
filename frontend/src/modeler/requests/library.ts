/** Searching the ready requests, and putting one into an editor. Pure. */
import type { LibraryRequest } from '../api';
import { isObject, type JsonObject } from '../merge';
import { profileOf, requestOf, withProfile } from './model';

function textOf(request: LibraryRequest): string {
  const { title, workload, delegated, application } = request;
  const { method, url } = isObject(request.request) ? request.request : {};
  return [title, workload, method, url, ...delegated, ...application].join(' ').toLowerCase();
}

/** Those that hold every word, by workload, in the library's order. */
export function searchLibrary(requests: LibraryRequest[], query: string): { workload: string; requests: LibraryRequest[] }[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, LibraryRequest[]>();
  for (const request of requests) {
    const text = textOf(request);
    if (!words.every((word) => text.includes(word))) continue;
    groups.set(request.workload, [...(groups.get(request.workload) ?? []), request]);
  }
  return [...groups].map(([workload, found]) => ({ workload, requests: found }));
}

/**
 * A node (or the scratch pad) with a ready request in it: title, exits and profile stay; without a
 * profile it gets `profile`, and a node without a response variable gets one.
 */
export function withReady(value: JsonObject, ready: LibraryRequest, profile: string | null): JsonObject {
  const request = isObject(ready.request) ? requestOf(ready.request) : {};
  const old = requestOf(value);
  const kept = Object.fromEntries(Object.entries(value).filter(([field]) => !(field in old)));
  const { exits, response, ...head } = kept;
  const { authentication: own, ...rest } = request;
  const authentication = value.authentication ?? own;
  const isNode = value.type === 'http_request';
  const reads = (request.method ?? 'GET') === 'GET';
  const next: JsonObject = {
    ...head,
    ...(isNode && !value.title && { title: ready.title }),
    ...rest,
    ...(authentication !== undefined && { authentication }),
    ...(response !== undefined ? { response } : isNode && reads ? { response: 'response' } : {}),
    ...(exits !== undefined && { exits }),
  };
  return profile !== null && profileOf(next) === null ? withProfile(next, profile) : next;
}
