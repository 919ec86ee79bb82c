import type { AppReport, AppsReport } from '@scorpiox/shared/contract';
import { passedSteps } from '../../lib/passed-steps.ts';

/** How an application stands: as the API judges it, but one that never said anything is `waiting`, not `silent`. */
export type Standing = AppReport['state'] | 'waiting';

/** An application as the page shows it. */
export interface AppRow extends AppReport {
  readonly standing: Standing;
}

/** Whether no application has ever sent anything. */
export const allUnheardOf = (rows: readonly AppRow[]): boolean => rows.every((row) => row.received === 0);

/** An application of an answer as the page shows it. */
export const toRow = (app: AppReport, { to, now, stepSeconds }: Omit<AppsReport, 'apps'>): AppRow => ({
  ...app,
  sparkline: passedSteps(app.sparkline, Date.parse(to), Date.parse(now), stepSeconds),
  standing: app.stateReason.code === 'never' ? 'waiting' : app.state,
});
