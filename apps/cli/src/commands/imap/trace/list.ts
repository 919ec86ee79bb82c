import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { addListOutput, type ListOptions } from '../../../output/options.ts';
import { printRecords } from '../../../output/print.ts';
import { TRACE_SHAPE, traceFields } from './fields.ts';

interface Options extends ConfigOptions, ListOptions {}

export function listTracesCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'list',
    summary: 'show the traces that run, and the last that ended',
    description:
      'Shows the traces that run and the last that ended, and why each did: stopped, time, size, error or shutdown. The server\nforgets them when it restarts; their files stay for a week, and `trace show` still finds them.\nIn a pipe: the fields of --json, divided by tabs.',
    examples: ['scorpiox imap trace list', "scorpiox imap trace list --jq '.[] | select(.ended == null).id'"],
  });
  addListOutput(command, `an array of ${TRACE_SHAPE}`).action(async (options: Options) => {
    const config = orFail(readConfig(io, options));
    const { openAdmin } = await import('../../../ops/imap/admin.ts');
    const { listTraces } = await import('../../../ops/imap/traces.ts');
    const traces = orFail(await listTraces(orFail(await openAdmin(config))));
    await printRecords(io, traces.map(traceFields), options);
  });
}
