import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { printRecords } from '../../../output.ts';

interface Options extends ConfigOptions {
  readonly json?: true;
}

export function listKeysCommand(parent: Command, io: Io): void {
  defineCommand(parent, {
    usage: 'list',
    summary: 'show all ingest keys, revoked ones too',
    description: 'In a pipe: a line of key, application, limit, made and revoked each, divided by tabs.',
    examples: ['scorpiox app key list', 'scorpiox app key list --json'],
  })
    .option('--json', 'print an array of {key, app, rateLimit, created, revoked}')
    .action(async (options: Options) => {
      const config = orFail(readConfig(io, options));
      const { listKeys } = await import('../../../ops/insights/keys.ts');
      printRecords(io, orFail(await listKeys(config)), { json: options.json === true });
    });
}
