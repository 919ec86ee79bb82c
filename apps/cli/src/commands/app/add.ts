import type { Command } from 'commander';
import { type ConfigOptions, defineCommand } from '../../command.ts';
import type { Io } from '../../io.ts';
import { addOutput, type OutputOptions } from '../../output/options.ts';
import { printRecord } from '../../output/print.ts';
import { administrate } from '../administrate.ts';

interface Options extends ConfigOptions, OutputOptions {}

export function addAppCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'add <name>',
    summary: 'let an application send telemetry',
    description:
      'Adds an application and prints its ingest key and connection string.\nIn a pipe: name, key and connection string, divided by tabs.',
    examples: ['scorpiox app add shop', 'scorpiox app add shop --json'],
  });
  addOutput(command, '{name, key, connectionString}').action(async (name: string, options: Options) => {
    await printRecord(io, await administrate(io, options, (admin) => admin.addApp(name)), options);
  });
}
