import type { Run } from '@scorpiox/shared/database/sqlserver';
import { driveSlowly } from '../overview/drive.ts';
import { PROGRAMS } from '../overview/read/programs.ts';
import { summarizeSpan } from '../overview/read/summary.ts';
import { type AppTotals, type MinuteSpan, NO_FIGURES } from '../port.ts';
import type { Answer, Ask, Question } from '../questions/overview.ts';
import { runReadStep } from './overview/read.ts';
import { READ_COUNTERS, toAppsWithCounters } from './read-counters.ts';

/** Sums up every application over a span. */
export async function summarizeApps(run: Run, span: MinuteSpan): Promise<readonly AppTotals[]> {
  const apps = toAppsWithCounters(await run({ text: READ_COUNTERS }));
  const figures = await driveSlowly(summarizeSpan(span), (step) => runReadStep(run, step));
  return apps.map((app) => ({ ...app, ...(figures.get(app.appId) ?? NO_FIGURES) }));
}

/** Answers a question about one application, or all. */
export const answerOverview = <K extends Ask>(run: Run, ask: K, question: Question<K>): Promise<Answer<K>> =>
  driveSlowly(PROGRAMS[ask](question), (step) => runReadStep(run, step));
