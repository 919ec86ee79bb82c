/**
 * The one place where an outcome becomes an exit code. The codes are an interface (docs/cli.md): mail servers act on
 * those of `mail deliver`, scripts on all of them. 64 and above follow sysexits.h.
 */
import type { FailureKind } from './ops/failure.ts';

const CODES: Readonly<Record<FailureKind, number>> = {
  error: 1,
  cancelled: 2,
  findings: 3,
  pending: 3,
  'not-signed-in': 4,
  refused: 5,
  stale: 5,
  'partly-done': 6,
  usage: 64,
  'no-such-user': 67,
  unavailable: 69,
  'try-again': 75,
  'not-permitted': 77,
  interrupted: 130,
};

/** What each code tells, in the words of docs/cli.md. */
export const MEANINGS: Readonly<Record<number, string>> = {
  0: 'done',
  1: 'not done; the message says why',
  2: 'cancelled: somebody was asked and said no; nothing was changed',
  3: 'done, and there are findings; or a plan was shown that has steps',
  4: 'not signed in: no token, or one that the API does not know',
  5: 'refused as things are; or what a plan was made from has changed; nothing was changed',
  6: 'partly done: some of it was done, the rest was left',
  64: 'wrong use: command, option, input or configuration',
  67: 'no such user',
  69: 'something needed cannot be had: a port, the database, a part of the platform',
  75: 'try again later: disk full, locked',
  77: 'not permitted',
  130: 'interrupted by Ctrl-C',
};

/** Exit code of a command that did what it was asked. */
export const EXIT_OK = 0;

/** The exit code that tells this failure. */
export const exitCodeOf = (kind: FailureKind): number => CODES[kind];
