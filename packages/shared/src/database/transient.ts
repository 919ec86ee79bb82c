import { isTransient as isSqliteTransient } from './sqlite/connection.ts';
import { SqlServerError } from './sqlserver/errors.ts';

/** Whether a statement failed for a reason that lies outside its data: the same statement may work later. */
export function isTransient(error: unknown): boolean {
  if (error instanceof SqlServerError) return error.kind === 'transient' || error.kind === 'unavailable';
  return isSqliteTransient(error);
}
