/** The steps of `db migrate`. Only the command itself can do them: it knows how its databases are opened. */
import { err, type Result } from '@scorpiox/shared/result';
import { type Static, Type } from 'typebox';
import type { Failure } from '../../failure.ts';
import { defineAction } from '../../plan/action.ts';
import type { World } from '../../plan/plan.ts';

const Data = Type.Object({
  from: Type.String(),
  /** Absent where a move is taken back without its target. */
  to: Type.Union([Type.String(), Type.Null()]),
  does: Type.Union([Type.Literal('copy'), Type.Literal('cut over'), Type.Literal('cancel')]),
});

interface Means {
  look(): Promise<World>;
  perform(data: Static<typeof Data>): Promise<Result<void, Failure>>;
}

/** Without the command there is nothing to do it with. */
const NONE: Means = {
  look: async () => ({}),
  perform: async () => err({ kind: 'refused', message: 'A move is gone on with by `scorpiox db migrate`.' }),
};

export const migrateDatabase = (means: Means = NONE) =>
  defineAction({
    kind: 'migrate-database',
    data: Data,
    look: means.look,
    foresee: () => undefined,
    perform: means.perform,
    // It is taken back by `db migrate --cancel`, which looks whether that can be done.
    inverse: () => undefined,
  });
