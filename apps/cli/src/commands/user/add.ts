import type { Role } from '@scorpiox/shared/contract';
import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import { roleOption } from '../roles.ts';
import { readPassword } from './read-password.ts';

interface Options extends ConfigOptions {
  readonly passwordStdin?: true;
  readonly role?: Role;
}

export function addUserCommand(parent: Command, io: Io): void {
  defineCommand(parent, {
    usage: 'add <name>',
    summary: 'add an account',
    description:
      'Adds an account for mail and makes its Maildir. Asks for the password on the terminal, or reads it from\nstandard input (one line end at its end does not count). With a role it may sign in to the dashboard too.',
    examples: [
      'scorpiox user add alice',
      'scorpiox user add alice --role admin',
      'pass show alice | scorpiox user add alice --password-stdin',
    ],
  })
    .option('--password-stdin', 'read the password from standard input')
    .addOption(roleOption('what the account may do in the dashboard (without: mail only)'))
    .action(async (name: string, options: Options) => {
      const config = orFail(readConfig(io, options));
      const password = orFail(await readPassword(io, options.passwordStdin === true));
      const role = options.role === undefined ? {} : { role: options.role };
      const { addUser } = await import('../../ops/user/add-user.ts');
      const user = orFail(await addUser(config, { name, password, ...role }, (line) => io.say(`${line}\n`)));
      io.say(`Added ${user.name}; mail is kept in ${user.maildir}.\n`);
    });
}
