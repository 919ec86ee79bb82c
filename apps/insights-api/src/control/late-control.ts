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
  let opening: Promise<Control> | undefined;
  let failed = { message: first.message, at: now() };
  const tryToOpen = async (watch: MigrationWatch): Promise<Control> => {
    const opened = await open(watch);
    if (opened.ok) {
      control = opened.value;
      return control;
    }
    failed = { message: opened.error.message, at: now() };
    throw new StoreUnavailable(failed.message);
  };
  const openUnlessItTakesLong = (): Promise<Control> => {
    const tooLong = Promise.withResolvers<never>();
    opening = tryToOpen(({ detail }) => tooLong.reject(new StoreUnavailable(`the database is migrated: ${detail}`)));
    const over = () => {
      opening = undefined;
    };
    opening.then(over, over);
    return Promise.race([opening, tooLong.promise]);
  };
  let latest: Promise<Control> | undefined;
  const there = (): Promise<Control> => {
    if (control !== undefined) return Promise.resolve(control);
    if (opening !== undefined && latest !== undefined) return latest;
    if (now() - failed.at < OPEN_AGAIN_MS) return Promise.reject(new StoreUnavailable(failed.message));
    latest = openUnlessItTakesLong();
    return latest;
  };
  const close = async () => {
    await opening?.catch(() => undefined); // what could not be opened need not be closed
    await control?.close();
  };
  return { ...delegate(there), close };
}
