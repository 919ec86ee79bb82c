/** The options of a command that works on a database. What opens it is in connect.ts, which is loaded when a command runs. */
import type { Command } from 'commander';
import type { ConfigOptions } from '../../command.ts';
import { parseTime } from '../parse.ts';

export interface OnOptions extends ConfigOptions {
  readonly on?: string;
  readonly lockTimeout?: number;
  readonly quiet?: true;
}

/** Lets a command be told which database is meant, and how its statements are run. */
export function addOn(command: Command): Command {
  return addStatementOptions(command).option(
    '--on <database>',
    'sqlite:FILE, mssql://USER@HOST/DATABASE, or @FILE that holds such an address (default: insights.database)',
  );
}

/** The same for a command that names its databases in its own way. */
export function addStatementOptions(command: Command): Command {
  return command
    .option('--lock-timeout <time>', "how long a statement waits for others' locks (default: 5s)", parseTime)
    .option('--quiet', 'do not show the statements on standard error');
}
