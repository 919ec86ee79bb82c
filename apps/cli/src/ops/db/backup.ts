import { backUpDatabase, inspectFile } from '@scorpiox/shared/database';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import { databaseFailure } from '../insights/control.ts';

/** A type rather than an interface: only those are records of printable values. */
export type MadeBackup = { readonly file: string; readonly bytes: number; readonly version: number };

/** Copies the embedded database to a file that is not there yet. Errors: `refused` (it is), `error`. */
export function backUpInsights(source: string, target: string): Result<MadeBackup, Failure> {
  const made = backUpDatabase(source, target);
  if (made.ok) return ok({ ...made.value, version: inspectFile(target, { check: false }).version });
  return err(
    made.error.code === 'exists' ? { kind: 'refused', message: made.error.message } : databaseFailure(made.error),
  );
}
