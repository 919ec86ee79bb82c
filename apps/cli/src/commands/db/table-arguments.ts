/** How commands are told a table and a key of it. */
import { type Command, InvalidArgumentError } from 'commander';
import { parseColumns } from '../../ops/db/catalog/names.ts';

export interface KeyOptions {
  readonly key: readonly string[];
  readonly by?: string;
}

/** `--key` and `--by`. */
export function addKey(command: Command): Command {
  return command
    .requiredOption('--key <columns>', 'by which rows are duplicates: columns, with commas between them', parseKey)
    .option('--by <column>', 'by which the earliest is told (default: the only time there is, then the primary key)');
}

function parseKey(text: string): readonly string[] {
  const columns = parseColumns(text);
  if (columns.length === 0) throw new InvalidArgumentError('It has to name a column.');
  return columns;
}
