import { ErrorResponse, SESSION_COOKIE } from '@scorpiox/shared/contract';
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

/** What an API is asked with: a token, a session that was begun in its database, or nothing, for what is public. */
export interface Access {
  readonly url: string;
  readonly token?: string;
  readonly session?: string;
}

/** An answer whose body nobody has looked at yet. */
export interface RawAnswer {
  readonly status: number;
  readonly body: string;
}

/** What is said of a server that does not know the token, or does not answer. */
export interface ServerWords {
  stranger(url: string): Failure;
  silent(url: string, reason: string): Failure;
}

const API_WORDS: ServerWords = {
  stranger: (url) => ({
    kind: 'not-signed-in',
    message: `${url} does not know this token: \`scorpiox login ${url}\`.`,
  }),
  silent: (url, reason) => ({ kind: 'unavailable', message: `${url} does not answer: ${reason}.` }),
};

/** Asks an API. Failures name it and say what to do; none repeats the token. */
export class ApiClient {
  readonly #access: Access;
  readonly #words: ServerWords;

  constructor(access: Access, words: ServerWords = API_WORDS) {
    this.#access = access;
    this.#words = words;
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
    return err({ kind: 'error', message: unknownAnswer(this.#access.url, `${method} ${path}`) });
  }

  /** A request of which only the success counts. */
  async done(method: string, path: string, body?: object): Promise<Result<void, Failure>> {
    const answer = await this.ask(method, path, body && JSON.stringify(body));
    return answer.ok ? ok(undefined) : answer;
  }

  /** Sends a body that is JSON already; any status below 400 is a success. */
  async ask(method: string, path: string, body?: string): Promise<Result<RawAnswer, Failure>> {
    const answer = await this.#fetch(method, path, AbortSignal.timeout(API_TIMEOUT_MS), body);
    if (!answer.ok) return answer;
    try {
      return ok({ status: answer.value.status, body: await answer.value.text() });
    } catch (error) {
      return err(this.#words.silent(this.#access.url, reasonOf(error)));
    }
  }

  /** The body of an answer that goes on until `signal` is aborted; reading it throws when it breaks off. */
  async open(path: string, signal: AbortSignal): Promise<Result<AsyncIterable<Uint8Array>, Failure>> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new DOMException('late', 'TimeoutError')), API_TIMEOUT_MS);
    const answer = await this.#fetch('GET', path, AbortSignal.any([signal, late.signal]));
    clearTimeout(timer);
    if (!answer.ok) return answer;
    return answer.value.body === null
      ? err(this.#words.silent(this.#access.url, 'it sent nothing'))
      : ok(answer.value.body);
  }

  /** What answers to a failure is a sentence of the API's, or of ours. */
  async #fetch(method: string, path: string, signal: AbortSignal, body?: string): Promise<Result<Response, Failure>> {
    const { url } = this.#access;
    const headers = {
      ...credentials(this.#access),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const more = body === undefined ? {} : { body };
    try {
      // A redirect would carry the credentials to wherever it leads.
      const answer = await fetch(url + path, { method, headers, signal, redirect: 'manual', ...more });
      if (answer.status < 300) return ok(answer);
      const said = await answer.text();
      return err(answer.status === 401 ? this.#words.stranger(url) : refusal(url, answer.status, said));
    } catch (error) {
      return err(this.#words.silent(url, reasonOf(error)));
    }
  }
}

/** A session is what browsers have, and they say where a request comes from. */
function credentials({ url, token, session }: Access): Readonly<Record<string, string>> {
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  return session === undefined ? {} : { cookie: `${SESSION_COOKIE}=${session}`, origin: url };
}

const unknownAnswer = (url: string, asked: string): string =>
  `${url} answered ${asked} with something else than this version of scorpiox knows.`;

const KINDS: Readonly<Record<number, FailureKind>> = {
  400: 'usage',
  403: 'not-permitted',
  429: 'try-again',
  503: 'try-again',
};

function refusal(url: string, status: number, body: string): Failure {
  const said = parseJson(body);
  const kind = KINDS[status] ?? 'error';
  if (!Value.Check(ErrorResponse, said)) return { kind, message: `${url} answered ${status}.` };
  const { message, field, column } = said.error;
  return { kind, message, ...(field === undefined || column === undefined ? {} : { at: { field, column } }) };
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
