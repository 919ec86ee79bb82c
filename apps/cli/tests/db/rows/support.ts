/** Scratch databases, and processes that die while they work on them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Console, openConsole, type Statement } from '@scorpiox/shared/database/console';
import type { Result } from '@scorpiox/shared/result';
import { onTestFinished } from 'vitest';
import { removalIn } from '../../../src/ops/db/dedupe/action.ts';
import type { Removal } from '../../../src/ops/db/dedupe/removal.ts';
import { readTable } from '../../../src/ops/db/rows/read-table.ts';
import type { Failure } from '../../../src/ops/failure.ts';
import { type HereOptions, scorpioxHere } from '../../support/here.ts';

export function value<T>(result: Result<T, Failure>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

/** A console to a file that lasts as long as the test. */
export async function open(
  file: string,
  tell: (statement: Statement) => void = () => undefined,
  lockTimeoutMs = 20_000,
): Promise<Console> {
  const opened = await openConsole({ kind: 'sqlite', file }, { tell, lockTimeoutMs, create: true });
  if (!opened.ok) throw opened.error;
  onTestFinished(() => opened.value.close().catch(() => undefined)); // the test may have closed it
  return opened.value;
}

/** A folder that lasts as long as the test, in memory where there is such a place: each commit waits for the disk. */
async function memoryFolder(): Promise<string> {
  const folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'scorpiox-db-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** A database made by these statements, in a folder of its own, and the tool beside it. */
export async function scratch(...texts: readonly string[]) {
  const home = await memoryFolder();
  const file = join(home, 'scratch.db');
  const db = await open(file);
  for (const text of texts) await db.run({ text });
  const env = { XDG_STATE_HOME: join(home, 'state') };
  const run = (args: readonly string[], options: HereOptions = {}) =>
    scorpioxHere(args, { env, cwd: home, ...options });
  return { home, file, db, run, all: (text: string) => all(db, text) };
}

/** Rows as their values, in the order in which they come. */
async function all(db: Console, text: string): Promise<readonly unknown[][]> {
  const { sets } = await db.run({ text });
  return (sets[0] ?? []).map((row) => Object.values(row).map(plain));
}

const plain = (cell: unknown): unknown =>
  cell instanceof Uint8Array ? `0x${Buffer.from(cell).toString('hex')}` : cell;

/** Rows of a transaction: so few that a small table takes several. */
const BATCH = 200;

/** A removal of the duplicates of a table, as a plan would have it, in small batches. */
export async function removalOf(
  db: Console,
  table: string,
  key: readonly string[],
  by: string | null = null,
): Promise<Removal> {
  const data = { key: [...key], by, id: 1, archive: `${table}_duplicates_1` };
  return { ...value(removalIn(await readTable(db, table), data)), batch: BATCH };
}

export const NOBODY = { stop: new AbortController().signal, onProgress: () => undefined };

const KILLED = fileURLToPath(new URL('killed-command.ts', import.meta.url));

/** Runs a command line as a process that is killed before its so-manieth statement with this text; whether it was. */
export async function killedAt(text: string, nth: number, args: readonly string[], home: string): Promise<boolean> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', KILLED, text, String(nth), ...args], {
    cwd: home,
    env: { ...process.env, XDG_STATE_HOME: join(home, 'state'), XDG_CONFIG_HOME: '/nowhere' },
    stdio: 'ignore',
  });
  const [, signal] = await once(child, 'close');
  return signal === 'SIGKILL';
}

class Killed extends Error {}

/**
 * Does `work` with a console whose process dies before its statement of that number: no statement of it runs any more, no
 * rollback either. False where there are not so many.
 */
export async function diesAt(number: number, file: string, work: (db: Console) => Promise<unknown>): Promise<boolean> {
  let told = 0;
  const db = await open(file, () => {
    told += 1;
    if (told > number) throw new Killed();
  });
  try {
    await work(db);
    return false;
  } catch (error) {
    if (error instanceof Killed) return true;
    throw error;
  } finally {
    await db.close();
  }
}
