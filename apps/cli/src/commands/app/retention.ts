import type { Command } from 'commander';
import { type ConfigOptions, defineCommand } from '../../command.ts';
import type { Io } from '../../io.ts';
import { administrate } from '../administrate.ts';
import { parseSetting } from './setting.ts';

export function retentionCommand(parent: Command, io: Io): void {
  defineCommand(parent, {
    usage: 'retention',
    summary: 'say for how long the events of an application are kept',
    description:
      'Sets for how many days the events of an application are kept; default: as long as those of every other (30 days). Older\nones are deleted within minutes, and are not taken any more.',
    examples: ['scorpiox app retention shop 90', 'scorpiox app retention shop default'],
  })
    .argument('<name>', 'the application')
    .argument('<days>', 'whole days, or default', parseSetting)
    .action(async (name: string, days: ReturnType<typeof parseSetting>, options: ConfigOptions) => {
      await administrate(io, options, (admin) => admin.setRetention(name, days.value));
      const howLong = days.value === undefined ? 'as long as those of every other' : `for ${days.value} days`;
      io.say(`The events of ${name} are kept ${howLong}.\n`);
    });
}
