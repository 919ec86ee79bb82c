import { TooManyQuestions } from '../questions.ts';

/** Lets a bounded number of works run at once; further ones are turned away, for nobody waits long for an answer. */
export class Places {
  #free: number;

  constructor(places: number) {
    this.#free = places;
  }

  /** Takes a place, and gives what gives it back. Throws `TooManyQuestions`. */
  take(): () => void {
    if (this.#free === 0) throw new TooManyQuestions();
    this.#free -= 1;
    let isTaken = true;
    return () => {
      if (isTaken) this.#free += 1;
      isTaken = false;
    };
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const giveBack = this.take();
    try {
      return await work();
    } finally {
      giveBack();
    }
  }
}
