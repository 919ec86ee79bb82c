import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { printRecord } from '../../../output.ts';

interface Options extends ConfigOptions {
  readonly json?: true;
}

export function removeAppPasswordCommand(parent: Command, io: Io): void {
  defineCommand(parent, {
    usage: 'rm <user> <name>',
    summary: 'take an app password back',
    description: 'Takes an app password back: nobody signs in with it any more. Sessions that are signed in stay so.',
    examples: ['scorpiox user app-password rm alice phone'],
  })
    .option('--json', 'print {name, login, created} of what was taken back')
    .action(async (user: string, name: string, options: Options) => {
      const config = orFail(readConfig(io, options));
      const { removeAppPassword } = await import('../../../ops/user/app-passwords.ts');
      const removed = orFail(await removeAppPassword(config, user, name));
      if (options.json === true) printRecord(io, removed, { json: true });
      else io.say(`The app password ${removed.login} opens nothing any more.\n`);
    });
}
