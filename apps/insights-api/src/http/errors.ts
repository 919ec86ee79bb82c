import { AccountsUnavailable } from '@scorpiox/shared/accounts';
import type { ErrorResponse } from '@scorpiox/shared/contract';
import { isTransient } from '@scorpiox/shared/database';
import type { FastifyBaseLogger, FastifyError, FastifyReply } from 'fastify';
import { RETRY_AFTER_SECONDS } from '../limits.ts';
import { TooManyQuestions } from '../query/questions.ts';
import { NobodyWaits } from '../query/raw/nobody-waits.ts';
import { StoreUnavailable } from '../store/port.ts';

/** The codes of every error that the API answers with; the status goes with the code. */
const STATUS = {
  'bad-request': 400,
  'bad-time': 400,
  'empty-range': 400,
  'range-too-long': 400,
  'bad-query': 400,
  'unknown-app': 400,
  'bad-cursor': 400,
  malformed: 400,
  empty: 400,
  'bad-encoding': 400,
  'not-signed-in': 401,
  'wrong-credentials': 401,
  'link-not-valid': 401,
  'unknown-key': 401,
  'not-allowed': 403,
  'cross-site': 403,
  'not-found': 404,
  busy: 409,
  exists: 409,
  'not-supported': 409,
  'too-large': 413,
  'too-many-items': 413,
  'unknown-encoding': 415,
  'unsupported-media-type': 415,
  'too-many-attempts': 429,
  'rate-limited': 429,
  internal: 500,
  overloaded: 503,
  unavailable: 503,
} as const;

export type ApiErrorCode = keyof typeof STATUS;

/** An error that is answered as it says. `message` is a sentence for people and repeats no secret. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiErrorCode;
  readonly field: string | undefined;
  /** Where in the field, from 1. */
  readonly column: number | undefined;
  /** Seconds. */
  readonly retryAfter: number | undefined;

  constructor(
    code: ApiErrorCode,
    message: string,
    more: { field?: string; column?: number; retryAfter?: number } = {},
  ) {
    super(message);
    this.code = code;
    this.field = more.field;
    this.column = more.column;
    this.retryAfter = more.retryAfter;
  }

  get status(): number {
    return STATUS[this.code];
  }

  /** Whether the same request is worth sending again, later. */
  get isRetriable(): boolean {
    return this.status === 429 || this.status === 503;
  }
}

/** The one mapper from whatever was thrown to what is answered. What nobody foresaw is logged and says nothing. */
export function toApiError(error: unknown, log: FastifyBaseLogger): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof StoreUnavailable || error instanceof AccountsUnavailable || isTransient(error)) {
    log.error({ reason: error instanceof Error ? error.message : String(error) }, 'a database is unavailable');
    return new ApiError('unavailable', 'The database cannot answer now; try again soon.', {
      retryAfter: RETRY_AFTER_SECONDS,
    });
  }
  if (error instanceof NobodyWaits) return new ApiError('unavailable', 'Nobody waits for the answer any more.');
  if (error instanceof TooManyQuestions) {
    return new ApiError('overloaded', 'Too many questions are being answered; try again soon.', {
      retryAfter: RETRY_AFTER_SECONDS,
    });
  }
  const fromFastify = fastifyError(error);
  if (fromFastify !== undefined) return fromFastify;
  log.error({ err: error }, 'a request failed');
  return new ApiError('internal', 'Something went wrong inside; the log says what.');
}

function fastifyError(error: unknown): ApiError | undefined {
  if (!(error instanceof Error)) return undefined;
  // Fastify's own errors carry these fields; others lack them, hence the checks.
  const { statusCode, validation, validationContext } = error as Partial<FastifyError>;
  if (validation !== undefined) {
    const path = validation[0]?.instancePath.slice(1) || validation[0]?.params.missingProperty;
    const field = typeof path === 'string' ? { field: path } : {};
    const what = `${validationContext ?? 'request'}${typeof path === 'string' ? `.${path}` : ''}`;
    return new ApiError('bad-request', `${what} ${validation[0]?.message ?? 'is not as it must be'}.`, field);
  }
  if (statusCode === 413) return new ApiError('too-large', 'The body is too large.');
  if (statusCode === 415) return new ApiError('unsupported-media-type', 'Send the body as application/json.');
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new ApiError('bad-request', 'The request cannot be understood.');
  }
  return undefined;
}

/** Answers with an error in the contract's shape; `more` stands beside it. */
export function sendError(reply: FastifyReply, error: ApiError, more: object = {}): FastifyReply {
  const { code, message, field, column } = error;
  const place = { ...(field === undefined ? {} : { field }), ...(column === undefined ? {} : { column }) };
  const body: ErrorResponse = { error: { code, message, ...place } };
  if (error.retryAfter !== undefined) reply.header('retry-after', String(error.retryAfter));
  return reply
    .code(error.status)
    .type('application/json; charset=utf-8')
    .serializer(JSON.stringify)
    .send({ ...body, ...more });
}
