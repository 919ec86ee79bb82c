/** The frame that every command hangs in: how it is declared, how it gets its configuration, how it fails. */
import type { Config, LoadOptions } from '@scorpiox/shared/config';
import { describeConfigErrors, loadConfig } from '@scorpiox/shared/config';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Command } from 'commander';
import type { Io } from './io.ts';
import type { Failure } from './ops/failure.ts';

/** What a command's action throws when it was not done; `run` turns it into a sentence and an exit code. */
export class CommandFailed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** What a command throws whose exit code is that of a program it ran, which has said all that there is to say. */
export class EndedAs extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`ended as a program did, with ${code}`);
    this.code = code;
  }
}

/** The value, or the end of the command. */
export function orFail<T>(result: Result<T, Failure>): T {
  if (!result.ok) throw new CommandFailed(result.error);
  return result.value;
}

export interface CommandText {
  /** `add <name>`. */
  readonly usage: string;
  /** One line for the parent's help. */
  readonly summary: string;
  /** What it does, for its own help. */
  readonly description: string;
  readonly examples: readonly string[];
  /** Whether it is what its group does where no command is named. */
  readonly isDefault?: true;
}

/** Declares a command with its help, its examples, and the two options that say which installation is meant. */
export function defineCommand(parent: Command, text: CommandText): Command {
  const command = parent
    .command(text.usage, { isDefault: text.isDefault === true })
    .summary(text.summary)
    .description(text.description);
  EXAMPLES.set(command, text.examples);
  return command
    .option('--config <file>', 'configuration file (default: scorpiox.toml, or SCORPIOX_CONFIG)')
    .option('--data-dir <dir>', 'where everything is kept (default: ./data, or SCORPIOX_DATA_DIR)')
    .addHelpText('after', examplesText(text.examples))
    .showHelpAfterError(`See \`${pathOf(command)} --help\`.`);
}

const examplesText = (examples: readonly string[]): string =>
  `\nExamples:\n${examples.map((example) => `  $ ${example}`).join('\n')}`;

/** The commands below one that do something, in the order in which help shows them; itself where there are none. */
export function leavesOf(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);
}

const EXAMPLES = new WeakMap<Command, readonly string[]>();

/** The command lines that a command's help shows. */
export const examplesOf = (command: Command): readonly string[] => EXAMPLES.get(command) ?? [];

/** A noun under which commands stand: `scorpiox user`. */
export function defineGroup(program: Command, name: string, description: string): Command {
  const group = program.command(name).description(description);
  group.addHelpText('after', () => examplesText(leavesOf(group).flatMap((leaf) => examplesOf(leaf).slice(0, 1))));
  return group.showHelpAfterError(`See \`${pathOf(group)} --help\`.`);
}

/** `scorpiox user add`. */
export function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

/** The options that `defineCommand` gives to every command. */
export interface ConfigOptions {
  readonly config?: string;
  readonly dataDir?: string;
}

/** The configuration that flags, environment and file give together. */
export function readConfig(io: Io, options: ConfigOptions): Result<Config, Failure> {
  const config = loadConfig(loadOptions(io, options));
  return config.ok ? ok(config.value) : err({ kind: 'usage', message: describeConfigErrors(config.error) });
}

/** What the configuration is read from. */
export const loadOptions = (io: Io, options: ConfigOptions): LoadOptions => ({
  env: io.env,
  flags: {
    ...(options.config === undefined ? {} : { config: options.config }),
    ...(options.dataDir === undefined ? {} : { data_dir: options.dataDir }),
  },
  cwd: io.cwd,
});
