/** What the expression editor asks the server, remembered for as long as it cannot have changed. */
import type { JsonValue } from '../../api';
import * as api from '../api';
import { type EvaluateAnswer, type EvaluateQuestion, type FunctionWire, getCatalogue, getScope, type ScopeName } from '../api';
import { flush } from '../documents';
import { onEvent } from '../events';
import { documentName } from '../places';

/** The server knows a node once it has the edit that made it. */
async function sendEdits(flow: string | null | undefined): Promise<void> {
  if (flow) await flush(documentName('flow', flow));
}

export async function evaluate(question: EvaluateQuestion, signal: AbortSignal): Promise<EvaluateAnswer> {
  await sendEdits(question.flow);
  return api.evaluate(question, signal);
}

let functions: Promise<FunctionWire[]> | null = null;

export function functionsOf(): Promise<FunctionWire[]> {
  functions ??= getCatalogue().then((catalogue) => catalogue.functions);
  functions.catch(() => (functions = null));
  return functions;
}

const scopes = new Map<string, Promise<ScopeName[]>>();
for (const kind of ['documents', 'trace', 'try'] as const) onEvent(kind, () => scopes.clear());

function described(name: string, value: JsonValue, depth = 0): ScopeName {
  const inner = Array.isArray(value) ? value[0] : value;
  const children =
    depth < 6 && inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.entries(inner).map(([key, one]) => described(key, one, depth + 1))
      : [];
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return { name, kind, summary: '', example: children.length > 0 ? null : value, children };
}

/** The names an expression at a node may read; given values stand before them. */
export async function scopeOf(
  flow: string | undefined,
  node: string | undefined,
  values: { [name: string]: JsonValue } | undefined,
): Promise<ScopeName[]> {
  const key = `${flow ?? ''}\n${node ?? ''}`;
  let asked = scopes.get(key);
  if (!asked) {
    asked = sendEdits(flow)
      .then(() => getScope({ ...(flow ? { flow } : {}), ...(node ? { node } : {}) }))
      .then((scope) => scope.names);
    scopes.set(key, asked);
    asked.catch(() => scopes.delete(key));
  }
  const given = Object.entries(values ?? {}).map(([name, value]) => described(name, value));
  const taken = new Set(given.map((one) => one.name));
  return [...given, ...(await asked).filter((one) => !taken.has(one.name))];
}
