import type { Command } from 'commander';
import { type ConfigOptions, defineCommand } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { administrate } from '../../administrate.ts';
import { parseSetting } from '../setting.ts';

export function limitKeyCommand(parent: Command, io: Io): void {
  defineCommand(parent, {
    usage: 'limit',
    summary: 'say how much an ingest key may send',
    description:
      'Sets how many events a second a key may send; a sender above that is told to come back (429). default: the limit of every\nother key.',
    examples: ['scorpiox app key limit 6f9619ff-8b86-4d01-b42d-00cf4fc964ff 500'],
  })
    .argument('<key>', 'the key')
    .argument('<events>', 'events a second, or default', parseSetting)
    .action(async (key: string, events: ReturnType<typeof parseSetting>, options: ConfigOptions) => {
      await administrate(io, options, (admin) => admin.limitKey(key, events.value));
      io.say(
        events.value === undefined
          ? 'The key has the limit of every other.\n'
          : `The key may send ${events.value} events a second.\n`,
      );
    });
}
