import type { Console } from '@scorpiox/shared/database/console';
import type { Command } from 'commander';
import { CommandFailed, defineCommand } from '../../command.ts';
import type { Io } from '../../io.ts';
import { LOOK_MS } from '../../ops/db/limits.ts';
import { addListOutput, type ListOptions } from '../../output/options.ts';
import { printRecords } from '../../output/print.ts';
import { count } from '../count.ts';
import { BLOCKING_SHAPE, blockingFields, blockingLines } from './blocking-rows.ts';
import { addOn, type OnOptions } from './on.ts';
import { onSame } from './same-database.ts';

interface Options extends OnOptions, ListOptions {}

export function blockingCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'blocking',
    summary: 'show who waits for whose locks',
    description:
      'Shows the sessions of a SQL Server that others wait for, each with those that wait for it below, what each runs or ran\nlast, and since when. Of a file of SQLite it shows the process that has the right to write, as far as the system tells.\nWhere somebody waits it ends with 3. In a pipe: the fields of --json, divided by tabs.',
    examples: ['scorpiox db blocking', `scorpiox db blocking --jq '.[] | select(.depth == 0).session'`],
  });
  addListOutput(addOn(command), `an array of ${BLOCKING_SHAPE}; of SQLite of {pid, command, reads, writes}`).action(
    async (options: Options) => {
      const { withDatabase } = await import('./connect.ts');
      await withDatabase(io, options, { readOnly: true, statementTimeoutMs: LOOK_MS }, (db, location) =>
        location.kind === 'sqlite' ? showWriters(io, location.file, options) : showTrees(io, db, options),
      );
    },
  );
}

async function showTrees(io: Io, db: Console, options: Options): Promise<void> {
  const { readSessions } = await import('../../ops/db/sessions/read.ts');
  const { blockingTrees, countWaiting } = await import('../../ops/db/sessions/chain.ts');
  const trees = blockingTrees(await readSessions(db));
  const isForPeople = io.stdoutIsTerminal && options.json === undefined && options.jq === undefined;
  if (isForPeople)
    io.out(
      blockingLines(trees)
        .map((line) => `${line}\n`)
        .join(''),
    );
  else await printRecords(io, blockingFields(trees), options);
  const waiting = trees.reduce((sum, tree) => sum + countWaiting(tree), 0);
  const [head] = trees;
  if (head === undefined) {
    io.say('Nobody waits for a lock.\n');
    return;
  }
  const message = `${count(waiting, 'session')} wait${waiting === 1 ? 's' : ''}, most of them for ${head.session.id}; \`${onSame(['kill', String(head.session.id)], options)}\` tells what ending it would cost.`;
  throw new CommandFailed({ kind: 'findings', message });
}

async function showWriters(io: Io, file: string, options: Options): Promise<void> {
  const { holdersOf } = await import('../../ops/db/holders/holders.ts');
  const holders = await holdersOf(file);
  if (holders === undefined) {
    throw new CommandFailed({
      kind: 'unavailable',
      message: 'This system does not tell who has a file open: /proc is missing.',
    });
  }
  const writers = holders.filter(({ writes }) => writes);
  await printRecords(
    io,
    writers.map((holder) => ({ ...holder })),
    options,
  );
  if (writers.length === 0) io.say(`No process that can be seen from here is writing to ${file}.\n`);
  else throw new CommandFailed({ kind: 'findings', message: `Others that want to write to ${file} wait for it.` });
}
