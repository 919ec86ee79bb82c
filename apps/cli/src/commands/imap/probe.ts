import { type Command, Option } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { ProbeStep, ProbeWatcher } from '../../ops/imap/probe/steps.ts';
import { IMAP_SILENCE_MS, PROBE_LARGE_BYTES, PROBE_SLOW_RATE } from '../../ops/limits.ts';
import { addOutput, type OutputOptions } from '../../output/options.ts';
import { printRecords } from '../../output/print.ts';
import { showProgress } from '../../output/progress.ts';
import { painter } from '../../output/style.ts';
import { visible } from '../../output/visible.ts';
import { listenForStop } from '../../signals.ts';
import { parseSize, parseTime } from '../parse.ts';
import { addServerOptions, readServer, type ServerOptions } from './server-options.ts';

interface Options extends ConfigOptions, OutputOptions, ServerOptions {
  readonly mailbox?: string;
  readonly large: number;
  readonly slow?: number | true;
  readonly timeout: number;
}

export function probeCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'probe [host]',
    summary: 'try whether an IMAP server works',
    description:
      'Signs in to an IMAP server, this installation or any other, stores a message, fetches it, flags it, fetches it in the same\npipeline, stores a large one and fetches that while another session goes on; compares every octet, and removes what it made,\nalso at Ctrl-C (a second one leaves it). It works in a mailbox of its own, or in one that is named, where nothing else is\ntouched. Prints each step with its time; faults of the server end it with 3. The password is asked for, or comes from standard\ninput or IMAP_PASSWORD. In a pipe: step, whether it was good, milliseconds and what was seen, divided by tabs.',
    examples: [
      'scorpiox imap probe --user alice',
      'scorpiox imap probe --user alice --large 60M --slow',
      'pass show mail | scorpiox imap probe mail.example.net --user alice@example.net --password-stdin',
      'IMAP_PASSWORD=… scorpiox imap probe localhost:1143 --starttls --ca ca.pem --user alice --json',
    ],
  });
  addServerOptions(addOutput(command, 'an array of {step, ok, ms, message}'))
    .option('--mailbox <name>', "put the messages there, and expunge just them (default: a mailbox of the probe's own)")
    .addOption(
      new Option('--large <size>', 'how large the large message is')
        .argParser(parseSize)
        .default(PROBE_LARGE_BYTES, '8M'),
    )
    .option('--slow [rate]', 'fetch it at so many octets a second at most (default: 4M)', parseSize)
    .addOption(
      new Option('--timeout <time>', 'how long the server may say nothing before it is taken for stalled')
        .argParser(parseTime)
        .default(IMAP_SILENCE_MS, '60s'),
    )
    .action(async (host: string | undefined, options: Options) => runProbe(io, host, options));
}

async function runProbe(io: Io, host: string | undefined, options: Options): Promise<void> {
  const server = orFail(await readServer(io, host, options));
  const { probe } = await import('../../ops/imap/probe/probe.ts');
  const { mailbox, slow } = options;
  const wanted = {
    ...server,
    largeOctets: options.large,
    patience: options.timeout,
    ...(mailbox === undefined ? {} : { mailbox }),
    ...(slow === undefined ? {} : { slowRate: slow === true ? PROBE_SLOW_RATE : slow }),
  };
  const { stop, force, dispose } = listenForStop();
  const shown = watcher(io, options);
  try {
    const steps = orFail(await probe(wanted, shown, { stop, force }));
    if (!shown.isShowing)
      await printRecords(
        io,
        steps.map((step) => ({ ...step })),
        options,
      );
    const faults = steps.filter(({ ok }) => !ok).length;
    if (faults > 0)
      throw new CommandFailed({ kind: 'findings', message: `${faults} of ${steps.length} steps went wrong.` });
    io.say(`All is well: ${steps.length} steps.\n`);
  } finally {
    shown.end();
    dispose();
  }
}

interface Shown extends ProbeWatcher {
  /** Whether steps are shown as they end. */
  readonly isShowing: boolean;
  end(): void;
}

/** On a terminal each step is a line as soon as it has ended, with a bar for what takes long. */
function watcher(io: Io, { json, jq }: OutputOptions): Shown {
  const isShowing = io.stdoutIsTerminal && json === undefined && jq === undefined;
  const paint = painter(io);
  let bar: { readonly step: string; readonly progress: ReturnType<typeof showProgress> } | undefined;
  const end = () => {
    bar?.progress.end();
    bar = undefined;
  };
  const line = ({ step, ok, ms, message }: ProbeStep) =>
    `${ok ? paint('green', '✓') : paint('red', '✗')} ${step.padEnd(19)} ${`${ms.toLocaleString('en')} ms`.padStart(10)}  ${visible(message)}\n`;
  return {
    isShowing,
    end,
    step: (report) => {
      end();
      if (isShowing) io.out(line(report));
    },
    progress: (step, done, total) => {
      if (bar?.step !== step) bar = { step, progress: showProgress(io, { label: step, unit: 'bytes' }) };
      bar.progress.update(done, total);
    },
  };
}
