import type { DatabaseSync } from 'node:sqlite';
import { err, ok, type Result } from '../../result.ts';
import type { DatabaseError } from '../errors.ts';
import { isBusy, openConnection } from './connection.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './schema.ts';

/** A connection to the insights database with its schema at this program's version. */
export function openInsightsDatabase(file: string, now: () => number): Result<DatabaseSync, DatabaseError> {
  let db: DatabaseSync | undefined;
  try {
    db = openConnection(file);
    const outcome = migrate(db, MIGRATIONS, now);
    if (outcome.kind === 'current') return ok(db);
    db.close();
    return err({
      code: 'schema-too-new',
      message: `${file} is at version ${outcome.version} of the schema, which is newer than this program knows; run the program that migrated it, or a later one.`,
    });
  } catch (error) {
    db?.close();
    return err(describeOpenFailure(file, error));
  }
}

function describeOpenFailure(file: string, error: unknown): DatabaseError {
  const reason = error instanceof Error ? error.message : String(error);
  if (isBusy(error)) {
    return { code: 'busy', message: `${file} is locked by another process; try again when it has finished.` };
  }
  return { code: 'cannot-open', message: `The insights database ${file} cannot be opened: ${reason}.` };
}
