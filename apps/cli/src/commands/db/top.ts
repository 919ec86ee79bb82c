import type { DatabaseLocation } from '@scorpiox/shared/config';
import type { Console, Statement } from '@scorpiox/shared/database/console';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Command } from 'commander';
import { CommandFailed, defineCommand } from '../../command.ts';
import type { Io } from '../../io.ts';
import { LOOK_MS } from '../../ops/db/limits.ts';
import type { Failure } from '../../ops/failure.ts';
import { addListOutput, type ListOptions } from '../../output/options.ts';
import { printRecords } from '../../output/print.ts';
import { painter } from '../../output/style.ts';
import { watch } from '../watch.ts';
import { addOn, type OnOptions } from './on.ts';
import { type AtWork, TOP_SHAPE, topFields, topLines, topSummary } from './top-rows.ts';

interface Options extends OnOptions, ListOptions {
  readonly watch?: true;
}

export function topCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'top',
    summary: 'show who is at work in a database, and with what',
    description:
      'Shows the sessions of a SQL Server: what each runs and for how long, what it waits for, whom, its processor time and reads.\nWhat runs longest comes first. Of a file of SQLite it shows the other processes that have it open, as far as the system\ntells. In a pipe: the fields of --json, divided by tabs.',
    examples: [
      'scorpiox db top',
      'scorpiox db top --watch',
      `scorpiox db top --jq '.[] | select(.blockedBy != null) | [.session, .blockedBy]'`,
    ],
  });
  addListOutput(addOn(command), `an array of ${TOP_SHAPE}; of SQLite of {pid, command, reads, writes}`)
    .option('--watch', 'show them every second on the whole terminal, until q or Ctrl-C')
    .action((options: Options) => top(io, options));
}

async function top(io: Io, options: Options): Promise<void> {
  const { asFailed, tellerOf, withDatabase } = await import('./connect.ts');
  const tell = tellerOf(io, options);
  let isOver = false; // statements have no place on a page, and it is the same one each time
  const teller = (name: string) => (statement: Statement) => {
    if (!isOver) tell(name)(statement);
  };
  await withDatabase(io, options, { readOnly: true, statementTimeoutMs: LOOK_MS, teller }, async (db, location) => {
    if (options.watch === true) {
      const look = async (): Promise<Result<AtWork, Failure>> => {
        try {
          return ok(await atWork(db, location));
        } catch (error) {
          const failed = asFailed(error, db.name);
          if (failed instanceof CommandFailed) return err(failed.failure);
          throw error;
        } finally {
          isOver = true;
        }
      };
      const show = (seen: AtWork, paint: ReturnType<typeof painter>) => ({
        head: `${topSummary(seen)} (${db.name})`,
        notes: [],
        lines: topLines(seen, paint),
      });
      return watch(io, look, show, options);
    }
    await print(io, await atWork(db, location), options);
  });
}

async function atWork(db: Console, location: DatabaseLocation): Promise<AtWork> {
  if (location.kind === 'sqlite') {
    const { holdersOf } = await import('../../ops/db/holders/holders.ts');
    const holders = await holdersOf(location.file);
    if (holders === undefined) throw new CommandFailed(NO_PROC);
    return { kind: 'sqlite', holders };
  }
  const { readSessions } = await import('../../ops/db/sessions/read.ts');
  return { kind: 'sqlserver', sessions: await readSessions(db) };
}

const NO_PROC: Failure = {
  kind: 'unavailable',
  message: 'This system does not tell who has a file open: /proc is missing.',
};

async function print(io: Io, work: AtWork, options: Options): Promise<void> {
  const isForPeople = io.stdoutIsTerminal && options.json === undefined && options.jq === undefined;
  if (isForPeople) {
    const lines = topLines(work, painter(io));
    io.out(
      lines
        .slice(0, options.limit === undefined ? lines.length : options.limit + 1)
        .map((line) => `${line}\n`)
        .join(''),
    );
    io.say(`${topSummary(work)}.\n`);
  } else await printRecords(io, topFields(work), options);
}
