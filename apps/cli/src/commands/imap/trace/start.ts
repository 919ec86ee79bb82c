import { type Config, traceFolder } from '@scorpiox/shared/config';
import type { TraceReport } from '@scorpiox/shared/imap-admin';
import type { Command } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, orFail, readConfig } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import type { ApiClient } from '../../../ops/api/client.ts';
import type { TraceWanted } from '../../../ops/imap/traces.ts';
import { addOutput, type OutputOptions, parseCount } from '../../../output/options.ts';
import { printRecord } from '../../../output/print.ts';
import { listenForStop } from '../../../signals.ts';
import { parseSize } from '../../parse.ts';
import { TRACE_SHAPE, traceFields } from './fields.ts';

interface Options extends ConfigOptions, OutputOptions {
  readonly session?: string;
  readonly minutes?: number;
  readonly maxSize?: number;
  readonly follow?: true;
}

export function startTraceCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'start [user]',
    summary: 'write down what a client and the server say',
    description:
      "Begins to write down what all sessions of an account, or one session, say and are answered, and what is done to the account's\nfiles. No password, no mail and no words that somebody searches for are in it. It ends after its minutes, at its size, or by\n`trace stop`. With -f its lines are printed as they come, and Ctrl-C ends it. In a pipe: the fields of --json, divided by tabs.",
    examples: ['scorpiox imap trace start alice -f', 'scorpiox imap trace start --session 5f0c1a2b --minutes 30'],
  });
  addOutput(command, TRACE_SHAPE)
    .option('--session <id>', 'one session, also one that has not signed in; the beginning of its id is enough')
    .option('--minutes <number>', 'for how long at most (default: 10)', parseCount)
    .option('--max-size <size>', 'how large each file may grow (default: 16M)', parseSize)
    .option('-f, --follow', 'print its lines, and end it at Ctrl-C')
    .action(async (user: string | undefined, options: Options) => {
      const wanted = wantedOf(user, options);
      const config = orFail(readConfig(io, options));
      const { openAdmin } = await import('../../../ops/imap/admin.ts');
      const { startTrace } = await import('../../../ops/imap/traces.ts');
      const admin = orFail(await openAdmin(config));
      const { stop, dispose } = listenForStop(); // before it runs: nothing is to be left running
      try {
        const trace = orFail(await startTrace(config, admin, wanted));
        if (options.follow === true) await followToItsEnd(io, config, admin, trace, stop);
        else await printRecord(io, traceFields(trace), options);
      } finally {
        dispose();
      }
    });
}

function wantedOf(user: string | undefined, { session, minutes, maxSize, follow, json, jq }: Options): TraceWanted {
  const subject = user === undefined ? { session: session ?? '' } : { user };
  if ((user === undefined) === (session === undefined))
    throw usage('Name an account or, with --session, a session: one of the two.');
  if (follow === true && (json ?? jq) !== undefined)
    throw usage('With -f the lines are printed: leave --json and --jq out.');
  return {
    subject,
    ...(minutes === undefined ? {} : { minutes }),
    ...(maxSize === undefined ? {} : { octets: maxSize }),
  };
}

const usage = (message: string) => new CommandFailed({ kind: 'usage', message });

async function followToItsEnd(
  io: Io,
  config: Config,
  admin: ApiClient,
  trace: TraceReport,
  stop: AbortSignal,
): Promise<void> {
  const { TracePrinter } = await import('./follow.ts');
  const { stopTrace } = await import('../../../ops/imap/traces.ts');
  const printer = new TracePrinter(io, traceFolder(config), trace.id);
  io.say(
    `Trace ${trace.id} runs until ${new Date(trace.endsAt).toTimeString().slice(0, 5)} at the latest; Ctrl-C ends it.\n`,
  );
  await printer.follow(admin, trace.id, stop);
  const stopped = await stopTrace(admin, trace.id); // fails where it has ended by itself
  await printer.print();
  const how = stopped.ok ? 'stopped' : 'ended by itself';
  io.say(`The trace is ${how}. \`scorpiox imap trace show ${trace.id.slice(0, 8)}\` shows it again.\n`);
}
