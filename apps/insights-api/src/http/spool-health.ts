import type { HealthResponse } from '@scorpiox/shared/contract';
import { type Store, type StoreHealth, StoreUnavailable } from '../store/port.ts';
import type { SpoolState, SpoolView } from '../writer/spool/spooled-store.ts';

const NOTHING: StoreHealth = { bytes: 0, deduplication: 'index', apps: [] };

/** What the database says of itself, or what it said last. */
export interface LenientHealth {
  readonly health: StoreHealth;
  readonly reachable: boolean;
}

/** Makes the question that has an answer while a database behind a spool is away: the health page is needed then. */
export function makeLenient(store: Pick<Store, 'health'>, spool: SpoolView | undefined): () => Promise<LenientHealth> {
  let last = NOTHING;
  return async () => {
    try {
      last = await store.health();
      return { health: last, reachable: true };
    } catch (error) {
      if (spool === undefined || !(error instanceof StoreUnavailable)) throw error;
      return { health: last, reachable: false };
    }
  };
}

/** Whether something about the spool is not as it should be. */
export const needsLook = ({ full, failures, damaged, brokenFiles, foreignFiles }: SpoolState): boolean =>
  full !== undefined || failures > 0 || damaged > 0 || brokenFiles.length > 0 || foreignFiles.length > 0;

/** The spool as `/api/health` shows it. `now`: milliseconds since 1970. */
export function describeSpool(spool: SpoolState, now: number): NonNullable<HealthResponse['spool']> {
  const { events, bytes, limitBytes, oldest, full, shipped, perSecond, failures, lastError, aside } = spool;
  return {
    events,
    bytes,
    limitBytes,
    oldest: oldest === undefined ? null : new Date(oldest).toISOString(),
    oldestSeconds: oldest === undefined ? null : Math.max(0, Math.round((now - oldest) / 1000)),
    full: full ?? null,
    shipped,
    perSecond,
    failures,
    lastError: lastError === undefined ? null : { ...lastError, at: new Date(lastError.at).toISOString() },
    aside,
    damagedParcels: spool.damaged,
    brokenFiles: [...spool.brokenFiles],
    foreignFiles: [...spool.foreignFiles],
  };
}
