import type { DatabaseLocation } from '../config/config.ts';
import type { Result } from '../result.ts';
import type { Control } from './control.ts';
import type { DatabaseError } from './errors.ts';
import { openSqliteControl } from './sqlite/control.ts';

/** What a test replaces. */
export interface ControlOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Opens the control side, making or migrating the database where needed. Errors: see `DatabaseErrorCode`. */
export async function openControl(
  location: DatabaseLocation,
  options: ControlOptions = {},
): Promise<Result<Control, DatabaseError>> {
  if (location.kind === 'sqlite') return openSqliteControl(location.file, options.now ?? Date.now);
  // The driver takes long to load: whoever has no SQL Server does not wait for it.
  const { openSqlServerControl } = await import('./sqlserver/control.ts');
  return openSqlServerControl(location, options.now ?? Date.now);
}

/** What an SDK is configured with to send to this platform under this key. */
export function connectionString(key: string, publicUrl: string): string {
  return `InstrumentationKey=${key};IngestionEndpoint=${publicUrl.replace(/\/+$/, '')}`;
}
