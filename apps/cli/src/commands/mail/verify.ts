import type { Command } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import { FINDINGS_SHOWN } from '../../ops/limits.ts';
import { addListOutput, type ListOptions } from '../../output/options.ts';
import { printRecords } from '../../output/print.ts';
import { showProgress } from '../../output/progress.ts';
import { count } from '../count.ts';

interface Options extends ConfigOptions, ListOptions {
  readonly contents?: true;
}

export function verifyMailCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'verify [users...]',
    summary: 'look mail over for faults',
    description:
      'Looks at every file of every folder, and at the index beside it, and says what is wrong. It changes nothing and may run\nbeside everything else. Faults end it with 3; notes are of what the next look at a mailbox settles by itself.\nIn a pipe: user, level, mailbox, fault, path and message, divided by tabs.',
    examples: [
      'scorpiox mail verify',
      'scorpiox mail verify alice --contents',
      'scorpiox mail verify --json --limit 100',
    ],
  });
  addListOutput(command, 'an array of {user, level, mailbox, fault, path, message}')
    .option('--contents', 'read the messages too, to count the sizes that names claim')
    .action(async (users: readonly string[], options: Options) => {
      const config = orFail(readConfig(io, options));
      const { verifyMail } = await import('../../ops/mail/verify.ts');
      const most = Math.min(options.limit ?? FINDINGS_SHOWN, FINDINGS_SHOWN);
      const progress = showProgress(io, { label: 'Looking mail over', unit: 'messages' });
      const request = { users, contents: options.contents === true, most, onProgress: progress.update };
      const done = orFail(await verifyMail(config, request).finally(progress.end));
      await printRecords(io, done.findings, options);
      const looked = `${count(done.messages, 'message')} in ${count(done.folders, 'folder')} of ${count(done.users, 'user')}`;
      const found = `${count(done.faults, 'fault')} and ${count(done.notes, 'note')}`;
      const more = done.faults + done.notes > done.findings.length ? `; the first ${done.findings.length} shown` : '';
      const message = `Looked at ${looked}: ${found}${more}.`;
      if (done.faults > 0) throw new CommandFailed({ kind: 'findings', message });
      io.say(`${message}\n`);
    });
}
