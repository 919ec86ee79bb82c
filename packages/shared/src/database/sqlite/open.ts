import type { DatabaseSync } from 'node:sqlite';
import { err, ok, type Result } from '../../result.ts';
import type { DatabaseError } from '../errors.ts';
import { whyTooNew } from '../move-marks.ts';
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
    return tooNew(file, outcome.version);
  } catch (error) {
    db?.close();
    return describeOpenFailure(file, error);
  }
}

export const tooNew = (file: string, version: number): Result<never, DatabaseError> =>
  err({ code: 'schema-too-new', message: whyTooNew(file, version) });

function describeOpenFailure(file: string, error: unknown): Result<never, DatabaseError> {
  const reason = error instanceof Error ? error.message : String(error);
  if (isBusy(error)) {
    return err({ code: 'busy', message: `${file} is locked by another process; try again when it has finished.` });
  }
  return err({ code: 'cannot-open', message: `The insights database ${file} cannot be opened: ${reason}.` });
}
