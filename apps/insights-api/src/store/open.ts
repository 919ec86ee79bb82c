import type { DatabaseLocation } from '@scorpiox/shared/config';
import type { Store } from './port.ts';
import { openSqliteStore } from './sqlite/store.ts';

/** The store on the configured database, which `openControl` has prepared. `warn` is told what an operator should know. */
export async function openStore(location: DatabaseLocation, warn: (message: string) => void): Promise<Store> {
  if (location.kind === 'sqlite') return openSqliteStore(location.file);
  // The driver takes long to load: whoever has no SQL Server does not wait for it.
  const { openSqlServerStore } = await import('./sqlserver/store.ts');
  return openSqlServerStore(location, warn);
}
