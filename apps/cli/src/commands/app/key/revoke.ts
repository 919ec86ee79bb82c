import type { Command } from 'commander';
import { type ConfigOptions, defineCommand } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { administrate } from '../../administrate.ts';

export function revokeKeyCommand(parent: Command, io: Io): void {
  defineCommand(parent, {
    usage: 'revoke <key>',
    summary: 'put an ingest key out of force',
    description: 'Puts a key out of force for good, within seconds. What was sent under it stays.',
    examples: ['scorpiox app key revoke 6f9619ff-8b86-4d01-b42d-00cf4fc964ff'],
  }).action(async (key: string, options: ConfigOptions) => {
    await administrate(io, options, (admin) => admin.revokeKey(key));
    io.say('The key takes nothing any more.\n');
  });
}
