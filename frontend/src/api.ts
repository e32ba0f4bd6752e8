/**
 * The portal's API: the shapes on the wire and its calls.
 * Knows nothing of React and nothing of any page type beyond its view's shape.
 */
import { call, type JsonValue, keepCsrfToken, sendFile, userTimeZone } from './http';

export { ApiError, asApiError, isAbort, type JsonValue, userTimeZone } from './http';

export type Row = { _key: string; [field: string]: JsonValue };

export interface NavigationEntry {
  title: string;
  path: string;
  icon?: string | null;
}

export interface Session {
  signed_in: boolean;
  user: { name: string | null; email: string | null } | null;
  application: { title: string; navigation: NavigationEntry[]; home: string };
  csrf_token: string;
  sign_in: { title: string; url: string }[];
  may_see_runs: boolean;
  /** Whether whoever is signed in may open the modeler from here. */
  modeler: boolean;
}

export interface PageAction {
  name: string;
  title: string;
  icon?: string | null;
  appearance?: string | null;
  on: 'page' | 'row';
  confirm?: string | null;
}

export interface Page<View = unknown> {
  name: string;
  type: string;
  title: string;
  description?: string | null;
  notice?: string | null;
  actions: PageAction[];
  /** The exits that the flow takes from this page. */
  exits?: string[];
  view: View;
}

export interface PageStep {
  kind: 'page';
  instance: string;
  step: number | string;
  path: string;
  page: Page;
  notice?: string | null;
}

export interface RedirectStep {
  kind: 'redirect';
  url: string;
}

export interface EndStep {
  kind: 'end';
  path: string;
  title: string;
  message: string;
  tone: 'success' | 'info' | 'error';
}

export type Step = PageStep | RedirectStep | EndStep;

export interface RowsAnswer {
  rows: Row[];
  total: number;
  offset: number;
}

export interface RowAnswer {
  row: Row;
  blocked_images?: number;
  /** The questions of the row's actions, by action. */
  confirm?: { [action: string]: string };
}

export interface Run {
  id: string;
  flow: string;
  who: string | null;
  started_at: string;
  duration_ms: number | null;
  way: string[];
  counts: { [name: string]: JsonValue } | null;
  error: { code?: string; message?: string; hint?: string | null } | string | null;
  status: string;
}

export interface Failure {
  code?: string;
  message?: string;
  hint?: string | null;
  place?: { node?: string };
}

/** What happened in a run; bytes are those of the wire. */
export interface RunReport {
  meter: {
    requests: number;
    retries: number;
    waited_s: number;
    bytes_in: number;
    bytes_out: number;
    pages: number;
    deferred_until: string | null;
  };
  imports: {
    [name: string]: { reasons: [where: string, why: string][]; resumed: boolean } & { [count: string]: unknown };
  };
  failures: Failure[];
}

export interface RunDetail extends Run {
  visits: { flow: string; node: string; exit: string; ms: number }[];
  report: RunReport;
}

export async function getSession(): Promise<Session> {
  const session = await call<Session>('GET', '/api/session');
  keepCsrfToken(session.csrf_token);
  return session;
}

export interface StepAddress {
  instance: string;
  step: number | string;
}

function stepUrl({ instance, step }: StepAddress): string {
  return `/api/steps/${encodeURIComponent(instance)}/${encodeURIComponent(String(step))}`;
}

export function startFlow(
  path: string,
  query: Record<string, string>,
  signal?: AbortSignal,
): Promise<Step> {
  return call('POST', '/api/start', { body: { path, time_zone: userTimeZone, query }, signal });
}

export function getStep(address: StepAddress, signal?: AbortSignal): Promise<Step> {
  return call('GET', stepUrl(address), { signal });
}

export interface Submission {
  address: StepAddress;
  exit: string;
  submission: string;
  data: JsonValue;
}

export function takeExit(what: Submission, signal?: AbortSignal): Promise<Step> {
  const { address, exit, submission, data } = what;
  return call('POST', `${stepUrl(address)}/exits/${encodeURIComponent(exit)}`, {
    body: { submission, data, time_zone: userTimeZone },
    signal,
  });
}

export interface Filter {
  field: string;
  op: 'eq' | 'ne' | 'contains' | 'starts_with' | 'gt' | 'ge' | 'lt' | 'le' | 'empty' | 'not_empty';
  value?: JsonValue;
}

export interface RowsQuery {
  part?: string | undefined;
  sort?: string | undefined;
  filter?: Filter[] | undefined;
  search?: string | undefined;
  offset?: number | undefined;
  limit?: number | undefined;
  [extra: string]: string | number | Filter[] | undefined;
}

export function rowsQueryString(query: RowsQuery): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === '') continue;
    if (Array.isArray(value)) {
      if (value.length > 0) parameters.set(name, JSON.stringify(value));
    } else parameters.set(name, String(value));
  }
  return parameters.toString();
}

export function rowsUrl(
  address: StepAddress,
  query: RowsQuery,
  format: '' | '.json' | '.csv' = '',
): string {
  const text = rowsQueryString(query);
  return `${stepUrl(address)}/rows${format}${text ? `?${text}` : ''}`;
}

export function getRows(
  address: StepAddress,
  query: RowsQuery,
  signal?: AbortSignal,
): Promise<RowsAnswer> {
  return call('GET', rowsUrl(address, query), { signal });
}

export function rowUrl(address: StepAddress, key: string): string {
  return `${stepUrl(address)}/rows/${encodeURIComponent(key)}`;
}

export function getRow(
  address: StepAddress,
  key: string,
  query: { part?: string; images?: 0 | 1 } = {},
  signal?: AbortSignal,
): Promise<RowAnswer> {
  const text = rowsQueryString(query);
  return call('GET', `${rowUrl(address, key)}${text ? `?${text}` : ''}`, { signal });
}

/** Where the content of a row's file is saved from. */
export function fileUrl(address: StepAddress, key: string, field?: string): string {
  const ofField = field === undefined ? '' : `&field=${encodeURIComponent(field)}`;
  return `${stepUrl(address)}/file?key=${encodeURIComponent(key)}${ofField}`;
}

export function uploadFile(
  address: StepAddress,
  file: File,
  onProgress: (part: number) => void,
  signal: AbortSignal,
): Promise<{ name: string }> {
  return sendFile(`${stepUrl(address)}/file?name=${encodeURIComponent(file.name)}`, file, onProgress, signal);
}

export function getRuns(signal?: AbortSignal): Promise<{ runs: Run[] }> {
  return call('GET', '/api/runs', { signal });
}

export function getRun(id: string, signal?: AbortSignal): Promise<RunDetail> {
  return call('GET', `/api/runs/${encodeURIComponent(id)}`, { signal });
}

/** A link that opens the modeler once. */
export function openModeler(): Promise<{ url: string }> {
  return call('POST', '/api/modeler', { body: {} });
}

export function signOut(): Promise<{ url: string }> {
  return call('POST', '/auth/sign-out', { body: {} });
}
