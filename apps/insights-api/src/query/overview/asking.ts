import type { AppRef } from '@scorpiox/shared/database';
import { PAGE_QUESTIONS } from '../../limits.ts';
import type { AppTotals, MinuteSpan, Store } from '../../store/port.ts';
import type { Answer, Ask, Question } from '../../store/questions/overview.ts';
import { keyOfSpan } from '../apps.ts';
import { Questions } from '../questions.ts';
import { Standings } from './standings.ts';

/** What the pages of applications and the map ask, each question once at a time. */
export interface Asking {
  readonly summarize: (span: MinuteSpan) => Promise<readonly AppTotals[]>;
  readonly standings: Standings;
  readonly ask: <K extends Ask>(ask: K, question: Question<K>) => Promise<Answer<K>>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** An application and the span that is asked for. */
export interface AppQuestion {
  readonly app: AppRef;
  readonly range: { readonly from: number; readonly to: number };
}

/** `now`: milliseconds since 1970. */
export function makeAsking(store: Pick<Store, 'summarizeApps' | 'askOverview'>, now: () => number): Asking {
  const summaries = new Questions(store.summarizeApps, keyOfSpan, now);
  const pages = new Questions(
    ({ ask, question }: { ask: Ask; question: Question<Ask> }) => store.askOverview(ask, question),
    (asked) => JSON.stringify(asked),
    now,
    PAGE_QUESTIONS,
  );
  return {
    summarize: (span) => summaries.ask(span),
    standings: new Standings(store, now),
    // The store answers each question by its own kind of answer.
    ask: (ask, question) => pages.ask({ ask, question }) as Promise<Answer<typeof ask>>,
    now,
  };
}
