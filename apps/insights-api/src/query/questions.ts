import { ANSWER_MS, ANSWERS, QUESTION_PATIENCE_MS, QUESTIONS, QUESTIONS_WAITING } from '../limits.ts';

/*
 * Questions to the database
 *
 * A dashboard that has gone away leaves its question behind: the database works on, and the dashboard asks again. So the
 * same question is under way once, whoever asks; its answer is given again for a moment; and beyond a few questions at
 * once further ones wait their turn, so many and for so long that a hundred dashboards that open together are answered
 * and nobody is queued behind work that takes long. They begin in the order in which they came.
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
  readonly #waiting = new Set<() => void>();
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
    return this.#underWay < this.#most ? this.#askNow(key, question) : this.#askLater(question);
  }

  #askLater(question: Q): Promise<A> {
    if (this.#waiting.size >= QUESTIONS_WAITING) throw new TooManyQuestions();
    const { promise, resolve, reject } = Promise.withResolvers<A>();
    const start = () => {
      clearTimeout(patience);
      resolve(this.ask(question));
    };
    const patience = setTimeout(() => {
      this.#waiting.delete(start);
      reject(new TooManyQuestions());
    }, QUESTION_PATIENCE_MS);
    this.#waiting.add(start);
    return promise;
  }

  /** A question that begins takes its place at once; one whose answer is there by now takes none. */
  #startWaiting(): void {
    for (const start of this.#waiting) {
      if (this.#underWay >= this.#most) return;
      this.#waiting.delete(start);
      start();
    }
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
      this.#startWaiting();
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
