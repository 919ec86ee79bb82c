import { traceFolder } from '@scorpiox/shared/config';
import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../../command.ts';
import type { Io } from '../../../io.ts';

interface Options extends ConfigOptions {
  readonly follow?: true;
}

export function showTraceCommand(parent: Command, io: Io): void {
  defineCommand(parent, {
    usage: 'show [trace]',
    summary: 'print what a trace wrote',
    description:
      'Prints the lines of a trace, those of all processes of the server in the order of time; without a name the newest one.\nWith -f it goes on until the trace ends, or Ctrl-C, which does not end the trace. The files are read where they lie, also\nwhile the server is down. C is what the client said, S the answer, F what was done to files (docs/operating-imap.md).',
    examples: [
      'scorpiox imap trace show',
      'scorpiox imap trace show 1b4e28ba -f',
      'scorpiox imap trace show | grep " F "',
    ],
  })
    .option('-f, --follow', 'go on with what comes, until the trace ends')
    .action(async (trace: string | undefined, options: Options) => {
      const config = orFail(readConfig(io, options));
      const folder = traceFolder(config);
      const { findTraceFiles } = await import('../../../ops/imap/trace-files.ts');
      const { TracePrinter } = await import('./follow.ts');
      const id = orFail(await findTraceFiles(folder, trace));
      const printer = new TracePrinter(io, folder, id);
      if (options.follow !== true) return printer.print();
      const { openAdmin } = await import('../../../ops/imap/admin.ts');
      await printer.follow(orFail(await openAdmin(config)), id, new AbortController().signal);
    });
}
