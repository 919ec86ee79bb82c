import { isAbsolute, join } from 'node:path';
import { type Command, Option } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { Exported } from '../../ops/mail/export/export.ts';
import type { ExportFormat } from '../../ops/mail/export/open-target.ts';
import { addOutput, type OutputOptions } from '../../output/options.ts';
import { printForPrograms, printRecords } from '../../output/print.ts';
import { showProgress } from '../../output/progress.ts';
import { listenForStop } from '../../signals.ts';
import { tellReport } from './transfer-work.ts';

interface Options extends ConfigOptions, OutputOptions {
  readonly format: ExportFormat;
  readonly mailbox: readonly string[];
}

export function exportMailCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'export <user> <folder>',
    summary: 'write mail to mbox files or a Maildir',
    description:
      'Writes all mail of a user, or some mailboxes, with flags, dates and folders into a folder. It may be stopped at any time\nand started again: what has been written is not written twice. Started again later, it adds what is new.\nIn a pipe: folder, mailbox, brought, there and refused, divided by tabs.',
    examples: [
      'scorpiox mail export alice /backup/alice --format mbox',
      'scorpiox mail export alice /backup/alice --format maildir -m INBOX -m Archive.2026',
    ],
  });
  addOutput(
    command,
    '{brought, there, refused, folders: [{folder, mailbox, brought, there, refused}], troubles: [{folder, where, reason}]}',
  )
    .addOption(new Option('--format <format>', 'how it is written').choices(['mbox', 'maildir']).makeOptionMandatory())
    .option(
      '-m, --mailbox <name>',
      'only this mailbox; may be given several times',
      (name, before: readonly string[]) => [...before, name],
      [],
    )
    .action((user: string, folder: string, options: Options) => runExport(io, user, folder, options));
}

async function runExport(io: Io, user: string, folder: string, options: Options): Promise<void> {
  const config = orFail(readConfig(io, options));
  const { exportMail } = await import('../../ops/mail/export/export.ts');
  const signals = listenForStop();
  const progress = showProgress(io, { label: 'mail export', unit: 'messages' });
  try {
    const exported = orFail(
      await exportMail(config, {
        ...{ user, format: options.format, mailboxes: options.mailbox, signal: signals.stop },
        folder: isAbsolute(folder) ? folder : join(io.cwd, folder),
        print: progress.print,
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
