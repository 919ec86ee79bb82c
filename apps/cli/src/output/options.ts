import { type Command, InvalidArgumentError } from 'commander';

/** How somebody wants the data: the options that `addOutput` and `addListOutput` give to a command. */
export interface OutputOptions {
  readonly json?: true;
  /** A jq filter over what `--json` would print. */
  readonly jq?: string;
}

/** The same for commands that print several things. */
export interface ListOptions extends OutputOptions {
  readonly limit?: number;
}

/** Lets a command print its data for programs too. `shape` is what `--json` prints: an interface, see docs/cli.md. */
export function addOutput(command: Command, shape: string): Command {
  return command
    .option('--json', `print ${shape}`)
    .option('--jq <filter>', 'print what a jq filter makes of the JSON, texts without quotes');
}

/** The same for a command that prints a list. */
export function addListOutput(command: Command, shape: string): Command {
  return addOutput(command, shape).option('--limit <number>', 'print so many at most', parseCount);
}

/** A whole number from 1 on. */
export function parseCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 on.');
}
