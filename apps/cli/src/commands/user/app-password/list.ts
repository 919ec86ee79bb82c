import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { addListOutput, type ListOptions } from '../../../output/options.ts';
import { printRecords } from '../../../output/print.ts';

interface Options extends ConfigOptions, ListOptions {}

export function listAppPasswordsCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'list <user>',
    summary: "show an account's app passwords",
    description:
      'Shows the names of the app passwords of an account and when they were made, never what they are.\nIn a pipe: a line of name, login and time each, divided by tabs.',
    examples: ['scorpiox user app-password list alice', 'scorpiox user app-password list alice --json'],
  });
  addListOutput(command, 'an array of {name, login, created}').action(async (user: string, options: Options) => {
    const config = orFail(readConfig(io, options));
    const { listAppPasswords } = await import('../../../ops/user/app-passwords.ts');
    await printRecords(io, orFail(await listAppPasswords(config, user)), options);
  });
}
