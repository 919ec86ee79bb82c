import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Connection } from './connection-string.ts';
import { GZIP_FROM_BYTES, LONGEST_RETRY_AFTER_MS, MAX_ANSWER_BYTES } from './limits.ts';

// One request and what its answer means. Nothing here waits, retries or counts: client.ts does.

/** What became of a batch. */
export type SendOutcome =
  /** Stored but for the events at `refused` (places in the batch), for ever. */
  | { readonly kind: 'delivered'; readonly refused: ReadonlySet<number> }
  /** Nobody knows; the same again, not before `retryAfterMs`. */
  | { readonly kind: 'retry'; readonly reason: string; readonly retryAfterMs: number }
  /** It would be refused again and again. */
  | { readonly kind: 'dropped'; readonly why: 'rejected' | 'unauthorized'; readonly reason: string };

export interface SendOptions {
  readonly connection: Connection;
  readonly fetch: typeof globalThis.fetch;
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch, for a Retry-After that is a date. */
  readonly now: number;
}

const compress = promisify(gzip);

/** Posts the lines as NDJSON. Never rejects: what goes wrong on the way is `retry`. */
export async function send(lines: readonly string[], options: SendOptions): Promise<SendOutcome> {
  try {
    const { body, headers } = await encode(lines);
    const response = await options.fetch(`${options.connection.endpoint}/api/ingest`, {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${options.connection.key}` },
      body,
      redirect: 'manual', // the key is for this endpoint, not for where it might point
      signal: options.signal,
    });
    const text = await readBounded(response);
    return response.ok ? readAnswer(text, lines.length) : refusal(response, options.now);
  } catch (error) {
    return { kind: 'retry', reason: networkReason(error), retryAfterMs: 0 };
  }
}

async function encode(lines: readonly string[]) {
  const plain = Buffer.from(lines.map((line) => `${line}\n`).join(''), 'utf8');
  const headers = { 'content-type': 'application/x-ndjson' };
  if (plain.length < GZIP_FROM_BYTES) return { body: plain, headers };
  return { body: await compress(plain), headers: { ...headers, 'content-encoding': 'gzip' } };
}

/** The answer's text. An answer that breaks off rejects: then it is not known what was stored. */
async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Only an answer of the API's own form says that anything is stored: a proxy's friendly 200 does not. */
function readAnswer(text: string, sent: number): SendOutcome {
  const answer = parseJson(text);
  if (!isAnswer(answer)) return { kind: 'retry', reason: 'the answer is not the API’s', retryAfterMs: 0 };
  const places = answer.errors.map((error) => error.index);
  return { kind: 'delivered', refused: new Set(places.filter((i) => Number.isInteger(i) && i >= 0 && i < sent)) };
}

interface Answer {
  readonly received: number;
  readonly errors: readonly { readonly index: number }[];
}

function isAnswer(value: unknown): value is Answer {
  if (typeof value !== 'object' || value === null || !('received' in value) || !('errors' in value)) return false;
  const { received, errors } = value;
  return typeof received === 'number' && Array.isArray(errors) && errors.every(hasIndex);
}

const hasIndex = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'index' in error && typeof error.index === 'number';

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no JSON: the caller treats it as any other strange answer
  }
}

function refusal(response: Response, now: number): SendOutcome {
  const { status } = response;
  const reason = `it answers ${status}`;
  if (status === 408 || status === 429 || status >= 500) {
    return { kind: 'retry', reason, retryAfterMs: retryAfter(response.headers.get('retry-after'), now) };
  }
  return { kind: 'dropped', why: status === 401 || status === 403 ? 'unauthorized' : 'rejected', reason };
}

/** Seconds or an HTTP date (RFC 9110 §10.2.3), in ms from now; 0 where there is none to obey. */
function retryAfter(header: string | null, now: number): number {
  if (header === null) return 0;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), LONGEST_RETRY_AFTER_MS);
}

/** The system's code (ECONNREFUSED) where there is one: fetch wraps it. */
function networkReason(error: unknown): string {
  if (!(error instanceof Error)) return 'the request failed';
  if (error.name === 'AbortError') return 'no answer in time';
  const cause = error.cause instanceof Error ? error.cause : error;
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}
