import { err, ok, type Result } from '../result.ts';
import type { DatabaseError } from './errors.ts';
import { APDEX_MS, RATE_LIMIT, RETENTION_DAYS } from './limits.ts';

/** Whole days within bounds, or none. */
export const checkRetention = (days: number | undefined) => checkWhole('The retention in days', days, RETENTION_DAYS);

/** Whole milliseconds within bounds, or none. */
export const checkApdex = (milliseconds: number | undefined) =>
  checkWhole('The duration that satisfies in milliseconds', milliseconds, APDEX_MS);

/** Whole events a second within bounds, or none. */
export const checkRateLimit = (rate: number | undefined) =>
  checkWhole('The limit of a key in events a second', rate, RATE_LIMIT);

function checkWhole(
  what: string,
  value: number | undefined,
  { least, most }: { readonly least: number; readonly most: number },
): Result<number | undefined, DatabaseError> {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least && value <= most)) return ok(value);
  return err({ code: 'invalid-value', message: `${what} must be a whole number from ${least} to ${most}.` });
}

export const noSuchApp = (name: string) =>
  err<DatabaseError>({ code: 'not-found', message: `There is no application named ${JSON.stringify(name)}.` });

export const noSuchToken = (name: string) =>
  err<DatabaseError>({ code: 'not-found', message: `There is no API token named ${JSON.stringify(name)}.` });

/** The key is not repeated: it may be one of another place. */
export const noSuchKey = () => err<DatabaseError>({ code: 'not-found', message: 'There is no such ingest key.' });

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The key as it is stored; undefined where the text is no key at all. */
export function readKey(text: string): string | undefined {
  const plain = text.trim().toLowerCase();
  return UUID.test(plain) ? plain : undefined;
}
