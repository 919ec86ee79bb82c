import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { addOutput, type OutputOptions } from '../../../output/options.ts';
import { printRecord } from '../../../output/print.ts';

interface Options extends ConfigOptions, OutputOptions {}

export function removeAppPasswordCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'rm <user> <name>',
    summary: 'take an app password back',
    description: 'Takes an app password back: nobody signs in with it any more. Sessions that are signed in stay so.',
    examples: ['scorpiox user app-password rm alice phone'],
  });
  addOutput(command, '{name, login, created} of what was taken back').action(
    async (user: string, name: string, options: Options) => {
      const config = orFail(readConfig(io, options));
      const { removeAppPassword } = await import('../../../ops/user/app-passwords.ts');
      const removed = orFail(await removeAppPassword(config, user, name));
      if (options.json === true || options.jq !== undefined) await printRecord(io, removed, options);
      else io.say(`The app password ${removed.login} opens nothing any more.\n`);
    },
  );
}
