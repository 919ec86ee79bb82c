import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { err, ok, type Result } from '../../result.ts';
import type { DatabaseError } from '../errors.ts';
import { MIGRATION_LOCK_MS } from '../limits.ts';
import { type MigrationWatch, WAITING } from '../migration-meter.ts';
import { isBusy, openConnection } from './connection.ts';
import { type Migration, type MigrationOutcome, migrate, readVersion } from './migrate.ts';
import { tooNew } from './open.ts';
import { MIGRATIONS } from './schema.ts';

/**
 * Whether the file is a database of ours that an older program has left. A new file is not, nor is one that cannot be
 * read: whoever opens it finds out why.
 */
export function isFileBehind(file: string): boolean {
  if (!existsSync(file)) return false;
  let db: DatabaseSync | undefined;
  try {
    db = openConnection(file, { readOnly: true });
    const version = readVersion(db);
    return version > 0 && version < (MIGRATIONS.at(-1)?.version ?? 0);
  } catch {
    return false;
  } finally {
    db?.close();
  }
}

/**
 * Brings the file to this program's version, however long it takes: while another process has it locked, this waits, and
 * says so. The thread does nothing else meanwhile. Errors: `schema-too-new`, `cannot-open`, after which nothing is done.
 */
export function bringFileUp(
  file: string,
  watch: MigrationWatch,
  migrations: readonly Migration[] = MIGRATIONS,
): Result<void, DatabaseError> {
  let db: DatabaseSync | undefined;
  try {
    db = openConnection(file, { busyTimeoutMs: MIGRATION_LOCK_MS });
    const outcome = migratePatiently(db, migrations, watch);
    return outcome.kind === 'current' ? ok(undefined) : tooNew(file, outcome.version);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The insights database ${file} cannot be brought to this program's version and is as it was: ${reason}.`;
    return err({ code: 'cannot-open', message });
  } finally {
    db?.close();
  }
}

function migratePatiently(db: DatabaseSync, migrations: readonly Migration[], watch: MigrationWatch): MigrationOutcome {
  for (;;) {
    try {
      return migrate(db, migrations, Date.now, watch);
    } catch (error) {
      if (!isBusy(error)) throw error;
      watch(WAITING);
    }
  }
}
