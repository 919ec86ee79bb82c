import type { Command } from 'commander';
import { CommandFailed, defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { Verified } from '../../ops/db/verify/verify.ts';
import { addOutput, type OutputOptions } from '../../output/options.ts';
import { printForPrograms, printRecords } from '../../output/print.ts';
import { showProgress } from '../../output/progress.ts';
import { listenForStop } from '../../signals.ts';
import { count } from '../count.ts';
import { addStatementOptions, type OnOptions } from './on.ts';

interface Options extends OnOptions, OutputOptions {
  readonly deep?: true;
}

export function verifyDatabaseCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'verify <first> <second>',
    summary: 'whether two insights databases hold the same',
    description:
      'Goes through every table in ranges of its key and counts the rows on both sides, whichever kind of database each is; with\n--deep, reads them and compares SHA-256 hashes. Where a range differs it is halved until the rows are found, and the first\n100 of them are named. Reads only. What an API writes meanwhile differs. Differences end it with 3.\nIn a pipe: table, ranges, rows of the first and of the second, rows that differ, and SHA-256, divided by tabs.',
    examples: [
      'scorpiox db verify sqlite:/backup/insights.db sqlite:data/insights.db --deep',
      'scorpiox db verify sqlite:data/insights.db @sql-server.address --deep',
    ],
  });
  addOutput(
    addStatementOptions(command),
    '{first, second, deep, rows, differing, tables: [{table, ranges, first, second, differing, sha256}], differences: [{table, key, in, columns}]}',
  )
    .option('--deep', 'read and hash every row, instead of only counting them')
    .action(async (first: string, second: string, options: Options) => {
      const { locate, withConsole } = await import('./connect.ts');
      const { textsOnce } = await import('./tell-once.ts');
      const teller = textsOnce(io, options);
      const [one, other] = [await locate(io, first, options), await locate(io, second, options)];
      const open = { readOnly: true, teller };
      await withConsole(io, one, open, options, (a) =>
        withConsole(io, other, open, options, async (b) => {
          const { openContents } = await import('../../ops/db/insights/contents.ts');
          const { verify } = await import('../../ops/db/verify/verify.ts');
          const sides = { first: orFail(await openContents(a)), second: orFail(await openContents(b)) };
          const signals = listenForStop();
          const progress = showProgress(io, { label: 'Comparing', unit: 'rows' });
          const deep = options.deep === true;
          const request = { ...sides, deep, stop: signals.stop, onProgress: progress.update };
          const verified = await verify(request).finally(() => {
            progress.end();
            signals.dispose();
          });
          await report(io, { first: a.name, second: b.name, deep }, verified, options);
        }),
      );
    });
}

interface Asked {
  readonly first: string;
  readonly second: string;
  readonly deep: boolean;
}

async function report(io: Io, asked: Asked, verified: Verified, options: Options): Promise<void> {
  const { tables, differences, differing, rows, isWhole } = verified;
  if (!isWhole) throw new CommandFailed({ kind: 'interrupted', message: 'Interrupted before all was compared.' });
  if (!(await printForPrograms(io, { ...asked, rows, differing, tables, differences }, options))) {
    await printRecords(io, tables, {});
  }
  for (const { table, key, in: where, columns } of differences) {
    const how =
      where === 'both'
        ? `differs in ${columns.join(', ')}`
        : `only in ${where === 'first' ? asked.first : asked.second}`;
    io.say(`${table} ${key}: ${how}\n`);
  }
  const how = asked.deep ? 'compared by SHA-256' : 'counted';
  const looked = `${count(rows, 'row')} of ${count(tables.length, 'table')} ${how}`;
  if (differing === 0) {
    io.say(`${looked}: ${asked.first} and ${asked.second} hold the same.\n`);
    return;
  }
  const more = differing > differences.length ? `; the first ${differences.length} are named` : '';
  throw new CommandFailed({ kind: 'findings', message: `${looked}: ${count(differing, 'row')} differ${more}.` });
}
