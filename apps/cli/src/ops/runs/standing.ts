import type { Actions } from '../plan/action.ts';
import { isSameWorld, type Step, type World } from '../plan/plan.ts';
import type { Noted, Run } from './read-run.ts';

/** What became of a step, by all that is known of it today. */
export interface Standing {
  /**
   * `left`: not done. `failed`: not done, by its own fault. `half-done`: begun and not whole, or half taken back. `undone`:
   * taken back by another run. `unclear`: begun, and what it touches is neither as before nor as after it.
   */
  readonly state: 'left' | 'doing' | 'half-done' | 'done' | 'failed' | 'undone' | 'unclear';
  /** Of `done` and `half-done`: what it made of what it touches. */
  readonly after?: World;
}

/** Tells of the steps of runs how they stand: what was taken back, and what a process that died left behind. */
export class Standings {
  /** By run and step: the steps of other runs that take it back. */
  readonly #undoers = new Map<string, { readonly run: Run; readonly at: number }[]>();
  readonly #actions: Actions;
  readonly #known = new Map<string, Promise<readonly Standing[]>>();

  constructor(runs: readonly Run[], actions: Actions) {
    this.#actions = actions;
    for (const run of runs) this.#note(run);
  }

  /** One for each step of the run's plan. */
  of(run: Run): Promise<readonly Standing[]> {
    const known = this.#known.get(run.run) ?? this.#tell(run);
    this.#known.set(run.run, known);
    return known;
  }

  async #tell(run: Run): Promise<readonly Standing[]> {
    const told: Standing[] = [];
    for (const [at, step] of run.plan.steps.entries()) {
      const noted = run.steps[at] ?? { state: 'waiting' };
      const takenBack = noted.state === 'waiting' ? undefined : await this.#takenBack(run.run, at + 1);
      if (takenBack !== undefined) told.push(takenBack);
      else if (noted.state === 'begun' && run.state === 'running') told.push({ state: 'doing' });
      else told.push(await this.#settle(step, noted));
    }
    return told;
  }

  #note(run: Run): void {
    const { undoes } = run.plan;
    for (const [at, step] of (undoes?.steps ?? []).entries()) {
      const key = `${undoes?.run} ${step}`;
      this.#undoers.set(key, [...(this.#undoers.get(key) ?? []), { run, at }]);
    }
  }

  /** Its standing where another run has taken it back, or half of it, and that was not itself undone. */
  async #takenBack(run: string, step: number): Promise<Standing | undefined> {
    let half: Standing | undefined;
    for (const undoer of this.#undoers.get(`${run} ${step}`) ?? []) {
      const standing = (await this.of(undoer.run))[undoer.at];
      if (standing?.state === 'done') return { state: 'undone' };
      if (standing?.state === 'half-done') half = standing;
    }
    return half;
  }

  /** Of what was begun and is not known to have ended well, the world itself tells whether it was done. */
  async #settle(step: Step, noted: Noted): Promise<Standing> {
    if (noted.state === 'waiting') return { state: 'left' };
    if (noted.state === 'done') return { state: 'done', ...(noted.after === undefined ? {} : { after: noted.after }) };
    const deed = this.#actions.bind(step.action);
    const half = await seen(() => deed?.half());
    if (half !== undefined) return { state: 'half-done', after: half };
    const now = await seen(() => deed?.look());
    if (now !== undefined && isSameWorld(now, step.before))
      return { state: noted.state === 'failed' ? 'failed' : 'left' };
    if (now !== undefined && step.after !== undefined && isSameWorld(now, step.after)) {
      return { state: 'done', after: step.after };
    }
    return { state: 'unclear' };
  }
}

async function seen(look: () => Promise<World | undefined> | undefined): Promise<World | undefined> {
  try {
    return await look();
  } catch {
    return undefined; // what cannot be looked at tells nothing
  }
}
