import { ok } from '@scorpiox/shared/result';
import type { Format, Items } from '../format.ts';
import { logItems, metricItems, traceItems } from './items.ts';
import { type Requests, readJson, readProtobuf, type Signal } from './read.ts';

/** The two spellings of OTLP's bodies, and of its answers. */
export type Spelling = 'json' | 'protobuf';

const ITEMS: { readonly [S in Signal]: (request: Requests[S]) => ReturnType<typeof traceItems> } = {
  traces: traceItems,
  logs: logItems,
  metrics: metricItems,
};

/** The format of a kind of telemetry in one of the spellings. */
export function otlpFormat<S extends Signal>(signal: S, spelling: Spelling): Format {
  const toItems = (request: ReturnType<typeof readJson<S>>): Items =>
    request.ok ? ok(ITEMS[signal](request.value)) : request;
  if (spelling === 'json') return { body: 'text', read: (text) => toItems(readJson(signal, text)) };
  return { body: 'bytes', read: (bytes) => toItems(readProtobuf(signal, bytes)) };
}
