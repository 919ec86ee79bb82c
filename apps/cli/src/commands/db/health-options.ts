/** What `db health` and `db explain` are told, and how they look. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { CommandFailed } from '../../command.ts';
import type { Io } from '../../io.ts';
import { commandsIn } from '../../ops/db/health/mends.ts';
import type { TableKey } from '../../ops/db/health/probe.ts';
import type { DatabaseFinding, Report } from '../../ops/db/health/report.ts';
import { LOOK_MS } from '../../ops/db/limits.ts';
import { showProgress } from '../../output/progress.ts';
import { listenForStop } from '../../signals.ts';
import { installationFlags } from '../installation.ts';
import { addOn, type OnOptions } from './on.ts';
import { sameDatabase } from './same-database.ts';

export interface LookOptions extends OnOptions {
  readonly key?: readonly TableKey[];
  readonly deep?: true;
}

export function addLook(command: Command): Command {
  return addOn(command)
    .option(
      '--key <table:columns>',
      'count duplicates by this key too, as Requests:AppId,RequestId; may be repeated',
      addTableKey,
    )
    .option('--deep', 'read a file of SQLite to its end, whatever its size');
}

function addTableKey(text: string, before: readonly TableKey[] = []): readonly TableKey[] {
  const at = text.indexOf(':');
  const columns = text
    .slice(at + 1)
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (at < 1 || columns.length === 0) throw new InvalidArgumentError('It must be TABLE:COLUMN,COLUMN.');
  return [...before, { table: text.slice(0, at), columns }];
}

/** Looks a database over, with a bar; Ctrl-C ends it. The commands that mend something mean the same database. */
export async function lookOver(io: Io, options: LookOptions): Promise<Report> {
  const { tellerOf, withDatabase } = await import('./connect.ts');
  const { examine } = await import('../../ops/db/health/examine.ts');
  const signals = listenForStop();
  const progress = showProgress(io, { label: 'Looking the database over', unit: 'steps' });
  const open = { readOnly: true, statementTimeoutMs: LOOK_MS, teller: tellerOf(io, options, progress.print) };
  try {
    const report = await withDatabase(io, options, open, (db, location) =>
      examine({
        db,
        ...(location.kind === 'sqlite' ? { file: location.file } : {}),
        keys: options.key ?? [],
        deep: options.deep === true,
        pause: (ms) => sleep(ms, undefined, { signal: signals.stop }).catch(() => undefined),
        now: Date.now(),
        onProgress: progress.update,
        stop: signals.stop,
      }),
    );
    if (report === undefined) throw new CommandFailed({ kind: 'interrupted', message: 'Interrupted.' });
    return { ...report, findings: report.findings.map((one) => ({ ...one, mend: meant(one, options) })) };
  } finally {
    progress.end();
    signals.dispose();
  }
}

/** Commands on a database say which, and those of the platform which installation. */
function meant({ mend }: DatabaseFinding, options: LookOptions): string {
  const [same, flags] = [sameDatabase(options), installationFlags(options)];
  return commandsIn(mend)
    .map((one) => (/^scorpiox db (?!migrate)/.test(one) ? one + same : /^scorpiox /.test(one) ? one + flags : one))
    .join('; ');
}
