import type { CallEnds, Callee } from './call-ends.ts';

/*
 * Which application calls which, exactly once
 *
 * Invariant: a request adds to one edge at most, and adds to it once, whichever end was stored first, however often the
 * linker dies, and however many processes link.
 *
 * The rows of ends (call-ends.ts) are numbered in the order in which they were committed. The linker takes them in that
 * order, remembers callers and waiting callees, and finds a pair when the later of its two ends comes. What a row adds to
 * the edges is committed together with the number of the row. So a row that is taken again (by the next process, or by
 * another that linked meanwhile) is remembered and not counted: `take` says what it would add, and its caller drops that
 * for rows up to the number that is committed. Rows stay for LINK_KEPT_MS, so that a new process remembers what the last
 * one did.
 *
 * What is bounded: ends that are remembered. Beyond, the oldest are forgotten; a call whose ends came further apart than
 * that is on no edge. It is in all other sums, which do not depend on this.
 */

/** Whom a request was made by, and what it adds. */
export interface LinkedCall extends Callee {
  readonly fromAppId: number;
}

/** Requests of one parent that wait for it: one call has one, unless it was tried again. */
const SAME_PARENT = 100;

export class Linker {
  readonly #callers = new Map<number, number>();
  readonly #waiting = new Map<number, Callee[]>();
  readonly #most: number;

  /** `most`: callers, and callees, that are remembered. */
  constructor(most: number) {
    this.#most = most;
  }

  /** The calls that a row completes: one of their ends is in it, the other in it or in one before. */
  take({ callers, callees }: CallEnds): readonly LinkedCall[] {
    const found: LinkedCall[] = [];
    for (const { key, appId } of callers) {
      for (const callee of this.#waiting.get(key) ?? []) link(found, callee, appId);
      this.#waiting.delete(key);
      this.#callers.set(key, appId);
    }
    for (const callee of callees) {
      const from = this.#callers.get(callee.key);
      if (from === undefined) this.#wait(callee);
      else link(found, callee, from);
    }
    forget(this.#callers, this.#most);
    forget(this.#waiting, this.#most);
    return found;
  }

  #wait(callee: Callee): void {
    const others = this.#waiting.get(callee.key);
    if (others === undefined) this.#waiting.set(callee.key, [callee]);
    else if (others.length < SAME_PARENT) others.push(callee);
  }
}

/** What an application does within itself is no call. */
function link(found: LinkedCall[], callee: Callee, fromAppId: number): void {
  if (callee.appId !== fromAppId) found.push({ ...callee, fromAppId });
}

function forget(map: Map<number, unknown>, most: number): void {
  if (map.size <= most) return;
  for (const key of map.keys()) {
    map.delete(key);
    if (map.size <= most) return;
  }
}
