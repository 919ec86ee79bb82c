/** Options that several of the commands take, and what all of them begin with. */
import { resolve } from 'node:path';
import { type Config, parseModel } from '@scorpiox/shared/config';
import { type Command, InvalidArgumentError } from 'commander';
import { type ConfigOptions, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { Tmux } from '../../ops/tmux/tmux.ts';
import { checkVariables, isVariable } from '../../ops/tmux/variables.ts';
import { visible } from '../../output/visible.ts';
import { outsideEnvironment } from '../../outside-environment.ts';

/** What a session is made, or made again, with. */
export interface StartOptions extends ConfigOptions {
  readonly model?: string;
  readonly env?: readonly string[];
  readonly envFile?: string;
  readonly dryRun?: true;
}

export function addStartOptions(command: Command): Command {
  return command
    .option('-m, --model <model>', 'what CLAUDE_MODEL is in it: opus, sonnet, haiku or any id', parseModelOption)
    .option('--env <name=value>', 'a variable in it; others on the machine can see it: no secrets', addVariable)
    .option('--env-file <file>', 'more variables, a line NAME=value each')
    .option('--dry-run', 'print the command lines that would be run, and run none that changes anything');
}

function parseModelOption(text: string): string {
  const model = parseModel(text);
  if (model.ok) return model.value;
  throw new InvalidArgumentError(`It must be ${model.error}.`);
}

function addVariable(text: string, before: readonly string[] = []): readonly string[] {
  if (isVariable(text)) return [...before, text];
  throw new InvalidArgumentError('It must be NAME=value, where a name is letters, digits and underscores.');
}

/** The variables that were given, and the file of more. */
export function variablesOf(io: Io, { env = [], envFile }: StartOptions) {
  const file = envFile === undefined ? undefined : resolve(io.cwd, envFile);
  return { env: orFail(checkVariables(env)), envFile: file };
}

/** What all commands begin with. In a dry run, what would be changed is printed. */
export async function openSessions(
  io: Io,
  options: ConfigOptions & { readonly dryRun?: true },
): Promise<{ readonly tmux: Tmux; readonly config: Config['tmux'] }> {
  const { tmux: config } = orFail(readConfig(io, options));
  const show = options.dryRun === true ? (line: string) => io.out(`${visible(line)}\n`) : undefined;
  const { programsOf } = await import('../../ops/programs.ts');
  const { openTmux } = await import('../../ops/tmux/tmux.ts');
  return { tmux: orFail(await openTmux(programsOf(outsideEnvironment(io.env), show))), config };
}

/** Says what is no failure. */
export const warning = (io: Io) => (sentence: string) => io.say(`scorpiox: ${sentence}\n`);
