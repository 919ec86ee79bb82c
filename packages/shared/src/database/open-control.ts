import type { DatabaseLocation } from '../config/config.ts';
import { ok, type Result } from '../result.ts';
import type { Control } from './control.ts';
import type { DatabaseError } from './errors.ts';
import type { MigrationWatch } from './migration-meter.ts';
import { isFileBehind } from './sqlite/bring-up.ts';
import { openSqliteControl } from './sqlite/control.ts';

/** How it is opened. */
export interface ControlOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** On a SQL Server: is told of a migration. */
  readonly watch?: MigrationWatch;
}

/**
 * Whether an older program has left the database: then opening it takes as long as its migrations do. No for one that is
 * yet to be made, and for a file that cannot be read, of which `openControl` tells more. `cannot-open`: the server.
 */
export async function isBehind(location: DatabaseLocation): Promise<Result<boolean, DatabaseError>> {
  if (location.kind === 'sqlite') return ok(isFileBehind(location.file));
  const { isServerBehind } = await import('./sqlserver/bring-up.ts');
  return isServerBehind(location);
}

/** Opens the control side, making or migrating the database where needed. Errors: see `DatabaseErrorCode`. */
export async function openControl(
  location: DatabaseLocation,
  options: ControlOptions = {},
): Promise<Result<Control, DatabaseError>> {
  if (location.kind === 'sqlite') return openSqliteControl(location.file, options.now ?? Date.now);
  // The driver takes long to load: whoever has no SQL Server does not wait for it.
  const { openSqlServerControl } = await import('./sqlserver/control.ts');
  const { now = Date.now, ...more } = options;
  return openSqlServerControl(location, now, more);
}

/**
 * What an SDK is configured with to send to this platform under this key. SDKs that have live metrics on by themselves
 * (.NET, Node 3) would offer them to their maker, key and machine's name included, if it did not say where those go.
 */
export function connectionString(key: string, publicUrl: string): string {
  const address = publicUrl.replace(/\/+$/, '');
  return `InstrumentationKey=${key};IngestionEndpoint=${address};LiveEndpoint=${address}`;
}
