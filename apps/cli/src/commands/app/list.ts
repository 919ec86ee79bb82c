import type { Command } from 'commander';
import { type ConfigOptions, defineCommand } from '../../command.ts';
import type { Io } from '../../io.ts';
import { addListOutput, type ListOptions } from '../../output/options.ts';
import { printRecords } from '../../output/print.ts';
import { administrate } from '../administrate.ts';

interface Options extends ConfigOptions, ListOptions {}

export function listAppsCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'list',
    summary: 'show all applications',
    description:
      'Shows every application, for how many days its events are kept, and when it was added.\nIn a pipe: name, days (empty: as long as the API keeps them by default) and time, divided by tabs.',
    examples: ['scorpiox app list', "scorpiox app list --jq '.[].name'"],
  });
  addListOutput(command, 'an array of {name, retentionDays, created}').action(async (options: Options) => {
    await printRecords(io, await administrate(io, options, (admin) => admin.apps()), options);
  });
}
