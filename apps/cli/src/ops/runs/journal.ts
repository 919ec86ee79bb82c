/**
 * Writes a run's journal, `<runs>/<run>.ndjson`, for its owner only.
 *
 * That a step begins is on disk before it does; its end is written at once, and synced with the next beginning: one sync a
 * step. So a power failure can take the end of the last step, and the state of what that touches tells it (../plan/plan.ts).
 */
import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { RunEnd, RunNotes } from '../plan/apply.ts';
import type { Plan, World } from '../plan/plan.ts';
import { identityOf } from '../process-identity.ts';
import { syncDirectory } from '../sync-directory.ts';
import type { Head, Line } from './records.ts';

export class Journal implements RunNotes {
  readonly run: string;
  readonly #file: FileHandle;

  private constructor(run: string, file: FileHandle) {
    this.run = run;
    this.#file = file;
  }

  /** Begins a run's journal with the plan, on disk. Throws the system's error. */
  static async open(folder: string, plan: Plan): Promise<Journal> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const at = now();
    const run = `${at.replace(/[-:]|\..*/g, '')}-${randomBytes(3).toString('hex')}`;
    const file = await open(join(folder, `${run}.ndjson`), 'ax', 0o600);
    const journal = new Journal(run, file);
    const head: Head = {
      record: 'run',
      version: 1,
      at,
      by: userName(),
      process: await identityOf(process.pid),
      plan,
    };
    await journal.#sync(head);
    await syncDirectory(folder);
    return journal;
  }

  begin(step: number): Promise<void> {
    return this.#sync({ record: 'begin', at: now(), step });
  }

  done(step: number, after: World): Promise<void> {
    return this.#write({ record: 'done', at: now(), step, after });
  }

  failed(step: number, message: string): Promise<void> {
    return this.#write({ record: 'failed', at: now(), step, message });
  }

  end(state: RunEnd, message: string): Promise<void> {
    return this.#sync({ record: 'end', at: now(), state, message });
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #write(line: Head | Line): Promise<void> {
    return this.#file.appendFile(`${JSON.stringify(line)}\n`);
  }

  async #sync(line: Head | Line): Promise<void> {
    await this.#write(line);
    await this.#file.datasync();
  }
}

const now = (): string => new Date().toISOString();

/** A user who is in no list of users has a number. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? '?'}`;
  }
}
