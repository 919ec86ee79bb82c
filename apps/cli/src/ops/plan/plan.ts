/*
 * How commands change many things
 *
 * A command that touches many things, or what cannot be taken back, makes a plan first: pure data, a list of steps. Shown, it
 * is what would be done; applied, it is what is done, and nothing else.
 *
 * Invariants
 * - A step names all that it touches (its world) with the state that each thing was seen in. Right before the step is done
 *   it is looked at again; where anything is in another state, the step and all after it are left (`stale`).
 * - A plan's id is a hash over its steps and the world they were made from: the same id is the same plan. It is made anew by
 *   each run of a command, never stored: a script that has seen one says which it means by its id.
 * - Each step is journaled before it is begun and after it has ended (../runs/journal.ts). With the world before and after
 *   it, a journal is enough to take a step back (../runs/undo.ts), also one of a process that died meanwhile: the state in
 *   which things are now says whether it was done.
 * - A step that is itself long (mail is brought over) may be half done when its process dies. It notes for itself how far it
 *   came; the state of what it touches tells half of it from none and from all, and taking it back takes that half back.
 * - Taking a step back is a step itself, so undoing is a plan as well, is journaled, and can be undone.
 *
 * Hazards
 * - Between the look and the deed somebody else may be quicker. So deeds are chosen that do no harm then: what lies at a
 *   place is never replaced, what is not empty is never removed.
 * - Steps build upon each other: what an earlier step will have made of a thing counts, not how it looks now (planner.ts).
 */
import { createHash } from 'node:crypto';

/** Things by name (a path, `account alice`), each with its state in words that change whenever it changes. */
export type World = Readonly<Record<string, string>>;

/** What a step does, as data: a kind of deed (action.ts), and what that kind needs to know. */
export interface Action {
  readonly kind: string;
  readonly data: unknown;
}

export interface Step {
  /** A sentence for people. */
  readonly does: string;
  readonly action: Action;
  /** What it touches, as it was when the plan was made (with the steps before it done). */
  readonly before: World;
  /** The same once it is done; absent where that shows only then. */
  readonly after?: World;
  /** Whether it can be taken back. */
  readonly canUndo: boolean;
}

export interface Plan {
  /** The command: `mail repair`. */
  readonly title: string;
  readonly steps: readonly Step[];
  /** What has to be named before it is applied: where some of it cannot be taken back, or it is about somebody. */
  readonly confirm?: string;
  /** The run that it takes back, and which step of that each of its own does. */
  readonly undoes?: { readonly run: string; readonly steps: readonly number[] };
}

/** By these characters a plan is known: 48 bits of SHA-256 over all that it does and was made from. */
export function planId(plan: Plan): string {
  return createHash('sha256').update(canonical(plan)).digest('hex').slice(0, 12);
}

/** Whether two worlds are in the same state. */
export const isSameWorld = (one: World, other: World): boolean => canonical(one) === canonical(other);

/** JSON with sorted keys: the same text for the same data. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
