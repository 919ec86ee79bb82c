import type { Command } from 'commander';
import { type ConfigOptions, defineCommand } from '../../command.ts';
import type { Io } from '../../io.ts';
import { administrate } from '../administrate.ts';

export function revokeTokenCommand(parent: Command, io: Io): void {
  defineCommand(parent, {
    usage: 'revoke <name>',
    summary: 'put a token out of force',
    description: 'Forgets a token for good: it opens nothing any more, and its name is free.',
    examples: ['scorpiox token revoke grafana'],
  }).action(async (name: string, options: ConfigOptions) => {
    await administrate(io, options, (admin) => admin.revokeToken(name));
    io.say(`The token ${name} opens nothing any more.\n`);
  });
}
