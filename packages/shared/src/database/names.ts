import { err, ok, type Result } from '../result.ts';
import type { DatabaseError } from './errors.ts';
import { NAME_LENGTH } from './limits.ts';

const PATTERN = /^[A-Za-z0-9](?:[A-Za-z0-9 ._()-]*[A-Za-z0-9._)-])?$/;

/** A name for an application or token: no control characters, nothing that is awkward in a URL or a terminal. */
export function checkName(what: 'application' | 'token', name: string): Result<string, DatabaseError> {
  if (name.length <= NAME_LENGTH && PATTERN.test(name)) return ok(name);
  return err({
    code: 'invalid-name',
    message: `${JSON.stringify(name.slice(0, NAME_LENGTH))} cannot name an ${what === 'token' ? 'API token' : what}: use 1 to ${NAME_LENGTH} letters, digits, blanks, dots, underscores, parentheses and hyphens, starting with a letter or digit.`,
  });
}
