/**
 * The one way to the API: same origin, session cookie, a time limit, and every outcome that is not a well-formed
 * answer as an `ApiError` with its kind.
 */
import type { ErrorResponse } from '@scorpiox/shared/contract';
import { type Decoder, number, record, recordWith, text } from './decode.ts';
import { REQUEST_TIMEOUT_MS } from './limits.ts';

export type ApiFailure =
  /** No answer: the API is down, or the network is. */
  | { readonly kind: 'unreachable' }
  /** No answer within the time limit. */
  | { readonly kind: 'timeout' }
  /** An answer that is not what the contract says. */
  | { readonly kind: 'unreadable'; readonly status: number }
  /** The API said no, with its code and its sentence; `retryAfter` in seconds where it named a time. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly code: string;
      readonly message: string;
      readonly retryAfter: number | null;
      /** Where in the query the mistake is, from 1. */
      readonly column?: number;
    };

/** What every call of the API throws when it has no answer to give. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly failure: ApiFailure;

  constructor(failure: ApiFailure) {
    super(failure.kind === 'refused' ? failure.message : `The API's answer: ${failure.kind}`);
    this.failure = failure;
  }
}

/** Whether the session is missing or over. */
export const isSignedOut = (error: unknown): boolean =>
  error instanceof ApiError && error.failure.kind === 'refused' && error.failure.status === 401;

/** Whether what was asked for does not exist. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof ApiError && error.failure.kind === 'refused' && error.failure.status === 404;

const decodeError = record<ErrorResponse>({
  error: recordWith<ErrorResponse['error']>({ code: text, message: text }, { field: text, column: number }),
});

/** Where in a query the API found a mistake, from 1, and what it says of it; undefined where it is none of the query's. */
export function mistakeIn(error: unknown): { readonly column: number; readonly message: string } | undefined {
  if (!(error instanceof ApiError) || error.failure.kind !== 'refused') return undefined;
  const { column, message } = error.failure;
  return column === undefined ? undefined : { column, message };
}

/** Answers of a proxy whose upstream is gone. */
const GATEWAY = new Set([502, 504]);

interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: object;
  /** Ends the call from outside; the reason is thrown as it is. */
  readonly signal?: AbortSignal;
}

function toRequest(call: Call, signal: AbortSignal): RequestInit {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (call.body !== undefined) headers['content-type'] = 'application/json';
  return {
    method: call.method ?? 'GET',
    credentials: 'same-origin',
    cache: 'no-store',
    headers,
    signal,
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
  };
}

function refusal(response: Response, body: unknown): ApiFailure {
  const said = decodeError(body);
  if (said === undefined && GATEWAY.has(response.status)) return { kind: 'unreachable' };
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return {
    kind: 'refused',
    status: response.status,
    code: said?.error.code ?? 'unknown',
    message: said?.error.message ?? `The API answered with status ${response.status}.`,
    retryAfter: Number.isFinite(seconds) ? seconds : null,
    ...(said?.error.column === undefined ? {} : { column: said.error.column }),
  };
}

/** The body as JSON, or undefined when it is none; a connection that breaks off half-way still throws. */
async function readJson(response: Response): Promise<unknown> {
  const body = await response.text();
  try {
    return JSON.parse(body);
  } catch {
    return undefined; // the caller's decoder refuses undefined, and says which status it came with
  }
}

async function exchange(path: string, call: Call): Promise<{ response: Response; body: unknown }> {
  const limit = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const signal = call.signal === undefined ? limit : AbortSignal.any([limit, call.signal]);
  try {
    const response = await fetch(path, toRequest(call, signal));
    return { response, body: await readJson(response) };
  } catch (error) {
    if (call.signal?.aborted) throw error;
    throw new ApiError({ kind: limit.aborted ? 'timeout' : 'unreachable' });
  }
}

/** Calls the API for an answer that `decode` understands. Throws `ApiError`. */
export async function request<T>(path: string, decode: Decoder<T>, call: Call = {}): Promise<T> {
  const { response, body } = await exchange(path, call);
  if (!response.ok) throw new ApiError(refusal(response, body));
  const answer = decode(body);
  if (answer === undefined) throw new ApiError({ kind: 'unreadable', status: response.status });
  return answer;
}

/** Calls the API for its effect; the body of the answer does not matter. Throws `ApiError`. */
export async function command(path: string, call: Call): Promise<void> {
  const { response, body } = await exchange(path, call);
  if (!response.ok) throw new ApiError(refusal(response, body));
}

/** Why the API refuses a stream, which an EventSource does not tell; null where it would not. Throws `ApiError`. */
export async function refusalOf(path: string): Promise<ApiError | null> {
  const limit = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  try {
    const response = await fetch(path, toRequest({}, limit));
    if (!response.ok) return new ApiError(refusal(response, await readJson(response)));
    await response.body?.cancel();
    return null;
  } catch {
    throw new ApiError({ kind: limit.aborted ? 'timeout' : 'unreachable' });
  }
}
