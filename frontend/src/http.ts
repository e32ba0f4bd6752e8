/**
 * What portal and modeler share of speaking with their server: the one place that calls `fetch`, its
 * errors and the CSRF token. Knows no call and nothing of React.
 */

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | JsonValue[]
  | { [key: string]: JsonValue };

/** What the server says in `{"error": …}`, or what this side knows when no answer came. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string;
  readonly requestId: string;
  readonly facts: { [name: string]: JsonValue };

  constructor(
    status: number,
    code: string,
    message: string,
    hint = '',
    requestId = '',
    facts: { [name: string]: JsonValue } = {},
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.requestId = requestId;
    this.facts = facts;
  }
}

export function asApiError(problem: unknown): ApiError {
  if (problem instanceof ApiError) return problem;
  const message = problem instanceof Error ? problem.message : String(problem);
  return new ApiError(0, 'unexpected', 'The page met an unexpected problem.', message);
}

export function isAbort(problem: unknown): boolean {
  return problem instanceof DOMException && problem.name === 'AbortError';
}

export const userTimeZone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

let csrfToken = '';

/** The token that every write carries; the session tells it. */
export function keepCsrfToken(token: string): void {
  csrfToken = token;
}

function errorFrom(status: number, body: unknown, requestId: string): ApiError {
  const error = (body as { error?: unknown } | null)?.error;
  if (error && typeof error === 'object') {
    const { code, message, hint, request_id, ...facts } = error as { [name: string]: JsonValue };
    return new ApiError(
      status,
      String(code ?? 'unexpected'),
      String(message ?? 'The server refused the request.'),
      String(hint ?? ''),
      String(request_id ?? requestId),
      facts,
    );
  }
  return new ApiError(
    status,
    'unexpected',
    `The server answered with status ${status}.`,
    'Try again. If it goes on, tell the person who runs this application.',
    requestId,
  );
}

export interface CallOptions {
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** The request outlives the page; only for small bodies. */
  keepalive?: boolean;
}

/** What an answer holds; throws a refusal, and what came in place of the server's own answer. */
function readAnswer<Answer>(status: number, text: string, requestId: string): Answer {
  let body: unknown;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    throw errorFrom(status, null, requestId);
  }
  if (status < 200 || status > 299) throw errorFrom(status, body, requestId);
  return body as Answer;
}

function offline(hint: string): ApiError {
  return new ApiError(0, 'offline', 'The server cannot be reached.', hint);
}

/** Sends a file as a body; `fetch` cannot tell how far it has come. */
export function sendFile<Answer>(
  url: string,
  file: File,
  onProgress: (part: number) => void,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', url);
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('X-Time-Zone', userTimeZone);
    request.setRequestHeader('X-CSRF-Token', csrfToken);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = (event) => {
      if (event.total > 0) onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      try {
        resolve(readAnswer(request.status, request.responseText, request.getResponseHeader('X-Request-Id') ?? ''));
      } catch (problem) {
        reject(asApiError(problem));
      }
    };
    request.onerror = () => reject(offline('Check your connection, then upload the file again.'));
    request.onabort = () => reject(new DOMException('The upload was cancelled.', 'AbortError'));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

export async function call<Answer>(method: string, url: string, options: CallOptions = {}): Promise<Answer> {
  const headers: Record<string, string> = {
    Accept: 'application/json',
    'X-Time-Zone': userTimeZone,
  };
  if (method !== 'GET') headers['X-CSRF-Token'] = csrfToken;
  const init: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store' };
  if (options.signal) init.signal = options.signal;
  if (options.keepalive) init.keepalive = true;
  if (options.body !== undefined) {
    headers['Content-Type'] = 'application/json';
    init.body = JSON.stringify(options.body);
  }
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (problem) {
    if (isAbort(problem)) throw problem;
    throw offline('Check your connection and try again. Nothing you entered is lost.');
  }
  const requestId = response.headers.get('X-Request-Id') ?? response.headers.get('request-id') ?? '';
  return readAnswer(response.status, await response.text(), requestId);
}
