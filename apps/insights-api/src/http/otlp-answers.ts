import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Spelling } from '../ingest/formats/otlp/format.ts';
import type { Signal } from '../ingest/formats/otlp/read.ts';
import type { BatchOutcome } from '../ingest/pipeline/pipeline.ts';
import { RETRY_AFTER_SECONDS } from '../limits.ts';
import type { ApiError } from './errors.ts';

/*
 * What OTLP/HTTP is answered (opentelemetry.io/docs/specs/otlp/#otlphttp-response), in the type that was asked in: nothing
 * or a partial success with 200, google.rpc.Status with everything else. Senders try again after 429, 502, 503 and 504
 * only, so those alone come with Retry-After.
 */

const TYPES: Readonly<Record<Spelling, string>> = {
  json: 'application/json',
  protobuf: 'application/x-protobuf',
};

/** The spelling that a request's content type names; undefined where it is none of OTLP's. */
export function spellingOf(request: FastifyRequest): Spelling | undefined {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type === TYPES.json) return 'json';
  return type === TYPES.protobuf || type === 'application/protobuf' ? 'protobuf' : undefined;
}

const REJECTED: Readonly<Record<Signal, string>> = {
  traces: 'rejectedSpans',
  logs: 'rejectedLogRecords',
  metrics: 'rejectedDataPoints',
};

/** 200: everything was taken, or all but some. A duplicate was taken. */
export function sendOutcome(
  reply: FastifyReply,
  spelling: Spelling,
  signal: Signal,
  { drops }: BatchOutcome,
): FastifyReply {
  const rejected = drops.length;
  const errorMessage = describe(drops.map(({ message }) => message));
  if (spelling === 'json') {
    const partialSuccess = { [REJECTED[signal]]: String(rejected), errorMessage };
    return send(reply, spelling, Buffer.from(JSON.stringify(rejected === 0 ? {} : { partialSuccess })));
  }
  const partial = [...varintField(1, rejected), ...textField(2, errorMessage)];
  return send(reply, spelling, Buffer.from(rejected === 0 ? [] : bytesField(1, partial)));
}

/** Messages that are told at most: a batch's mistakes are one or two, many times over. */
const MESSAGES = 5;

function describe(messages: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const message of messages) counts.set(message, (counts.get(message) ?? 0) + 1);
  return [...counts]
    .slice(0, MESSAGES)
    .map(([message, count]) => `${count} × ${message}`)
    .join(' ');
}

/** google.rpc.Code of an HTTP status. */
const CODES: Readonly<Record<number, number>> = { 401: 16, 403: 7, 404: 5, 413: 8, 429: 8, 500: 13, 503: 14 };
const INVALID_ARGUMENT = 3;

/** An error as google.rpc.Status. */
export function sendStatus(reply: FastifyReply, spelling: Spelling, error: ApiError): FastifyReply {
  const code = CODES[error.status] ?? INVALID_ARGUMENT;
  if (error.isRetriable) reply.header('retry-after', String(error.retryAfter ?? RETRY_AFTER_SECONDS));
  const body =
    spelling === 'json'
      ? Buffer.from(JSON.stringify({ code, message: error.message }))
      : Buffer.from([...varintField(1, code), ...textField(2, error.message)]);
  return send(reply.code(error.status), spelling, body);
}

const send = (reply: FastifyReply, spelling: Spelling, body: Buffer): FastifyReply =>
  reply.type(TYPES[spelling]).send(body);

// Writing protobuf: the two answers need three kinds of fields.
const varint = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]);
const varintField = (field: number, value: number): number[] => [(field << 3) | 0, ...varint(value)];
const bytesField = (field: number, bytes: readonly number[]): number[] => [
  (field << 3) | 2,
  ...varint(bytes.length),
  ...bytes,
];
const textField = (field: number, text: string): number[] => bytesField(field, [...Buffer.from(text)]);
