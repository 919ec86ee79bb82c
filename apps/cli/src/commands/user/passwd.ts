import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import { readPassword } from './read-password.ts';

interface Options extends ConfigOptions {
  readonly passwordStdin?: true;
}

export function passwdCommand(parent: Command, io: Io): void {
  defineCommand(parent, {
    usage: 'passwd <name>',
    summary: "change an account's password",
    description:
      'Changes the password of an account, for mail and for the dashboard. Asks for it on the terminal, or reads it from\nstandard input (one line end at its end does not count). Sessions in the dashboard end. App passwords stay as they are.',
    examples: ['scorpiox user passwd alice', 'pass show alice | scorpiox user passwd alice --password-stdin'],
  })
    .alias('password') // what it was called first
    .option('--password-stdin', 'read the password from standard input')
    .action(async (name: string, options: Options) => {
      const config = orFail(readConfig(io, options));
      const { findAccount } = await import('../../ops/accounts.ts');
      orFail(await findAccount(config, name)); // before the password is asked for
      const password = orFail(await readPassword(io, options.passwordStdin === true));
      const { setPassword } = await import('../../ops/user/set-password.ts');
      const changed = orFail(await setPassword(config, name, password));
      io.say(
        `The password of ${changed.name} is changed. Its sessions in the dashboard have ended; mail sessions that are open stay so.\n`,
      );
    });
}
