import { shellWord } from '../../ops/shell-word.ts';
import { installationFlags } from '../installation.ts';
import type { OnOptions } from './on.ts';

/** Another command about the database of this one, as somebody may copy it: verb and arguments. */
export const onSame = (words: readonly string[], options: OnOptions): string =>
  `scorpiox db ${words.map(shellWord).join(' ')}${sameDatabase(options)}`;

/** What another command has to be told to mean the same database. */
export function sameDatabase(options: OnOptions): string {
  const on = options.on === undefined ? '' : ` --on ${shellWord(options.on)}`;
  return on + installationFlags(options);
}
