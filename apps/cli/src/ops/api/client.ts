import { ErrorResponse } from '@scorpiox/shared/contract';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { Failure, FailureKind } from '../failure.ts';
import { API_TIMEOUT_MS } from '../limits.ts';

/** An API and the bearer token that opens it. */
export interface Remote {
  /** Its origin, without a path: `https://insights.example.net`. */
  readonly url: string;
  readonly token: string;
}

/** An answer whose body nobody has looked at yet. */
export interface RawAnswer {
  readonly status: number;
  readonly body: string;
}

/** Asks an API. Failures name it and say what to do; none repeats the token. */
export class ApiClient {
  readonly #remote: Remote;

  constructor(remote: Remote) {
    this.#remote = remote;
  }

  /** The answer to a request that is to succeed, as `schema` describes it. */
  async json<S extends TSchema>(
    schema: S,
    method: string,
    path: string,
    body?: object,
  ): Promise<Result<Static<S>, Failure>> {
    const answer = await this.ask(method, path, body && JSON.stringify(body));
    if (!answer.ok) return answer;
    const parsed = parseJson(answer.value.body);
    if (Value.Check(schema, parsed)) return ok(parsed);
    const message = `${this.#remote.url} answered ${method} ${path} with something else than this version of scorpiox knows.`;
    return err({ kind: 'error', message });
  }

  /** A request of which only the success counts. */
  async done(method: string, path: string, body?: object): Promise<Result<void, Failure>> {
    const answer = await this.ask(method, path, body && JSON.stringify(body));
    return answer.ok ? ok(undefined) : answer;
  }

  /** Sends a body that is JSON already; any status below 400 is a success. */
  async ask(method: string, path: string, body?: string): Promise<Result<RawAnswer, Failure>> {
    const { url, token } = this.#remote;
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const signal = AbortSignal.timeout(API_TIMEOUT_MS);
    try {
      // A redirect would carry the token to wherever it leads.
      const answer = await fetch(url + path, {
        method,
        headers,
        signal,
        redirect: 'manual',
        ...(body === undefined ? {} : { body }),
      });
      const text = await answer.text();
      if (answer.status < 300) return ok({ status: answer.status, body: text });
      return err(refusal(url, answer.status, text));
    } catch (error) {
      return err({ kind: 'unavailable', message: `${url} does not answer: ${reasonOf(error)}.` });
    }
  }
}

const KINDS: Readonly<Record<number, FailureKind>> = {
  400: 'usage',
  401: 'not-signed-in',
  403: 'not-permitted',
  429: 'try-again',
  503: 'try-again',
};

function refusal(url: string, status: number, body: string): Failure {
  const said = parseJson(body);
  const sentence = Value.Check(ErrorResponse, said) ? said.error.message : `${url} answered ${status}.`;
  if (status === 401) {
    return { kind: 'not-signed-in', message: `${url} does not know this token: \`scorpiox login ${url}\`.` };
  }
  return { kind: KINDS[status] ?? 'error', message: sentence };
}

/** Undefined where it is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What `fetch` hides in the cause of its error. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${API_TIMEOUT_MS / 1000} s`;
  return error.cause instanceof Error ? error.cause.message || String(error.cause) : error.message;
}
