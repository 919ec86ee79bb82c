/** The commands that mend something, as somebody may copy them: names out of a database are one word each, whatever is in them. */
import { shellWord } from '../../shell-word.ts';
import { quoteName } from '../catalog/names.ts';

/** A table as findings call it: `dbo.Requests`; a part with a dot or a bracket in it in brackets, as commands take it. */
export const tableName = (...parts: readonly string[]): string =>
  parts.map((part) => (/[.[\]"]/.test(part) ? quoteName('sqlserver', part) : part)).join('.');

/** Tables that the platform makes: its own, and what `db dedupe` keeps of rows that it removed. Nobody has to mend those. */
export const isOurs = (table: string): boolean => /(^|\.)scorpiox_|_duplicates_\d+$/i.test(table);

/** Commands after each other; of each the verb of `scorpiox db` and its arguments. */
export const db = (...commands: readonly (readonly string[])[]): string =>
  commands.map((words) => `scorpiox db ${words.map(shellWord).join(' ')}`).join('; ');

type Kind = 'sqlite' | 'sqlserver';

/** What counts duplicates, and keeps new ones out. Where the key is not known, it is to be filled in. */
export const makeUnique = (kind: Kind, table: string, key = 'COLUMN,COLUMN'): string =>
  db(['dupes', table, '--key', key], unique(kind, table, key));

/** What removes duplicates, and keeps new ones out. */
export const removeDuplicates = (kind: Kind, table: string, key: string): string =>
  db(['dedupe', table, '--key', key], unique(kind, table, key));

/** In SQLite each INSERT says for itself that a key that is there is skipped. */
const unique = (kind: Kind, table: string, key: string): readonly string[] => [
  ...['unique', table, '--key', key],
  ...(kind === 'sqlserver' ? ['--ignore-dup-key'] : []),
];

/** The commands of a mend; all else is a sentence, or SQL, and stays whole. */
export function commandsIn(mend: string): readonly string[] {
  if (!mend.startsWith('scorpiox ')) return [mend];
  return [...mend.matchAll(/(?:'[^']*'|\\[\s\S]|[^;'\\])+/g)].map(([command]) => command.trim());
}
