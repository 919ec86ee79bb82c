import type { AppSummary } from '@scorpiox/shared/contract';
import { FAILING_RATE, SILENT_AFTER_MS } from '../../lib/limits.ts';

/**
 * How an application stands. `waiting`: registered, never heard of. `silent`: heard of, but not for a while.
 * `failing`: talks, and too many of its requests fail.
 */
export type AppState = 'failing' | 'silent' | 'healthy' | 'waiting';

/** An application as the page shows it. */
export interface AppRow extends AppSummary {
  readonly state: AppState;
  /** Failed requests among all, 0 to 1; null when there were none to fail. */
  readonly failureRate: number | null;
}

const failureRate = (app: AppSummary): number | null => (app.requests > 0 ? app.failures / app.requests : null);

function stateOf(app: AppSummary, rate: number | null, at: number): AppState {
  if (app.lastSeen === null) return 'waiting';
  if (at - Date.parse(app.lastSeen) > SILENT_AFTER_MS) return 'silent';
  return rate !== null && rate >= FAILING_RATE ? 'failing' : 'healthy';
}

/** Whether no application has ever sent anything. */
export const allUnheardOf = (rows: readonly AppRow[]): boolean => rows.every((row) => row.received === 0);

/**
 * The row of an application as it stood at `at`, milliseconds since 1970: the API's clock when it answered, not the
 * browser's, so that applications do not fall silent because the API cannot be reached.
 */
export function toRow(app: AppSummary, at: number): AppRow {
  const rate = failureRate(app);
  return { ...app, state: stateOf(app, rate, at), failureRate: rate };
}
