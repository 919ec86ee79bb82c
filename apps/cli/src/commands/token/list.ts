import type { Command } from 'commander';
import { type ConfigOptions, defineCommand } from '../../command.ts';
import type { Io } from '../../io.ts';
import { addListOutput, type ListOptions } from '../../output/options.ts';
import { printRecords } from '../../output/print.ts';
import { administrate } from '../administrate.ts';

interface Options extends ConfigOptions, ListOptions {}

export function listTokensCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'list',
    summary: 'show all tokens',
    description:
      'Shows the name, the role and the age of every token; the tokens themselves are not kept.\nIn a pipe: name, role and time, divided by tabs.',
    examples: ['scorpiox token list', 'scorpiox token list --json'],
  });
  addListOutput(command, 'an array of {name, role, created}').action(async (options: Options) => {
    await printRecords(io, await administrate(io, options, (admin) => admin.tokens()), options);
  });
}
