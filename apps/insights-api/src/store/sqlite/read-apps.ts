import type { DatabaseSync } from 'node:sqlite';
import { drive } from '../overview/drive.ts';
import { PROGRAMS } from '../overview/read/programs.ts';
import { summarizeSpan } from '../overview/read/summary.ts';
import { type AppTotals, type MinuteSpan, NO_FIGURES } from '../port.ts';
import type { Answer, Ask, Question } from '../questions/overview.ts';
import { makeReadSteps } from './overview/read.ts';
import { makeCounterReader } from './read-counters.ts';
import { inSnapshot } from './snapshot.ts';

/** Makes the function that sums up every application over a span. */
export function makeAppSummary(db: DatabaseSync): (span: MinuteSpan) => readonly AppTotals[] {
  const readCounters = makeCounterReader(db);
  const step = makeReadSteps(db);
  return (span) =>
    inSnapshot(db, () => {
      const figures = drive(summarizeSpan(span), step);
      return readCounters().map((app) => ({ ...app, ...(figures.get(app.appId) ?? NO_FIGURES) }));
    });
}

/** A question with its name. */
export interface Asked<K extends Ask> {
  readonly ask: K;
  readonly question: Question<K>;
}

/** Makes the function that answers the questions about one application. */
export function makeOverviewAnswers(db: DatabaseSync): <K extends Ask>(asked: Asked<K>) => Answer<K> {
  const step = makeReadSteps(db);
  return ({ ask, question }) => inSnapshot(db, () => drive(PROGRAMS[ask](question), step));
}
