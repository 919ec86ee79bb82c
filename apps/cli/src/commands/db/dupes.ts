import type { Command } from 'commander';
import { CommandFailed, defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { DuplicatesFound } from '../../ops/db/dupes/find.ts';
import { addListOutput, type ListOptions } from '../../output/options.ts';
import { printForPrograms, printRecord, printRecords } from '../../output/print.ts';
import { count } from '../count.ts';
import { addOn, type OnOptions } from './on.ts';
import { onSame } from './same-database.ts';
import { addKey, type KeyOptions } from './table-arguments.ts';

interface Options extends OnOptions, ListOptions, KeyOptions {}

const SHAPE = '{table, key, rows, distinct, groups, excess, nulls, kept, worst: [{rows, key, sample}]}';

export function dupesCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'dupes <table>',
    summary: 'count the duplicates of a table by a key',
    description:
      'Counts the rows of a table that have the key of another, as a unique index of that database would see it, and shows the keys\nthat have most of them. Changes nothing. It ends with 3 where there are any; `scorpiox db dedupe` removes them.',
    examples: [
      'scorpiox db dupes events --key app,hash',
      'scorpiox db dupes dbo.Requests --key AppId,RequestId --limit 3',
    ],
  });
  addListOutput(addKey(addOn(command)), SHAPE).action(async (table: string, options: Options) => {
    const { withDatabase } = await import('./connect.ts');
    const { findDuplicates } = await import('../../ops/db/dupes/find.ts');
    const { key, by, limit } = options;
    const found = await withDatabase(io, options, { readOnly: true }, async (db) =>
      orFail(await findDuplicates(db, { table, key, by }, limit)),
    );
    await print(io, found, options);
    const again = onSame(['dedupe', table, '--key', key.join(','), ...(by === undefined ? [] : ['--by', by])], options);
    if (found.excess > 0) throw new CommandFailed({ kind: 'findings', message: tell(found, again) });
  });
}

async function print(io: Io, found: DuplicatesFound, options: ListOptions): Promise<void> {
  if (await printForPrograms(io, found, options)) return;
  const { worst, ...counts } = found;
  if (io.stdoutIsTerminal) await printRecord(io, counts, {});
  if (io.stdoutIsTerminal && worst.length > 0) io.out('\n');
  await printRecords(
    io,
    worst.map(({ rows, key, sample }) => ({ rows, key: JSON.stringify(key), sample: JSON.stringify(sample) })),
    {},
  );
}

const tell = ({ excess, groups, table, key, kept }: DuplicatesFound, dedupe: string): string =>
  `${count(excess, 'row')} too many in ${table}: ${count(groups, 'key')} (${key}) of more than one row. \`${dedupe}\` removes all but the earliest (${kept}).`;
