import type { Command } from 'commander';
import { type ConfigOptions, defineCommand } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { addOutput, type OutputOptions } from '../../../output/options.ts';
import { printRecord } from '../../../output/print.ts';
import { administrate } from '../../administrate.ts';
import { parseSetting } from '../setting.ts';

interface Options extends ConfigOptions, OutputOptions {
  readonly rateLimit?: ReturnType<typeof parseSetting>;
}

export function addKeyCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'add [name]',
    summary: 'make one more ingest key, or a shared one',
    description:
      'Makes one more key for an application and prints it; the others stay in force. Without a name it makes a shared key: under\nit each event names its own application (app, ai.cloud.role, service.name), which is added at its first sight.\nIn a pipe: key, application, limit, made, revoked and connection string, divided by tabs.',
    examples: ['scorpiox app key add shop', 'scorpiox app key add --rate-limit 500 --json'],
  });
  addOutput(command, '{key, app, rateLimit, created, revoked, connectionString}')
    .option('--rate-limit <events>', 'events a second that it may send', parseSetting)
    .action(async (name: string | undefined, options: Options) => {
      const rateLimit = options.rateLimit?.value;
      await printRecord(io, await administrate(io, options, (admin) => admin.addKey(name, rateLimit)), options);
    });
}
