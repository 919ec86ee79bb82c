import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../../command.ts';
import type { Io } from '../../../io.ts';

export function revokeKeyCommand(parent: Command, io: Io): void {
  defineCommand(parent, {
    usage: 'revoke <key>',
    summary: 'put an ingest key out of force',
    description: 'Puts a key out of force for good, within seconds. What was sent under it stays.',
    examples: ['scorpiox app key revoke 6f9619ff-8b86-4d01-b42d-00cf4fc964ff'],
  }).action(async (key: string, options: ConfigOptions) => {
    const config = orFail(readConfig(io, options));
    const { revokeKey } = await import('../../../ops/insights/keys.ts');
    orFail(await revokeKey(config, key));
    io.say('The key takes nothing any more.\n');
  });
}
