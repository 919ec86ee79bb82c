/** How the actors of the soak speak with its oracle: a JSON value a line, commands on stdin, a journal on stdout. */
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { StoreResult } from '../../../src/index.ts';

/** What an actor did to the number of copies of a message: at least and at most. */
export interface Count {
  readonly count: string;
  readonly by: readonly [least: number, most: number];
  readonly why: string;
}

/** What a UID was seen to name. */
export interface Seen {
  readonly seen: readonly [box: string, uidValidity: number, uid: number, identity: string];
}

/** Something that must never happen. */
export interface Wrong {
  readonly wrong: string;
}

export type Entry = Count | Seen | Wrong | { readonly done: Readonly<Record<string, number>> };

export const say = (entry: Entry): void => void process.stdout.write(`${JSON.stringify(entry)}\n`);

/** A change that is certain, or one that may have happened. */
export const count = (identity: string, least: number, most: number, why: string): void =>
  say({ count: identity, by: [least, most], why });

export function value<T>(result: StoreResult<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

/** Does as many things as each line of stdin says, with short pauses, and then says what it did how often. */
export async function work(random: () => number, act: (done: Map<string, number>) => Promise<void>): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const done = new Map<string, number>();
    for (let left = Number(line); left > 0; left -= 1) {
      await act(done);
      await pause(Math.floor(random() * 4));
    }
    say({ done: Object.fromEntries(done) });
  }
}

export const tally = (done: Map<string, number>, what: string): void => void done.set(what, (done.get(what) ?? 0) + 1);

/** One of these. */
export function pick<T>(random: () => number, items: readonly T[]): T | undefined {
  return items[Math.floor(random() * items.length)];
}
