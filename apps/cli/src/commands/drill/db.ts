import { type Command, InvalidArgumentError } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import {
  CRISIS_ROWS,
  CRISIS_SESSIONS,
  LOAD_SECONDS,
  LOAD_SECONDS_MOST,
  ROWS_LEAST,
  ROWS_MOST,
} from '../../ops/drill/db/limits.ts';
import { hasHeld } from '../../ops/drill/db/report.ts';
import { addOutput, type OutputOptions } from '../../output/options.ts';
import { addOn, type OnOptions } from '../db/on.ts';

export interface DrillDbOptions extends ConfigOptions, OutputOptions, OnOptions {
  readonly rows: number;
  readonly sessions: number;
  readonly seconds: number;
  readonly yes?: true;
}

const REPORT_SHAPE =
  '{database, rows, before, mended: [{command, seconds}], after, symptoms: {before, after}, checks: [{promise, held, found}]}';

export function drillDbCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'db',
    summary: "the journal's night on a database of its own: made, measured, mended, measured again",
    description:
      'Makes a table of 900,000 rows, 1,131 of them there twice, with durations as text behind a computed column and without\na unique index. 81 sessions insert by IF NOT EXISTS while what /apps asked is asked. That is measured, mended by the\ncommands of `scorpiox db`, and measured again. Then the database is removed. Without --on it is a file below the data\nfolder; on a SQL Server it is a database of its own, but the load is felt by whoever else uses that server.\nEnds with 1 where something that the mending promises did not hold.',
    examples: [
      'scorpiox drill db',
      'scorpiox drill db --rows 100000 --seconds 5 --quiet',
      'scorpiox drill db --on @server.url --yes --json',
    ],
  });
  addOutput(addOn(command), REPORT_SHAPE)
    .option('--rows <number>', 'rows of the table', within(ROWS_LEAST, ROWS_MOST), CRISIS_ROWS)
    .option('--sessions <number>', 'sessions that insert at once', within(1, 1000), CRISIS_SESSIONS)
    .option('--seconds <number>', 'how long each load runs', within(1, LOAD_SECONDS_MOST), LOAD_SECONDS)
    .option('--yes', 'do not ask before a server is put under load; needed where there is no terminal')
    .action(async (options: DrillDbOptions) => {
      const { dataDir } = orFail(readConfig(io, options));
      const { locate } = await import('../db/connect.ts');
      const on = options.on === undefined ? undefined : await locate(io, options.on, options);
      if (on?.kind === 'mssql') await agreeToLoad(io, options);
      const { holdDrill } = await import('./hold-drill.ts');
      const report = await holdDrill(io, { on, dataDir }, options);
      if (!hasHeld(report))
        throw new CommandFailed({ kind: 'error', message: 'Not all of it held: see the checks above.' });
    });
}

async function agreeToLoad(io: Io, { on, sessions, seconds, yes }: DrillDbOptions): Promise<void> {
  if (yes === true) return;
  const what = `${sessions} sessions insert into ${on} as fast as they can, twice for ${seconds} seconds`;
  if (!io.stdinIsTerminal) {
    throw new CommandFailed({ kind: 'usage', message: `${what}. Say --yes if it is to be done.` });
  }
  const answer = await io.ask(`${what}: whoever else uses that server feels it. Do this? [y/N]`);
  if (answer === undefined)
    throw new CommandFailed({ kind: 'interrupted', message: 'Interrupted; nothing was changed.' });
  if (!/^y(es)?$/i.test(answer.trim())) {
    throw new CommandFailed({ kind: 'cancelled', message: 'Cancelled; nothing was changed.' });
  }
}

function within(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}
