import type { Control, DatabaseError, MigrationWatch } from '@scorpiox/shared/database';
import type { Result } from '@scorpiox/shared/result';
import { OPEN_AGAIN_MS } from '../limits.ts';
import { StoreUnavailable } from '../store/port.ts';
import { delegate } from './delegate.ts';

/** Opens it; `watch` is to be told when it turns out that it has to be migrated first. */
type Open = (watch: MigrationWatch) => Promise<Result<Control, DatabaseError>>;

/**
 * The control side of a database that is away: every call tries to open it, one at a time and not too often, and rejects
 * with `StoreUnavailable` until it is there. Nobody waits for a migration either. `first`: why it could not be opened.
 */
export function openLate(open: Open, first: DatabaseError, now: () => number = Date.now): Control {
  let control: Control | undefined;
  let attempt: Attempt | undefined;
  let failed = { message: first.message, at: now() };
  const tryToOpen = async (watch: MigrationWatch): Promise<Control> => {
    const opened = await open(watch).finally(() => {
      attempt = undefined;
    });
    if (opened.ok) {
      control = opened.value;
      return control;
    }
    failed = { message: opened.error.message, at: now() };
    throw new StoreUnavailable(failed.message);
  };
  const there = (): Promise<Control> => {
    if (control !== undefined) return Promise.resolve(control);
    if (attempt === undefined && now() - failed.at < OPEN_AGAIN_MS) {
      return Promise.reject(new StoreUnavailable(failed.message));
    }
    attempt ??= makeAttempt(tryToOpen);
    return attempt.soon;
  };
  const close = async () => {
    await attempt?.whole.catch(() => undefined); // what could not be opened need not be closed
    await control?.close();
  };
  return { ...delegate(there), close };
}

/** An attempt to open it. `soon` rejects as soon as it turns out to take long. */
interface Attempt {
  readonly whole: Promise<Control>;
  readonly soon: Promise<Control>;
}

function makeAttempt(tryToOpen: (watch: MigrationWatch) => Promise<Control>): Attempt {
  const tooLong = Promise.withResolvers<never>();
  const whole = tryToOpen(({ detail }) => tooLong.reject(new StoreUnavailable(`the database is migrated: ${detail}`)));
  const soon = Promise.race([whole, tooLong.promise]);
  return { whole, soon };
}
