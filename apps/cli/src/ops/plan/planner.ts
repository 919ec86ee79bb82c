import type { Actions } from './action.ts';
import { ABSENT } from './actions/place.ts';
import type { Action, Step, World } from './plan.ts';

/** Collects a plan's steps. Each sees the world as the steps before it will have left it. */
export class Planner {
  readonly #actions: Actions;
  readonly #steps: Step[] = [];
  readonly #foreseen = new Map<string, string>();

  constructor(actions: Actions) {
    this.#actions = actions;
  }

  get steps(): readonly Step[] {
    return this.#steps;
  }

  /** Whether the steps so far put something in a place. */
  isTaken(name: string): boolean {
    const foreseen = this.#foreseen.get(name);
    return foreseen !== undefined && foreseen !== ABSENT;
  }

  /** What an action would touch, once the steps so far are done. */
  async look(action: Action): Promise<World> {
    const now = Object.entries(await this.#bind(action).look());
    return Object.fromEntries(now.map(([name, state]) => [name, this.#foreseen.get(name) ?? state]));
  }

  /** Adds a step. `does` is a sentence. */
  async add(does: string, action: Action): Promise<void> {
    const deed = this.#bind(action);
    const before = await this.look(action);
    const after = deed.foresee(before);
    for (const [name, state] of Object.entries(after ?? {})) this.#foreseen.set(name, state);
    const canUndo = deed.inverse !== undefined;
    this.#steps.push({ does, action, before, canUndo, ...(after === undefined ? {} : { after }) });
  }

  #bind(action: Action) {
    const deed = this.#actions.bind(action);
    if (deed === undefined) throw new TypeError(`There is no action ${action.kind} with such data.`);
    return deed;
  }
}
