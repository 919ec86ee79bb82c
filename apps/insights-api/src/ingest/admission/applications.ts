import type { AppRef, Control } from '@scorpiox/shared/database';
import { LOOK_UP, SHARED_KEY_APPS } from '../../limits.ts';
import { LookUp } from './look-up.ts';

/** What of the control side it takes to know applications, and to add one. */
export type ApplicationControl = Pick<Control, 'apps' | 'ensureApp' | 'findApp'>;

/** The one thing that is asked for. */
const ALL = 'all';

/**
 * The applications that events under shared keys name. Names can be made up, thousands in a batch: so all that there are
 * are read together, once in a while, and the database is asked about a single name only to add it, which ends when there
 * are many. One that is added by hand beside that many is known a few seconds later.
 */
export class Applications {
  readonly #control: ApplicationControl;
  readonly #known: LookUp<ReadonlyMap<string, AppRef>>;

  /** @param now milliseconds on a clock that never jumps. */
  constructor(control: ApplicationControl, now: () => number) {
    this.#control = control;
    const read = async () => new Map((await control.apps()).map((app) => [app.name.toLowerCase(), app]));
    // What is not in it must not have been added meanwhile.
    this.#known = new LookUp(read, { ...LOOK_UP, old: LOOK_UP.fresh }, now);
  }

  /** The application of this name, letter case aside, added where there is none; undefined where there are too many. */
  async find(name: string): Promise<AppRef | undefined> {
    const known = await this.#known.find(ALL);
    const there = known?.get(name.toLowerCase());
    if (there !== undefined || known === undefined || known.size >= SHARED_KEY_APPS) return there;
    const added = await this.#control.ensureApp(name);
    if (!added.ok) throw new Error(added.error.message);
    this.#known.forget(ALL);
    return this.#control.findApp(name);
  }
}
