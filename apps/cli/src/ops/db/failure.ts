/** What an error of a database means for whoever ran the command. */
import type { ConsoleError, ConsoleErrorCode } from '@scorpiox/shared/database/console';
import { Failed, type Failure, type FailureKind } from '../failure.ts';

const KINDS: Readonly<Record<ConsoleErrorCode, FailureKind>> = {
  unavailable: 'unavailable',
  locked: 'try-again',
  full: 'try-again',
  duplicate: 'refused',
  'no-such-object': 'error',
  'not-permitted': 'not-permitted',
  lost: 'unavailable',
  refused: 'error',
};

/** `name` is the console's. */
export function consoleFailure({ code, message }: ConsoleError, name: string): Failure {
  return { kind: KINDS[code], message: `${name}: ${message.replace(/[.\s]+$/, '')}.${HINTS[code] ?? ''}` };
}

const HINTS: Readonly<Partial<Record<ConsoleErrorCode, string>>> = {
  locked: ' Somebody else held a lock for too long; `scorpiox db blocking` shows who.',
  lost: ' The connection was lost, or the time was up: it is not known whether the server did it.',
};

/** A failure of the database, thrown; the command turns it into its own. */
export class DatabaseFailed extends Failed {}
