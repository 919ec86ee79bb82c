import type { DatabaseLocation } from '@scorpiox/shared/config';
import type { DatabaseError, MigrationWatch } from '@scorpiox/shared/database';
import type { Result } from '@scorpiox/shared/result';
import { bringUpInThread } from './sqlite/bring-up.ts';

/**
 * Brings the database that an older program has left to this one's version; the event loop goes on meanwhile. The signal
 * asks it to stop: what it was doing is undone then, as when the process dies.
 */
export type BringUp = (
  location: DatabaseLocation,
  watch: MigrationWatch,
  signal: AbortSignal,
) => Promise<Result<void, DatabaseError>>;

export const bringUp: BringUp = async (location, watch, signal) => {
  if (location.kind === 'sqlite') return bringUpInThread(location.file, watch, signal);
  const { bringServerUp } = await import('@scorpiox/shared/database/sqlserver');
  return bringServerUp(location, Date.now, { watch, patient: true });
};
