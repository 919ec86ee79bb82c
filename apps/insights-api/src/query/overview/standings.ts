import { FAILING_MINUTES, STANDING_MS, USUAL_DAYS } from '../../limits.ts';
import type { AppTotals } from '../../store/port.ts';
import type { Answer, OverviewStore } from '../../store/questions/overview.ts';
import type { Lately } from './state.ts';

const MINUTE_MS = 60_000;

/** How every application has been lately: asked of the database now and then, whoever wants to know. */
export class Standings {
  readonly #store: Pick<OverviewStore, 'askOverview'>;
  readonly #now: () => number;
  #answer: Promise<Answer<'standing'>> | undefined;
  #askedAt = 0;

  /** `now`: milliseconds since 1970. */
  constructor(store: Pick<OverviewStore, 'askOverview'>, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  async read(): Promise<{ of(app: AppTotals): Lately }> {
    const standing = new Map((await this.#ask()).map((one) => [one.appId, one]));
    return {
      of: ({ appId, lastSeen }) => {
        const { active = [], requests = 0, failures = 0 } = standing.get(appId) ?? {};
        return { lastSeen, active, requests, failures };
      },
    };
  }

  #ask(): Promise<Answer<'standing'>> {
    const now = this.#now();
    const age = now - this.#askedAt;
    // A clock that was set back must not keep an answer for ever.
    if (this.#answer !== undefined && age >= 0 && age < STANDING_MS) return this.#answer;
    const minute = Math.floor(now / MINUTE_MS);
    const span = { from: minute - FAILING_MINUTES, to: minute + 1 };
    const answer = this.#store.askOverview('standing', { activeFrom: minute - USUAL_DAYS * 24 * 60, span });
    answer.catch(() => {
      if (this.#answer === answer) this.#answer = undefined;
    });
    this.#answer = answer;
    this.#askedAt = now;
    return answer;
  }
}
