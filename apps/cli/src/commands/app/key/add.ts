import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { printRecord } from '../../../output.ts';
import { parseSetting } from '../setting.ts';

interface Options extends ConfigOptions {
  readonly json?: true;
  readonly rateLimit?: ReturnType<typeof parseSetting>;
}

export function addKeyCommand(parent: Command, io: Io): void {
  defineCommand(parent, {
    usage: 'add [name]',
    summary: 'make one more ingest key, or a shared one',
    description:
      'Makes one more key for an application and prints it; the others stay in force. Without a name it makes a shared key: under\nit each event names its own application (app, ai.cloud.role, service.name), which is added at its first sight.\nIn a pipe: key, application, limit, made, revoked and connection string, divided by tabs.',
    examples: ['scorpiox app key add shop', 'scorpiox app key add --rate-limit 500 --json'],
  })
    .option('--rate-limit <events>', 'events a second that it may send', parseSetting)
    .option('--json', 'print {key, app, rateLimit, created, revoked, connectionString}')
    .action(async (name: string | undefined, options: Options) => {
      const config = orFail(readConfig(io, options));
      const { addKey } = await import('../../../ops/insights/keys.ts');
      const added = orFail(await addKey(config, name, options.rateLimit?.value));
      printRecord(io, added, { json: options.json === true });
    });
}
