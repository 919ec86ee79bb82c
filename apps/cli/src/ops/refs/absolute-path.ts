import { err, ok, type Result } from '@scorpiox/shared/result';
import { PATH_CHARS } from './limits.ts';

/** A path from the root that has a name in it, without `.`, `..` and doubled slashes, and that every spelling can spell. */
export interface AbsolutePath {
  /** At least one. */
  readonly names: readonly string[];
  /** `/Volumes/GitHub`. */
  readonly text: string;
}

/** A path as somebody wrote it down; or a sentence on what is wrong with it. */
export function parseAbsolutePath(written: string): Result<AbsolutePath, string> {
  const names = written.split('/').filter((name) => name !== '');
  const text = `/${names.join('/')}`;
  if (!written.startsWith('/'))
    return err(`${JSON.stringify(written)} is no path from the root: it must begin with /.`);
  if (names.length === 0) return err('/ itself is below nothing: name a path that has at least one name.');
  if (names.some((name) => name === '.' || name === '..'))
    return err(`${text} has . or .. in it: write it without them.`);
  if (text.length > PATH_CHARS) return err(`The path is longer than ${PATH_CHARS} characters.`);
  if (!UNSPELLABLE.test(text)) return ok({ names, text });
  return err(`${JSON.stringify(text)} has a control character, ", \\ or % in it: it cannot be told from an escape.`);
}

const UNSPELLABLE = /["\\%\ufffd\p{Cc}\p{Cs}]/u;
