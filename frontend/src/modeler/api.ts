/**
 * The modeler's calls, one function each, over the shapes that the server's `modeler/wire` defines.
 * Knows nothing of React and nothing of the store.
 */
import { call, type JsonValue, keepCsrfToken } from '../http';
import type * as wire from './api.gen';

export type * from './api.gen';
export { ApiError, asApiError, isAbort, type JsonValue, userTimeZone } from '../http';

type Query = { [name: string]: string | number | undefined };

function withQuery(url: string, query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text ? `${url}?${text}` : url;
}

function at(...parts: (string | number)[]): string {
  return `/api/${parts.map((part) => encodeURIComponent(String(part))).join('/')}`;
}

function documentUrl(start: string, name: string): string {
  return at(start, ...name.split('/'));
}

// Documents

export async function getSession(): Promise<wire.SessionWire> {
  const session = await call<wire.SessionWire>('GET', '/api/session');
  keepCsrfToken(session.csrf_token);
  return session;
}

export function getModel(signal?: AbortSignal): Promise<wire.ModelWire> {
  return call('GET', '/api/model', { signal });
}

export function getDocument(name: string, signal?: AbortSignal): Promise<wire.DocumentWire> {
  return call('GET', documentUrl('documents', name), { signal });
}

export function writeDocument(
  name: string,
  body: { revision: string; value?: JsonValue; text?: string },
  keepalive = false,
): Promise<wire.DocumentWire> {
  return call('PUT', documentUrl('documents', name), { body, keepalive });
}

export function createDocument(name: string, value: JsonValue): Promise<wire.DocumentWire> {
  return call('POST', '/api/documents', { body: { name, value } });
}

export function removeDocument(name: string, revision: string): Promise<void> {
  return call('DELETE', withQuery(documentUrl('documents', name), { revision }));
}

export function rename(body: wire.Rename): Promise<wire.RenameAnswer> {
  return call('POST', '/api/rename', { body });
}

export function save(names: string[] | null = null): Promise<wire.Saved> {
  return call('POST', '/api/save', { body: { names } });
}

export function discard(names: string[] | null = null): Promise<wire.Changed> {
  return call('POST', '/api/discard', { body: { names } });
}

export function getChanges(signal?: AbortSignal): Promise<wire.Changes> {
  return call('GET', '/api/changes', { signal });
}

export function settleConflict(name: string, take: 'mine' | 'disk'): Promise<wire.DocumentWire> {
  return call('POST', documentUrl('conflicts', name), { body: { take } });
}

export function getHistory(signal?: AbortSignal): Promise<wire.History> {
  return call('GET', '/api/history', { signal });
}

export function getHistoryEntry(id: string, signal?: AbortSignal): Promise<wire.HistoryEntry> {
  return call('GET', at('history', id), { signal });
}

/** The files as they were after that save become the draft. */
export function restore(id: string): Promise<wire.Changed> {
  return call('POST', `${at('history', id)}/restore`, { body: {} });
}

export function startFromTemplate(template: string, title: string | null): Promise<void> {
  return call('POST', '/api/template', { body: { template, title } });
}

// Catalogue

export function getCatalogue(signal?: AbortSignal): Promise<wire.Catalogue> {
  return call('GET', '/api/catalogue', { signal });
}

// Profiles, accounts, secrets, sandbox

export function getGuide(profile: string, signal?: AbortSignal): Promise<wire.GuideWire> {
  return call('GET', `${at('profiles', profile)}/guide`, { signal });
}

export function testProfile(profile: string, account?: string): Promise<wire.TestOutcome> {
  return call('POST', `${at('profiles', profile)}/test`, { body: { account: account || null } });
}

export function getSignIn(id: string, signal?: AbortSignal): Promise<wire.TestOutcome> {
  return call('GET', at('sign-ins', id), { signal });
}

export function getAccounts(signal?: AbortSignal): Promise<wire.Accounts> {
  return call('GET', '/api/accounts', { signal });
}

export function removeAccount(id: string): Promise<void> {
  return call('DELETE', at('accounts', id));
}

export function getSecrets(signal?: AbortSignal): Promise<wire.Secrets> {
  return call('GET', '/api/secrets', { signal });
}

export function setSecret(name: string, value: string): Promise<void> {
  return call('PUT', at('secrets', name), { body: { value } });
}

export function removeSecret(name: string): Promise<void> {
  return call('DELETE', at('secrets', name));
}

export function getSandbox(signal?: AbortSignal): Promise<wire.SandboxWire> {
  return call('GET', '/api/sandbox', { signal });
}

export function takeSandboxApp(profile: string, body: wire.UseSandboxApp): Promise<wire.DocumentWire> {
  return call('POST', `${at('profiles', profile)}/sandbox`, { body });
}

// Tries

export function sendTry(body: wire.TryRequest, signal?: AbortSignal): Promise<wire.TryWire> {
  return call('POST', '/api/tries', { body, signal });
}

export function getTries(signal?: AbortSignal): Promise<wire.TryHistory> {
  return call('GET', '/api/tries', { signal });
}

export function getTry(id: string, signal?: AbortSignal): Promise<wire.TryWire> {
  return call('GET', at('tries', id), { signal });
}

export function nextPage(id: string, signal?: AbortSignal): Promise<wire.TryWire> {
  return call('POST', `${at('tries', id)}/next`, { body: {}, signal });
}

export function getLibrary(signal?: AbortSignal): Promise<wire.Library> {
  return call('GET', '/api/library', { signal });
}

export function askPermissions(
  body: wire.PermissionQuestion,
  signal?: AbortSignal,
): Promise<wire.PermissionAnswer> {
  return call('POST', '/api/permissions', { body, signal });
}

export function completePath(
  prefix: string,
  method: string,
  signal?: AbortSignal,
): Promise<wire.Paths> {
  return call('GET', withQuery('/api/paths', { prefix, method }), { signal });
}

export function getCode(body: wire.CodeQuestion, signal?: AbortSignal): Promise<wire.CodeAnswer> {
  return call('POST', '/api/code', { body, signal });
}

// Mappings, expressions, previews

export function addExample(text: string, title = ''): Promise<wire.Example> {
  return call('POST', '/api/examples', { body: { text, title } });
}

export function getTree(
  example: string,
  query: { pointer?: string; offset?: number; limit?: number } = {},
  signal?: AbortSignal,
): Promise<wire.Tree> {
  return call('GET', withQuery(`${at('examples', example)}/tree`, query), { signal });
}

export function infer(body: wire.InferQuestion, signal?: AbortSignal): Promise<wire.Inferred> {
  return call('POST', '/api/infer', { body, signal });
}

export function previewImport(
  body: wire.PreviewImport,
  signal?: AbortSignal,
): Promise<wire.ImportPreview> {
  return call('POST', '/api/preview-import', { body, signal });
}

export function planList(
  list: string,
  body: wire.PlanQuestion,
  signal?: AbortSignal,
): Promise<wire.PlanAnswer> {
  return call('POST', `${at('lists', list)}/plan`, { body, signal });
}

export function evaluate(
  body: wire.EvaluateQuestion,
  signal?: AbortSignal,
): Promise<wire.EvaluateAnswer> {
  return call('POST', '/api/evaluate', { body, signal });
}

export function getScope(
  query: { flow?: string; node?: string },
  signal?: AbortSignal,
): Promise<wire.Scope> {
  return call('GET', withQuery('/api/scope', query), { signal });
}

export function previewPage(body: wire.PreviewPage, signal?: AbortSignal): Promise<wire.PagePreview> {
  return call('POST', '/api/preview-page', { body, signal });
}

// Runs

export function startRun(body: wire.StartRun): Promise<wire.RunStarted> {
  return call('POST', '/api/run', { body });
}

export function getTraces(signal?: AbortSignal): Promise<wire.Traces> {
  return call('GET', '/api/traces', { signal });
}

export function getTrace(id: string, signal?: AbortSignal): Promise<wire.TraceWire> {
  return call('GET', at('traces', id), { signal });
}

export function visitAgain(trace: string, index: number, confirmed: boolean): Promise<wire.TraceWire> {
  return call('POST', `${at('traces', trace, 'visits', index)}/again`, { body: { confirmed } });
}

export function getBreakpoints(signal?: AbortSignal): Promise<wire.Breakpoints> {
  return call('GET', '/api/breakpoints', { signal });
}

export function setBreakpoints(body: wire.Breakpoints): Promise<wire.Breakpoints> {
  return call('PUT', '/api/breakpoints', { body });
}

export function resume(trace: string, how: wire.Resume['how']): Promise<wire.TraceEntry> {
  return call('POST', `${at('traces', trace)}/resume`, { body: { how } });
}
