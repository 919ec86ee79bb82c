import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, orFail, readConfig } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import type { Failure } from '../../../ops/failure.ts';
import type { BackUpOutcome } from '../../../ops/mail/backup/back-up.ts';
import { addListOutput, type ListOptions } from '../../../output/options.ts';
import { printRecords } from '../../../output/print.ts';
import { showProgress } from '../../../output/progress.ts';
import { listenForStop } from '../../../signals.ts';
import { verifyBackupCommand } from './verify.ts';

interface Options extends ConfigOptions, ListOptions {
  readonly all?: true;
  readonly to?: string;
}

const SHAPE = '{user, backup, mailboxes, messages, bytes, copied, copiedBytes, gone, unreadable, uids}';

export function backupMailCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'backup [users...]',
    summary: 'make a backup of mail, or verify one',
    description:
      'Copies the mail of users to a folder, beside a running server: every message with its path, flags, date and SHA-256, and the\nindex, so that UIDs survive. What the folder has already is not copied again. A backup is there whole or not at all; one that\nwas interrupted, also by kill -9, goes on where it was. Ends with 6 where a message could not be read.\nIn a pipe: the fields below, divided by tabs.',
    examples: [
      'scorpiox mail backup alice --to /backup/mail',
      'scorpiox mail backup --all --to /backup/mail',
      'scorpiox mail backup verify --from /backup/mail',
    ],
  });
  addListOutput(command, `an array of ${SHAPE}`)
    .option('--all', 'the mail of every account')
    .option('--to <folder>', 'where backups are kept; made if it does not exist')
    .action(async (users: readonly string[], options: Options) => run(io, users, options));
  verifyBackupCommand(command, io);
}

async function run(io: Io, users: readonly string[], options: Options): Promise<void> {
  const { to } = options;
  if (to === undefined) throw new CommandFailed({ kind: 'usage', message: 'Say where backups are kept: --to FOLDER.' });
  if ((users.length === 0) !== (options.all === true)) {
    throw new CommandFailed({ kind: 'usage', message: 'Name users, or say --all.' });
  }
  const config = orFail(readConfig(io, options));
  const { backUp } = await import('../../../ops/mail/backup/back-up.ts');
  const signals = listenForStop();
  const progress = showProgress(io, { label: 'Backing mail up', unit: 'messages' });
  const { update: onProgress, print } = progress;
  try {
    const request = { users, to: resolve(io.cwd, to), signal: signals.stop, onProgress, print };
    const outcome = orFail(await backUp(config, request));
    progress.end();
    await printRecords(io, outcome.made, options);
    const failure = failureOf(outcome);
    if (failure !== undefined) throw new CommandFailed(failure);
  } finally {
    progress.end();
    signals.dispose();
  }
}

/** What is missing from the whole. */
function failureOf({ made, failures }: BackUpOutcome): Failure | undefined {
  const message = failures.map((failure) => failure.message).join('\n');
  const stopped = failures.find(({ kind }) => kind === 'interrupted');
  if (stopped !== undefined) return stopped;
  const [first] = failures;
  if (first !== undefined) return { kind: made.length > 0 ? 'partly-done' : first.kind, message };
  const lacks = made.filter(({ unreadable, uids }) => unreadable > 0 || !uids);
  if (lacks.length === 0) return undefined;
  const whose = lacks.map(({ user }) => user).join(', ');
  return { kind: 'partly-done', message: `The backup is finished, and not whole: ${whose}.` };
}
