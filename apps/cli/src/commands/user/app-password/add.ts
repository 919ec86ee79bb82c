import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { addOutput, type OutputOptions } from '../../../output/options.ts';
import { printRecord } from '../../../output/print.ts';

interface Options extends ConfigOptions, OutputOptions {}

export function addAppPasswordCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'add <user> <name>',
    summary: 'make a password for one mail program',
    description:
      'Makes a password for mail and prints it; it is shown this once. It does not open the dashboard. The program signs in as\nUSER/NAME; one that sends the password itself (PLAIN, LOGIN) may sign in as USER as well.\nIn a pipe: user, name, login and password, divided by tabs.',
    examples: ['scorpiox user app-password add alice phone', 'scorpiox user app-password add alice backup --json'],
  });
  addOutput(command, '{user, name, login, password}').action(async (user: string, name: string, options: Options) => {
    const config = orFail(readConfig(io, options));
    const { addAppPassword } = await import('../../../ops/user/app-passwords.ts');
    await printRecord(io, orFail(await addAppPassword(config, user, name)), options);
    if (io.stdoutIsTerminal) io.say('Keep the password now: it is not shown again.\n');
  });
}
