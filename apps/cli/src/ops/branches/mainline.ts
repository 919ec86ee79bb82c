import type { History } from './history.ts';

/** The trunk in a history: what it holds, and by which commit of its own line each came in. */
export class Mainline {
  readonly tip: number;
  /** By commit: the place in the trunk's line of the commit that brought it, from 1; 0 where the trunk has it not. */
  readonly #broughtAt: Int32Array;
  /** The trunk's line: its tip, that one's first parent, and so on, the oldest first. */
  readonly #line: readonly number[];
  readonly count: number;

  constructor(history: History, tip: number) {
    this.tip = tip;
    this.#broughtAt = new Int32Array(history.count);
    const line: number[] = [];
    for (let at: number | undefined = tip; at !== undefined; at = history.firstParent(at)) line.push(at);
    this.#line = line.reverse();
    let count = 0;
    for (const [place, commit] of this.#line.entries()) {
      history.walk([commit], (each) => {
        if (this.#broughtAt[each] !== 0) return false;
        this.#broughtAt[each] = place + 1;
        count += 1;
        return true;
      });
    }
    this.count = count;
  }

  has(commit: number): boolean {
    return this.#broughtAt[commit] !== 0;
  }

  /** Whether it is on the trunk's own line. */
  isOnLine(commit: number): boolean {
    const place = this.#broughtAt[commit] ?? 0;
    return place > 0 && this.#line[place - 1] === commit;
  }

  /** The commit of the trunk's line by which a commit came in: itself, or a merge. */
  broughtBy(commit: number): number | undefined {
    return this.#line[(this.#broughtAt[commit] ?? 0) - 1];
  }

  /** The order in which commits came into the trunk: by the line, then parents first. */
  order(one: number, other: number): number {
    return (this.#broughtAt[one] ?? 0) - (this.#broughtAt[other] ?? 0) || one - other;
  }

  /** Whether a commit was in the trunk before another of its line came. */
  isBefore(commit: number, line: number): boolean {
    const place = this.#broughtAt[commit] ?? 0;
    return place > 0 && place < (this.#broughtAt[line] ?? 0);
  }
}
