/*
 * When an alert fires, and when it is over
 *
 * For each rule and subject: ok → pending → firing → ok. One step for each look at the figures; what a look finds is
 *
 *   breach   beyond the threshold
 *   between  neither: back within it, but not by the margin that counts as well again
 *   clear    well again
 *   unknown  nobody could tell (the database is away)
 *
 * Invariants:
 * 1. It fires only after every look for `forMs` found a breach, the first and the last of them that far apart.
 * 2. It resolves only after every look for `resolveMs` found it clear, likewise. So of what swings around the threshold
 *    one message goes out, and the next when it has been well for that long.
 * 3. `fired` and `resolved` take turns, `fired` first: nobody hears twice of the same, or of the end of what they never
 *    heard of.
 * 4. `unknown` changes nothing and says nothing.
 * 5. Looks that are further apart than `gapMs`, or go back in time, prove nothing of the time between them: what was
 *    counted so far is counted anew.
 */

/** What a look at the figures finds. */
export type Level = 'breach' | 'between' | 'clear' | 'unknown';

/** What is not ok. Times in milliseconds since 1970. */
export type AlertState =
  | {
      readonly status: 'pending';
      /** The first breach of those without a break. */
      readonly since: number;
      /** The last look that told something. */
      readonly seenAt: number;
    }
  | {
      readonly status: 'firing';
      /** When it fired. */
      readonly since: number;
      readonly seenAt: number;
      /** The first clear look of those without a break; absent while it is not clear. */
      readonly clearSince?: number;
    };

export interface Timing {
  readonly forMs: number;
  readonly resolveMs: number;
  /** Looks further apart than this leave a hole. */
  readonly gapMs: number;
}

export interface Step {
  /** Absent: ok. */
  readonly state?: AlertState;
  readonly transition?: 'fired' | 'resolved';
}

/** One look. `state` absent: ok. `now`: milliseconds since 1970. */
export function step(state: AlertState | undefined, level: Level, timing: Timing, now: number): Step {
  if (level === 'unknown') return state === undefined ? {} : { state };
  return state?.status === 'firing' ? fromFiring(state, level, timing, now) : fromQuiet(state, level, timing, now);
}

function fromQuiet(state: AlertState | undefined, level: Level, timing: Timing, now: number): Step {
  if (level !== 'breach') return {};
  const since = state === undefined || isHole(state.seenAt, now, timing) ? now : state.since;
  if (now - since < timing.forMs) return { state: { status: 'pending', since, seenAt: now } };
  return { state: { status: 'firing', since: now, seenAt: now }, transition: 'fired' };
}

function fromFiring(
  { since, seenAt, clearSince }: Extract<AlertState, { status: 'firing' }>,
  level: Level,
  timing: Timing,
  now: number,
): Step {
  if (level !== 'clear') return { state: { status: 'firing', since, seenAt: now } };
  const from = clearSince === undefined || isHole(seenAt, now, timing) ? now : clearSince;
  if (now - from >= timing.resolveMs) return { transition: 'resolved' };
  return { state: { status: 'firing', since, seenAt: now, clearSince: from } };
}

const isHole = (seenAt: number, now: number, { gapMs }: Timing): boolean => now < seenAt || now - seenAt > gapMs;
