import type { Control, DatabaseError } from '@scorpiox/shared/database';
import type { Result } from '@scorpiox/shared/result';
import { OPEN_AGAIN_MS } from '../limits.ts';
import { StoreUnavailable } from '../store/port.ts';
import { delegate } from './delegate.ts';

type Open = () => Promise<Result<Control, DatabaseError>>;

/**
 * The control side of a database that is away: every call tries to open it, one at a time and not too often, and rejects
 * with `StoreUnavailable` until it is there. `first`: why it could not be opened.
 */
export function openLate(open: Open, first: DatabaseError, now: () => number = Date.now): Control {
  let control: Control | undefined;
  let opening: Promise<Control> | undefined;
  let failed = { message: first.message, at: now() };
  const tryToOpen = async (): Promise<Control> => {
    const opened = await open();
    if (opened.ok) {
      control = opened.value;
      return control;
    }
    failed = { message: opened.error.message, at: now() };
    throw new StoreUnavailable(failed.message);
  };
  const there = (): Promise<Control> => {
    if (control !== undefined) return Promise.resolve(control);
    if (opening === undefined && now() - failed.at < OPEN_AGAIN_MS) {
      return Promise.reject(new StoreUnavailable(failed.message));
    }
    opening ??= tryToOpen().finally(() => {
      opening = undefined;
    });
    return opening;
  };
  const close = async () => {
    await opening?.catch(() => undefined); // what could not be opened need not be closed
    await control?.close();
  };
  return { ...delegate(there), close };
}
