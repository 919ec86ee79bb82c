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

/** Exit code of a command that did what it was asked. */
export const EXIT_OK = 0;

/** The exit code that tells this failure. */
export const exitCodeOf = (kind: FailureKind): number => CODES[kind];
