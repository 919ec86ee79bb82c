/**
 * What a failure means for whoever sent the statement:
 * - `transient`: the same work may succeed in a moment (deadlock, lock wait, lost connection, time-out)
 * - `duplicate`: a unique index refused a key that is there (2601, 2627)
 * - `data`: the server refused a value; the same value will be refused again
 * - `unavailable`: anything else, as a full disk, a missing table, a permission: nothing is known to be wrong with the data
 */
export type SqlServerErrorKind = 'transient' | 'duplicate' | 'data' | 'unavailable';

/** A failure of a SQL Server or of the way to it. `message` is for the operator. */
export class SqlServerError extends Error {
  override readonly name = 'SqlServerError';
  readonly kind: SqlServerErrorKind;
  /** Whether the session is gone or in an unknown state: it must not be used again. */
  readonly connectionLost: boolean;

  constructor(kind: SqlServerErrorKind, message: string, connectionLost = false) {
    super(message);
    this.kind = kind;
    this.connectionLost = connectionLost;
  }
}

const DUPLICATE = new Set([2601, 2627]);

/** Deadlock victim, lock request time-out, update conflict under snapshot isolation. */
const TRANSIENT = new Set([1205, 1222, 3960]);

/**
 * Errors that name a value and nothing else: arithmetic overflow (220, 232, 3623, 8115), failed conversions (241, 242, 244,
 * 245, 248, 295, 8114), NULL where none may be (515), CHECK (547), truncation (2628, 8152), a row that is too long to be
 * stored (511) or sorted (1540), not properly formatted JSON (13609), and of a bulk load a length (4815) or a value (4863,
 * 4864, 4867) that does not fit. An error that is not in this list never costs an event.
 */
const DATA = new Set([
  ...[220, 232, 241, 242, 244, 245, 248, 295, 511, 515, 547, 1540, 2628, 3623, 8114, 8115, 8152, 13609],
  ...[4815, 4863, 4864, 4867],
]);

/** Codes of the driver after which the session is gone or nobody knows what the server did. */
const LOST = new Set([
  ...['ESOCKET', 'ETIMEOUT', 'ECONNCLOSED', 'ENOTOPEN', 'ECONNRESET', 'ECONNREFUSED', 'EPIPE'],
  ...['EINVALIDSTATE', 'ECANCEL', 'ENOTBEGUN'],
]);

/** One thing that went wrong, as the driver tells it. */
export interface Reported {
  readonly message: string;
  readonly number: number | undefined;
  readonly code: string | undefined;
  /** Whether the session is gone, or nobody knows what the server did. */
  readonly isLost: boolean;
}

/** Makes one of our errors of whatever the driver threw. */
export function toSqlServerError(error: unknown): SqlServerError {
  if (error instanceof SqlServerError) return error;
  const reports = reportsOf(error);
  const lost = reports.some(({ isLost }) => isLost);
  // What the server said by number counts before what the driver made of it.
  const numbered = reports.find(({ number }) => kindOf(number) !== undefined);
  if (numbered !== undefined)
    return new SqlServerError(kindOf(numbered.number) ?? 'unavailable', numbered.message, lost);
  const message = reports[0]?.message ?? String(error);
  return new SqlServerError(lost || reports.some(isPassing) ? 'transient' : 'unavailable', message, lost);
}

function kindOf(number = 0): SqlServerErrorKind | undefined {
  if (DUPLICATE.has(number)) return 'duplicate';
  if (DATA.has(number)) return 'data';
  return TRANSIENT.has(number) ? 'transient' : undefined;
}

/** The pool's own time-out, and a transaction that the server ended without a word of the reason. */
const isPassing = ({ code, message }: Reported): boolean =>
  code === 'EABORT' || message.startsWith('Failed to acquire a connection');

/**
 * The server may report several errors for one statement, an aborted transaction has its cause inside, and an error of
 * the socket comes as the `info` of one that has lost its code.
 */
export function reportsOf(error: unknown): readonly Reported[] {
  if (!(error instanceof Error)) return [];
  // Fields of the driver's errors, none of which need be there.
  const { number, code, precedingErrors, originalError, info } = error as {
    readonly [field in 'number' | 'code' | 'precedingErrors' | 'originalError' | 'info']?: unknown;
  };
  const own: Reported = {
    message: `${error.message}${systemReason(error)}`,
    number: typeof number === 'number' ? number : undefined,
    code: typeof code === 'string' ? code : undefined,
    isLost: typeof code === 'string' && LOST.has(code),
  };
  const before = Array.isArray(precedingErrors) ? precedingErrors.flatMap(reportsOf) : [];
  return [own, ...before, ...reportsOf(originalError), ...reportsOf(info)];
}

/** The driver says only that it could not connect: the reason (ECONNREFUSED, ENOTFOUND) is further down its causes. */
function systemReason(error: Error): string {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause ?? innerOf(cause)) {
    const inner = cause instanceof AggregateError ? cause.errors.at(-1) : cause;
    if (inner instanceof Error && 'syscall' in inner && !error.message.includes(inner.message)) {
      return ` (${inner.message})`;
    }
  }
  return '';
}

const innerOf = (error: Error): unknown => ('originalError' in error ? error.originalError : undefined);
