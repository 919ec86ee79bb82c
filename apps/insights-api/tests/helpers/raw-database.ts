import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openConnection, openControl } from '@scorpiox/shared/database';
import type { Store } from '../../src/store/port.ts';
import { makeRawReader } from '../../src/store/sqlite/raw/read-raw.ts';
import { makeSubmissionWriter } from '../../src/store/sqlite/write-submissions.ts';

/** A SQLite database written and read in this thread, which saves the time that threads take to begin. */
export interface RawDatabase {
  readonly db: DatabaseSync;
  readonly store: Pick<Store, 'raw'> & { write(...given: Parameters<Store['write']>): ReturnType<Store['write']> };
  /** Numbers of the applications by name. */
  readonly apps: ReadonlyMap<string, number>;
  close(): void;
}

export async function openRawDatabase(folder: string, names: readonly string[]): Promise<RawDatabase> {
  const file = join(folder, 'insights.db');
  const control = await openControl({ kind: 'sqlite', file });
  if (!control.ok) throw new Error(control.error.message);
  for (const name of names) await control.value.addApp(name);
  const apps = new Map((await control.value.apps()).map(({ id, name }) => [name, id]));
  await control.value.close();
  const db = openConnection(file);
  const write = makeSubmissionWriter(db);
  const reader = makeRawReader(db);
  return {
    db,
    apps,
    store: {
      write: async (submissions) =>
        write(submissions).map((outcome) => {
          if (outcome.kind === 'failed') throw new Error(outcome.unavailable);
          return outcome;
        }),
      raw: {
        page: async (slice, shape) => reader.page({ slice, shape }),
        tally: async (slice, steps) => reader.tally({ slice, steps }),
        values: async (slice, place) => reader.values({ slice, place }),
        find: async (key) => reader.find(key),
        operation: async (asked) => reader.operation(asked),
      },
    },
    close: () => db.close(),
  };
}
