import type { DatabaseLocation } from '../../config/config.ts';
import type { Result } from '../../result.ts';
import type { Console, ConsoleOptions } from './console.ts';
import type { ConsoleError } from './errors.ts';
import { openSqliteConsole } from './sqlite.ts';

/** Opens a console to a database as it is. Errors: `unavailable`, `not-permitted`, `locked`. */
export async function openConsole(
  location: DatabaseLocation,
  options: ConsoleOptions,
): Promise<Result<Console, ConsoleError>> {
  const name = nameOf(location);
  if (location.kind === 'sqlite') return openSqliteConsole(location.file, name, options);
  // The driver takes long to load: whoever has no SQL Server does not wait for it.
  const { openServerConsole } = await import('./sqlserver.ts');
  return openServerConsole(location, name, options);
}

/** A database as people and journals are told of it: without its password. */
export function nameOf(location: DatabaseLocation): string {
  if (location.kind === 'sqlite') return `sqlite:${location.file}`;
  const { user, host, port, database } = location;
  const at = host.includes(':') ? `[${host}]` : host;
  return `mssql://${encodeURIComponent(user)}@${at}:${port}/${encodeURIComponent(database)}`;
}
