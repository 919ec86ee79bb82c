import { ANSWER_MS, ANSWERS, QUESTIONS } from '../limits.ts';

/*
 * Questions to the database
 *
 * A dashboard that has gone away leaves its question behind: the database works on, and the dashboard asks again. So the
 * same question is under way once, whoever asks; its answer is given again for a moment; and beyond a few questions at
 * once further ones are turned away instead of queued behind work that nobody waits for any more.
 */

/** Too many questions are under way: the caller is to come back. */
export class TooManyQuestions extends Error {
  override readonly name = 'TooManyQuestions';
}

interface Answer<A> {
  readonly value: Promise<A>;
  /** Milliseconds since 1970; undefined while it is under way. */
  readyAt?: number;
}

/** Asks each question once at a time. */
export class Questions<Q, A> {
  readonly #ask: (question: Q) => Promise<A>;
  readonly #keyOf: (question: Q) => string;
  readonly #now: () => number;
  readonly #most: number;
  readonly #answers = new Map<string, Answer<A>>();
  #underWay = 0;

  /** `most`: different questions under way at once. */
  constructor(ask: (question: Q) => Promise<A>, keyOf: (question: Q) => string, now: () => number, most = QUESTIONS) {
    this.#ask = ask;
    this.#keyOf = keyOf;
    this.#now = now;
    this.#most = most;
  }

  /** Rejects with `TooManyQuestions`, or as the question does. */
  async ask(question: Q): Promise<A> {
    const key = this.#keyOf(question);
    const there = this.#answers.get(key);
    if (there !== undefined && (there.readyAt === undefined || this.#isFresh(there.readyAt))) return there.value;
    if (this.#underWay >= this.#most) throw new TooManyQuestions();
    return this.#askNow(key, question);
  }

  async #askNow(key: string, question: Q): Promise<A> {
    const answer: Answer<A> = { value: this.#ask(question) };
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    this.#underWay += 1;
    try {
      const value = await answer.value;
      answer.readyAt = this.#now();
      this.#forgetOldest();
      return value;
    } catch (error) {
      this.#answers.delete(key);
      throw error;
    } finally {
      this.#underWay -= 1;
    }
  }

  #isFresh(readyAt: number): boolean {
    const age = this.#now() - readyAt;
    // A clock that was set back must not keep an answer for ever.
    return age >= 0 && age < ANSWER_MS;
  }

  #forgetOldest(): void {
    for (const [key, { readyAt }] of this.#answers) {
      if (this.#answers.size <= ANSWERS) return;
      if (readyAt !== undefined) this.#answers.delete(key);
    }
  }
}
