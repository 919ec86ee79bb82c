import type { AppReport, AppsReport } from '@scorpiox/shared/contract';
import { passedSteps } from '../../lib/passed-steps.ts';

/** An application as the page shows it: its sparkline ends with the step that is under way. */
export type AppRow = AppReport;

/** Whether no application has ever sent anything. */
export const allUnheardOf = (rows: readonly AppRow[]): boolean => rows.every((row) => row.received === 0);

/** An application of an answer as the page shows it. */
export const toRow = (app: AppReport, { to, now, stepSeconds }: Omit<AppsReport, 'apps'>): AppRow => ({
  ...app,
  sparkline: passedSteps(app.sparkline, Date.parse(to), Date.parse(now), stepSeconds),
});
