/** The values that a request's expressions need to be tried out, filled in as far as they are known. */
import { useEffect, useMemo, useState } from 'react';
import { evaluate, type JsonValue } from '../api';
import type { JsonObject } from '../merge';
import { expressionsIn, firstTemplate, pathsRead, valueAt, withValue } from './bindings';
import { requestOf } from './model';

export interface TryValues {
  /** The paths, such as `range.start`, with their values. */
  paths: { path: string; value: JsonValue }[];
  /** What is sent along. */
  values: JsonObject;
  /** false while what the flow's variables say is still asked for. */
  ready: boolean;
}

async function valueOf(template: JsonValue, flow: string | undefined): Promise<JsonValue> {
  if (typeof template !== 'string' || expressionsIn(template).length === 0) return template;
  const { value, error, missing } = await evaluate({ source: template, kind: 'template', flow: flow ?? null, node: null });
  return error || missing ? '' : (value ?? '');
}

/** `typed` goes before what the flow's variables say; what nobody knows is empty. */
export function useTryValues(request: JsonObject, typed: JsonObject, variables: JsonObject, flow: string | undefined): TryValues {
  const text = JSON.stringify(requestOf(request));
  const paths = useMemo(() => pathsRead(JSON.parse(text) as JsonValue), [text]);
  const templates = JSON.stringify(paths.map((path) => [path, firstTemplate(path, variables) ?? null]));
  const [known, setKnown] = useState<{ of: string; values: JsonObject }>({ of: '[]', values: {} });
  const first = known.values;
  useEffect(() => {
    let gone = false;
    const read = async (): Promise<void> => {
      let values: JsonObject = {};
      for (const [path, template] of JSON.parse(templates) as [string, JsonValue][]) {
        values = withValue(values, path, await valueOf(template ?? '', flow).catch(() => ''));
      }
      if (!gone) setKnown({ of: templates, values });
    };
    void read();
    return () => void (gone = true);
  }, [templates, flow]);
  return useMemo(() => {
    const all = paths.map((path) => ({ path, value: valueAt(typed, path) ?? valueAt(first, path) ?? '' }));
    const values = all.reduce<JsonObject>((sum, { path, value }) => withValue(sum, path, value), {});
    return { paths: all, values, ready: known.of === templates };
  }, [paths, typed, first, known.of, templates]);
}
