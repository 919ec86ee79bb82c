import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import { printRecord } from '../../output.ts';

interface Options extends ConfigOptions {
  readonly json?: true;
}

export function addAppCommand(parent: Command, io: Io): void {
  defineCommand(parent, {
    usage: 'add <name>',
    summary: 'let an application send telemetry',
    description:
      'Adds an application and prints its ingest key and connection string.\nIn a pipe: name, key and connection string, divided by tabs.',
    examples: ['scorpiox app add shop', 'scorpiox app add shop --json'],
  })
    .option('--json', 'print {name, key, connectionString}')
    .action(async (name: string, options: Options) => {
      const config = orFail(readConfig(io, options));
      const { addApp } = await import('../../ops/insights/add-app.ts');
      const { name: added, key, connectionString } = orFail(await addApp(config, name));
      printRecord(io, { name: added, key, connectionString }, { json: options.json === true });
    });
}
