import { reportsOf } from '../sqlserver/errors.ts';

/**
 * What a failed statement means:
 * - `unavailable`: the database cannot be reached, opened or read
 * - `locked`: somebody else held a lock for longer than the time-out, or the statement lost a deadlock; it may work later
 * - `full`: the disk, the log or the edition's limit
 * - `duplicate`: a unique index refused a key
 * - `no-such-object`: a table, column, index or procedure that is not there, or that this account may not see
 * - `not-permitted`: the account may not, or the file is read-only
 * - `lost`: the connection went away or the time was up; nobody knows what the server did
 * - `refused`: anything else
 */
export type ConsoleErrorCode =
  | 'unavailable'
  | 'locked'
  | 'full'
  | 'duplicate'
  | 'no-such-object'
  | 'not-permitted'
  | 'lost'
  | 'refused';

/** A statement failed. `message` is the server's own, and may repeat a key that it refused. */
export class ConsoleError extends Error {
  override readonly name = 'ConsoleError';
  readonly code: ConsoleErrorCode;
  /** SQL Server's number, or SQLite's extended result code. */
  readonly number?: number;

  constructor(code: ConsoleErrorCode, message: string, number?: number) {
    super(message);
    this.code = code;
    if (number !== undefined) this.number = number;
  }
}

/** By SQLite's primary result code (https://sqlite.org/rescode.html): PERM, BUSY, LOCKED, READONLY, IOERR, CORRUPT, … */
const SQLITE: Readonly<Record<number, ConsoleErrorCode>> = {
  3: 'not-permitted',
  5: 'locked',
  6: 'locked',
  8: 'not-permitted',
  10: 'unavailable',
  11: 'unavailable',
  13: 'full',
  14: 'unavailable',
  23: 'not-permitted',
  26: 'unavailable',
};

/** SQLITE_CONSTRAINT_PRIMARYKEY, _UNIQUE, _ROWID. */
const SQLITE_DUPLICATE = new Set([1555, 2067, 2579]);
const SQLITE_MISSING = /no such (table|column|index|view|trigger)|has no column named/;

/** Of an error that node:sqlite threw; anything else is a mistake of ours and comes back as it is. */
export function fromSqlite(error: unknown): unknown {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return error;
  const { message, errcode } = error;
  return new ConsoleError(sqliteCode(errcode, message), message, errcode);
}

function sqliteCode(number: number, message: string): ConsoleErrorCode {
  if (SQLITE_DUPLICATE.has(number)) return 'duplicate';
  return SQLITE[number & 0xff] ?? (SQLITE_MISSING.test(message) ? 'no-such-object' : 'refused');
}

/**
 * By SQL Server's number (sys.messages). 3960: an update conflict under snapshot isolation; 5061: a database's lock. 1101,
 * 1105: a file group is full; 1827: the edition's limit; 9002: the log. 297, 300 and 15247: a view or a procedure that needs
 * a permission of the server; 6102: KILL.
 */
const NUMBERS: ReadonlyMap<number, ConsoleErrorCode> = new Map<number, ConsoleErrorCode>([
  ...pairs('locked', 1205, 1222, 3960, 5061),
  ...pairs('full', 1101, 1105, 1827, 9002),
  ...pairs('duplicate', 1505, 2601, 2627),
  ...pairs('no-such-object', 207, 208, 1088, 1911, 2812, 3701, 4701, 4902, 4924),
  ...pairs('not-permitted', 229, 230, 262, 297, 300, 916, 4060, 6102, 15247, 18456),
]);

function pairs(code: ConsoleErrorCode, ...numbers: readonly number[]): [number, ConsoleErrorCode][] {
  return numbers.map((number) => [number, code]);
}

/** Of an error of the driver. What the server said by number counts before what the driver made of it. */
export function fromServer(error: unknown, isConnecting = false): ConsoleError {
  if (error instanceof ConsoleError) return error;
  const reports = reportsOf(error);
  const known = reports.find(({ number }) => number !== undefined && NUMBERS.has(number));
  const report = known ?? reports.find(({ number }) => number !== undefined) ?? reports[0];
  const code = NUMBERS.get(known?.number ?? 0);
  const otherwise = isConnecting ? 'unavailable' : reports.some(({ isLost }) => isLost) ? 'lost' : 'refused';
  return new ConsoleError(code ?? otherwise, report?.message ?? String(error), report?.number);
}
