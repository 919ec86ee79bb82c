import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { addOutput, type OutputOptions } from '../../../output/options.ts';
import { printRecord } from '../../../output/print.ts';
import { TRACE_SHAPE, traceFields } from './fields.ts';

interface Options extends ConfigOptions, OutputOptions {}

export function stopTraceCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'stop [trace]',
    summary: 'end a trace',
    description:
      'Ends a trace that runs; without a name the only one. What it wrote stays: `trace show` shows it.\nIn a pipe: the fields of --json, divided by tabs.',
    examples: ['scorpiox imap trace stop', 'scorpiox imap trace stop 1b4e28ba'],
  });
  addOutput(command, TRACE_SHAPE).action(async (trace: string | undefined, options: Options) => {
    const config = orFail(readConfig(io, options));
    const { openAdmin } = await import('../../../ops/imap/admin.ts');
    const { stopTrace } = await import('../../../ops/imap/traces.ts');
    const stopped = orFail(await stopTrace(orFail(await openAdmin(config)), trace));
    await printRecord(io, traceFields(stopped), options);
  });
}
