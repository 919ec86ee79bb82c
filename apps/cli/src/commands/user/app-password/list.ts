import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { printRecords } from '../../../output.ts';

interface Options extends ConfigOptions {
  readonly json?: true;
}

export function listAppPasswordsCommand(parent: Command, io: Io): void {
  defineCommand(parent, {
    usage: 'list <user>',
    summary: "show an account's app passwords",
    description:
      'Shows the names of the app passwords of an account and when they were made, never what they are.\nIn a pipe: a line of name, login and time each, divided by tabs.',
    examples: ['scorpiox user app-password list alice', 'scorpiox user app-password list alice --json'],
  })
    .option('--json', 'print an array of {name, login, created}')
    .action(async (user: string, options: Options) => {
      const config = orFail(readConfig(io, options));
      const { listAppPasswords } = await import('../../../ops/user/app-passwords.ts');
      printRecords(io, orFail(await listAppPasswords(config, user)), { json: options.json === true });
    });
}
