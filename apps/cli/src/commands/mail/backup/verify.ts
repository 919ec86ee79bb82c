import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, orFail, readConfig } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import { FINDINGS_SHOWN } from '../../../ops/limits.ts';
import { addListOutput, type ListOptions } from '../../../output/options.ts';
import { printRecords } from '../../../output/print.ts';
import { showProgress } from '../../../output/progress.ts';
import { listenForStop } from '../../../signals.ts';
import { count } from '../../count.ts';

interface Options extends ConfigOptions, ListOptions {
  readonly from: string;
  readonly at?: string;
}

export function verifyBackupCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'verify [users...]',
    summary: 'read a backup to its end and compare every hash',
    description:
      'Reads the newest backup of users, or of all whose backups lie there, and says what is not as it was when it was made. Faults\nend it with 3. Nothing is changed. In a pipe: user, fault, path and message, divided by tabs.',
    examples: [
      'scorpiox mail backup verify --from /backup/mail',
      'scorpiox mail backup verify alice --from /backup/mail --at 2026-11-28T22-41-00.123Z',
    ],
  });
  addListOutput(command, 'an array of {user, fault, path, message}')
    .requiredOption('--from <folder>', 'where backups are kept')
    .option('--at <backup>', 'another backup than the newest, by its name')
    // `backup` takes options of the same names, wherever they stand.
    .action(async (users: readonly string[]) => run(io, users, command.optsWithGlobals<Options>()));
}

async function run(io: Io, users: readonly string[], options: Options): Promise<void> {
  const config = orFail(readConfig(io, options));
  const { verifyBackups } = await import('../../../ops/mail/backup/verify.ts');
  const most = Math.min(options.limit ?? FINDINGS_SHOWN, FINDINGS_SHOWN);
  const signals = listenForStop();
  const progress = showProgress(io, { label: 'Verifying backups', unit: 'messages' });
  const at = options.at === undefined ? {} : { at: options.at };
  const request = { users, from: resolve(io.cwd, options.from), ...at, most, signal: signals.stop };
  try {
    const done = orFail(await verifyBackups(config, { ...request, onProgress: progress.update }));
    progress.end();
    await printRecords(io, done.findings, options);
    const looked = `${count(done.messages, 'message')} (${done.bytes.toLocaleString('en')} bytes) of ${count(done.users, 'user')}`;
    const more = done.faults > done.findings.length ? `; the first ${done.findings.length} shown` : '';
    const message = `Looked at ${looked}: ${count(done.faults, 'fault')}${more}.`;
    if (done.faults > 0) throw new CommandFailed({ kind: 'findings', message });
    io.say(`${message}\n`);
  } finally {
    progress.end();
    signals.dispose();
  }
}
