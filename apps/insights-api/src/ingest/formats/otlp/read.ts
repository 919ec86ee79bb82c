import { err, ok, type Result } from '@scorpiox/shared/result';
import { BATCH_VALUES } from '../../../limits.ts';
import { countsTooMuch, type SplitProblem, tooManyItems } from '../split.ts';
import {
  type LogsRequest,
  logsRequest,
  type MetricsRequest,
  metricsRequest,
  type TracesRequest,
  tracesRequest,
} from './messages.ts';
import type { Type } from './schema.ts';
import { Allowance, Cursor, Malformed, TooManyValues } from './wire.ts';

/** The kinds of telemetry, each with the type of its requests' bodies. */
export interface Requests {
  readonly traces: TracesRequest;
  readonly logs: LogsRequest;
  readonly metrics: MetricsRequest;
}
export type Signal = keyof Requests;

const TYPES: { readonly [S in Signal]: Type<Requests[S]> } = {
  traces: tracesRequest,
  logs: logsRequest,
  metrics: metricsRequest,
};

/** A request's body in protobuf. An empty one is a request that holds nothing. */
export function readProtobuf<S extends Signal>(signal: S, body: Buffer): Result<Requests[S], SplitProblem> {
  return attempt('protobuf', () => TYPES[signal].fromWire(new Cursor(body, new Allowance(BATCH_VALUES)), 0));
}

/** A request's body in JSON. */
export function readJson<S extends Signal>(signal: S, text: string): Result<Requests[S], SplitProblem> {
  if (countsTooMuch(text)) return err(tooManyItems);
  return attempt('JSON', () => TYPES[signal].fromJson(parse(text), 0));
}

/** What SyntaxError and RangeError (nested too deeply for a reviver) say is the sender's fault alike. */
function parse(text: string): unknown {
  try {
    return LONG_INTEGER.test(text) ? JSON.parse(text, exactly) : JSON.parse(text);
  } catch {
    throw new Malformed();
  }
}

/** Nanoseconds that were written as a number: a double would round them. */
const LONG_INTEGER = /[:[,]\s*-?\d{16}/;

/** Of a number Node's JSON.parse hands over the source as well (TC39 "JSON.parse source text access"). */
function exactly(this: unknown, _key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  return context?.source !== undefined && /^-?\d{1,20}$/.test(context.source) ? BigInt(context.source) : value;
}

function attempt<T>(name: string, read: () => T): Result<T, SplitProblem> {
  try {
    return ok(read());
  } catch (error) {
    if (error instanceof TooManyValues) return err(tooManyItems);
    if (!(error instanceof Malformed)) throw error;
    return err({ code: 'malformed', message: `The body is no OTLP request in ${name}.` });
  }
}
