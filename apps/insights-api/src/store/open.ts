import type { DatabaseLocation } from '@scorpiox/shared/config';
import { DISK_RESERVE_BYTES } from '../limits.ts';
import type { ShipperLog } from '../writer/spool/shipper.ts';
import { openSpooledStore, type SpoolView } from '../writer/spool/spooled-store.ts';
import type { Store } from './port.ts';
import { openSqliteStore } from './sqlite/store.ts';

/** Where events wait for a SQL Server, and how many bytes of them. */
export interface SpoolPlace {
  readonly folder: string;
  /** Names the database that they are for. */
  readonly target: string;
  readonly mostBytes: number;
}

/** The store on the configured database, which `openControl` has prepared; on a SQL Server behind a spool. */
export async function openStore(
  location: DatabaseLocation,
  place: SpoolPlace,
  log: ShipperLog,
): Promise<{ readonly store: Store; readonly spool?: SpoolView }> {
  if (location.kind === 'sqlite') return { store: openSqliteStore(location.file) };
  // The driver takes long to load: whoever has no SQL Server does not wait for it.
  const { openSpoolServer } = await import('./sqlserver/spool-server.ts');
  const server = openSpoolServer(location, (message) => log.warn(message));
  return openSpooledStore({ ...place, reserveBytes: DISK_RESERVE_BYTES }, server, log);
}

/**
 * The store for what reads and repeats by itself: answered when the database itself has committed, not by a spool that
 * finds duplicates later. On a SQL Server a session more, for as long as it is open; `usual` is what the API writes through.
 */
export async function openDirect(
  location: DatabaseLocation,
  usual: Store,
  warn: (message: string) => void,
): Promise<{ readonly store: Store; close(): Promise<void> }> {
  if (location.kind === 'sqlite') return { store: usual, close: async () => {} };
  const { openSqlServerStore } = await import('./sqlserver/store.ts');
  const store = openSqlServerStore(location, warn);
  return { store, close: () => store.close() };
}
