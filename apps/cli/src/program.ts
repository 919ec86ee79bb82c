import { Command, CommanderError, Help } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { CommandFailed, EndedAs, pathOf } from './command.ts';
import { alertsCommands } from './commands/alerts/alerts.ts';
import { apiCommand } from './commands/api/api.ts';
import { appCommands } from './commands/app/app.ts';
import { branchesCommands } from './commands/branches/branches.ts';
import { certCommands } from './commands/cert/cert.ts';
import { completionCommand } from './commands/completion/completion.ts';
import { configCommands } from './commands/config/config.ts';
import { dbCommands } from './commands/db/db.ts';
import { doctorCommand } from './commands/doctor/doctor.ts';
import { drillCommands } from './commands/drill/drill.ts';
import { eventsCommands } from './commands/events/events.ts';
import { imapCommands } from './commands/imap/imap.ts';
import { loginCommand, logoutCommand } from './commands/login/login.ts';
import { mailCommands } from './commands/mail/mail.ts';
import { manCommand } from './commands/man/man.ts';
import { refsCommands } from './commands/refs/refs.ts';
import { runsCommands } from './commands/runs/runs.ts';
import { tmuxCommands } from './commands/tmux/tmux.ts';
import { tokenCommands } from './commands/token/token.ts';
import { undoCommand } from './commands/undo/undo.ts';
import { upCommand } from './commands/up/up.ts';
import { userCommands } from './commands/user/user.ts';
import { EXIT_OK, exitCodeOf } from './exit-codes.ts';
import type { Io, ProcessIo } from './io.ts';
import { type Failure, kindOfSystemError, systemErrorCode } from './ops/failure.ts';

/** Runs one command line (without `node` and the script) and says how it ended. Never throws. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  try {
    await buildProgram(io).parseAsync(args, { from: 'user' });
    return EXIT_OK;
  } catch (error) {
    return explain(error, io);
  }
}

/** The exit code of a command that ended with `code`, once all that it printed is out or lost: who lost it is told. */
export function codeWithOutput(code: number, io: ProcessIo): number {
  const error = io.lost();
  if (error === undefined) return code;
  const reason = systemErrorCode(error);
  io.say(`scorpiox: Standard output took not all of it: ${reason ?? error.message}.\n`);
  return code === EXIT_OK ? exitCodeOf(kindOfSystemError(reason)) : code;
}

/** In the order in which help shows them. */
const COMMANDS = [
  upCommand,
  userCommands,
  mailCommands,
  certCommands,
  imapCommands,
  appCommands,
  tokenCommands,
  eventsCommands,
  alertsCommands,
  dbCommands,
  tmuxCommands,
  loginCommand,
  logoutCommand,
  apiCommand,
  refsCommands,
  doctorCommand,
  drillCommands,
  branchesCommands,
  runsCommands,
  undoCommand,
  configCommands,
  completionCommand,
  manCommand,
];

/**
 * Declares every command. What a command does is loaded when it runs: a mail server starts `mail deliver` for each
 * message, and should not wait for what only `up` needs.
 */
export function buildProgram(io: Io): Command {
  const program = new Command('scorpiox')
    .description('Runs and looks after a Scorpiox installation: mail, accounts, applications.')
    .version(manifest.version, '--version', 'show the version')
    .helpCommand('help [command]', 'show how a command is used')
    .exitOverride()
    .configureHelp(ONE_NAME)
    .configureOutput({
      writeOut: io.out,
      writeErr: io.say,
      outputError: (text, write) => write(withoutValues(text)),
    })
    .showHelpAfterError('See `scorpiox --help`.')
    .addHelpText('after', '\nStart everything here with `scorpiox up`.');
  for (const add of COMMANDS) add(program, io);
  return program;
}

/** Help calls a command by its name alone: what it was called before goes on working, and is not advertised. */
const ONE_NAME = {
  subcommandTerm: (command: Command) => new Help().subcommandTerm(command).replace(/^([^ |]+)\|[^ ]+/, '$1'),
  commandUsage: (command: Command) => `${pathOf(command)} ${command.usage()}`,
};

/**
 * What commander says of a wrong command line, in our form, and without the arguments it repeats: somebody may have
 * put a password there.
 */
function withoutValues(text: string): string {
  return text
    .replace(/^error: /, 'scorpiox: ')
    .replace(/(Expected \d+ arguments? but got \d+): [\s\S]*$/, '$1.\n')
    .replace(/(unknown option '--[^'=]*)=[\s\S]*'/, "$1'")
    .replace(/(unknown option '-[^-])[\s\S]+'/, "$1'");
}

function explain(error: unknown, io: Io): number {
  // Help that was asked for is no failure; whatever else commander has to say, it has said.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : exitCodeOf('usage');
  if (error instanceof EndedAs) return error.code;
  const failure = error instanceof CommandFailed ? error.failure : unexpected(error);
  io.say(`scorpiox: ${failure.message}\n`);
  return exitCodeOf(failure.kind);
}

function unexpected(error: unknown): Failure {
  if (!(error instanceof Error)) return { kind: 'error', message: `Something went wrong: ${String(error)}` };
  return { kind: kindOfSystemError(systemErrorCode(error)), message: `Something went wrong: ${error.message}` };
}
