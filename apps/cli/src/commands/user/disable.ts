import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';

export function disableUserCommand(parent: Command, io: Io): void {
  defineCommand(parent, {
    usage: 'disable <name>',
    summary: 'let nobody sign in as an account',
    description:
      'Lets nobody sign in as the account: not to mail, by none of its app passwords, not to the dashboard. Sessions that are\nopen end within seconds. Its mail stays, and new mail for it still arrives. API tokens belong to no account and stay.',
    examples: ['scorpiox user disable alice'],
  }).action(async (name: string, options: ConfigOptions) => {
    const config = orFail(readConfig(io, options));
    const { disableUser } = await import('../../ops/user/set-disabled.ts');
    const { name: disabled } = orFail(await disableUser(config, name));
    io.say(`${disabled} is disabled: nobody signs in, and open sessions end. Mail still arrives.\n`);
  });
}

export function enableUserCommand(parent: Command, io: Io): void {
  defineCommand(parent, {
    usage: 'enable <name>',
    summary: 'let an account sign in again',
    description: 'Lets an account sign in again, with the password and the app passwords that it had.',
    examples: ['scorpiox user enable alice'],
  }).action(async (name: string, options: ConfigOptions) => {
    const config = orFail(readConfig(io, options));
    const { enableUser } = await import('../../ops/user/set-disabled.ts');
    const { name: enabled } = orFail(await enableUser(config, name));
    io.say(`${enabled} may sign in again.\n`);
  });
}
