import type { Command } from 'commander';
import { type ConfigOptions, defineCommand } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { addListOutput, type ListOptions } from '../../../output/options.ts';
import { printRecords } from '../../../output/print.ts';
import { administrate } from '../../administrate.ts';

interface Options extends ConfigOptions, ListOptions {}

export function listKeysCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'list',
    summary: 'show all ingest keys, revoked ones too',
    description: 'In a pipe: a line of key, application, limit, made and revoked each, divided by tabs.',
    examples: ['scorpiox app key list', 'scorpiox app key list --json'],
  });
  addListOutput(command, 'an array of {key, app, rateLimit, created, revoked}').action(async (options: Options) => {
    await printRecords(io, await administrate(io, options, (admin) => admin.keys()), options);
  });
}
