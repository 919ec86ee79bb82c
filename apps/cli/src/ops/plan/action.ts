/** Kinds of deeds: what each touches, how it is done, and how it is taken back. */
import type { Result } from '@scorpiox/shared/result';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { Failure } from '../failure.ts';
import type { Action, World } from './plan.ts';

/** A kind of deed on data of one shape. */
export interface ActionSpec<S extends TSchema> {
  readonly kind: string;
  /** Journals outlive versions of this program: what they hold is checked against this. */
  readonly data: S;
  /** What it touches, as it is now. Changes nothing. */
  look(data: Static<S>): Promise<World>;
  /** What it makes of that; undefined where it shows only once it is done. */
  foresee(data: Static<S>, before: World): World | undefined;
  /** Does it, durably. Errors of the system may be thrown. */
  perform(data: Static<S>): Promise<Result<void, Failure>>;
  /**
   * Of a deed that is long: what it touches as it left that, where it was begun and is not whole; undefined where it is not
   * half done. Taking back half of it is the same as taking back all.
   */
  half?(data: Static<S>): Promise<World | undefined>;
  /** What takes it back, in data and in words; undefined where nothing does. */
  inverse(data: Static<S>): { readonly does: string; readonly action: Action } | undefined;
}

/** A deed with its data. */
export interface Deed {
  look(): Promise<World>;
  foresee(before: World): World | undefined;
  perform(): Promise<Result<void, Failure>>;
  half(): Promise<World | undefined>;
  readonly inverse: ReturnType<ActionSpec<TSchema>['inverse']>;
}

/** A kind whose data is not known to fit yet. */
export interface ActionKind {
  readonly kind: string;
  /** The deed; undefined where the data is no such kind's. */
  bind(data: unknown): Deed | undefined;
}

/** Declares a kind; `of` makes its actions. */
export function defineAction<S extends TSchema>(spec: ActionSpec<S>): ActionKind & { of(data: Static<S>): Action } {
  return {
    kind: spec.kind,
    of: (data) => ({ kind: spec.kind, data }),
    bind: (data) =>
      Value.Check(spec.data, data)
        ? {
            look: () => spec.look(data),
            foresee: (before) => spec.foresee(data, before),
            perform: () => spec.perform(data),
            half: async () => spec.half?.(data),
            inverse: spec.inverse(data),
          }
        : undefined,
  };
}

/** The kinds that there are. */
export class Actions {
  readonly #kinds: ReadonlyMap<string, ActionKind>;

  constructor(kinds: readonly ActionKind[]) {
    this.#kinds = new Map(kinds.map((kind) => [kind.kind, kind]));
  }

  /** The same, with this kind in the place of the one of its name. */
  with(kind: ActionKind): Actions {
    return new Actions([...this.#kinds.values(), kind]);
  }

  /** The deed of an action; undefined where this version of the program does not know it. */
  bind({ kind, data }: Action): Deed | undefined {
    return this.#kinds.get(kind)?.bind(data);
  }
}
