import { isAbsolute, join } from 'node:path';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Command, Option } from 'commander';
import { CommandFailed, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { Failure } from '../../ops/failure.ts';
import type { DestinationRequest } from '../../ops/mail/export/destination.ts';
import type { Exported } from '../../ops/mail/export/export.ts';
import { addOutput, type OutputOptions } from '../../output/options.ts';
import { printForPrograms, printRecords } from '../../output/print.ts';
import { showProgress } from '../../output/progress.ts';
import { listenForStop } from '../../signals.ts';
import { addUrlOptions, isServerUrl, readServerUrl, type UrlOptions } from './server-url.ts';
import { tellReport } from './transfer-work.ts';

interface Options extends UrlOptions, OutputOptions {
  readonly format?: 'mbox' | 'maildir';
  readonly mailbox?: readonly string[];
}

export function exportMailCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'export <user> <destination>',
    summary: 'bring mail to mbox files, a Maildir or another IMAP server',
    description:
      'Brings all mail of a user, or some mailboxes, with flags, dates and folders into a folder or to another IMAP server.\nIt may be stopped at any time and started again: what is there does not come twice. Started again later, it adds what is new.\nThe password is asked for, or comes from standard input or IMAP_PASSWORD.\nIn a pipe: folder, mailbox, brought, there and refused, divided by tabs.',
    examples: [
      'scorpiox mail export alice /backup/alice --format mbox',
      'scorpiox mail export alice /backup/alice --format maildir -m INBOX -m Archive.2026',
      'scorpiox mail export alice imaps://alice%40example.net@mail.example.net',
    ],
  });
  addUrlOptions(
    addOutput(
      command,
      '{brought, there, refused, folders: [{folder, mailbox, brought, there, refused}], troubles: [{folder, where, reason}]}',
    ),
  )
    .addOption(new Option('--format <format>', 'how a folder is written').choices(['mbox', 'maildir']))
    .option(
      '-m, --mailbox <name>',
      'only this mailbox; may be given several times',
      (name, before?: readonly string[]) => [...(before ?? []), name],
    )
    .action((user: string, folder: string, options: Options) => runExport(io, user, folder, options));
}

async function runExport(io: Io, user: string, destination: string, options: Options): Promise<void> {
  const config = orFail(readConfig(io, options));
  const place = orFail(await readDestination(io, destination, options));
  const { exportMail } = await import('../../ops/mail/export/export.ts');
  const signals = listenForStop();
  const progress = showProgress(io, { label: 'mail export', unit: 'messages' });
  try {
    const exported = orFail(
      await exportMail(config, {
        ...{ user, destination: place, mailboxes: options.mailbox ?? [], signal: signals.stop, print: progress.print },
        reporting: {
          onProgress: progress.update,
          onTrouble: ({ folder: mailbox, where, reason }) => progress.print(`${mailbox}, ${where}: ${reason}`),
        },
      }).finally(progress.end),
    );
    await tell(io, exported, options);
  } finally {
    signals.dispose();
  }
}

async function readDestination(io: Io, text: string, options: Options): Promise<Result<DestinationRequest, Failure>> {
  if (isServerUrl(text)) {
    const server = await readServerUrl(io, text, options);
    return server.ok ? ok({ kind: 'imap', server: server.value }) : server;
  }
  if (options.format === undefined) {
    return err({ kind: 'usage', message: 'Say how the folder is written: --format mbox or --format maildir.' });
  }
  return ok({ kind: options.format, folder: isAbsolute(text) ? text : join(io.cwd, text) });
}

/** Says what became of it; ends the command where it is not whole. */
async function tell(io: Io, { report, failure }: Exported, options: OutputOptions): Promise<void> {
  const { told, data, lists, failure: refused } = tellReport(report);
  if (!(await printForPrograms(io, { ...data, ...lists }, options))) await printRecords(io, report.folders, {});
  io.say(`${told}\n`);
  const trouble = failure ?? refused;
  if (trouble === undefined) return;
  const isPartly = failure !== undefined && failure.kind !== 'interrupted' && data.brought + data.there > 0;
  throw new CommandFailed({ kind: isPartly ? 'partly-done' : trouble.kind, message: trouble.message });
}
