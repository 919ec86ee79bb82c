/** A column that is filled, as a step of a plan. */
import type { Console } from '@scorpiox/shared/database/console';
import { ok } from '@scorpiox/shared/result';
import { type Static, Type } from 'typebox';
import type { World } from '../../plan/plan.ts';
import { defineDatabaseAction, ON_DATABASE } from '../actions/database-action.ts';
import { readTableIn, tableIn } from '../dedupe/action.ts';
import { shownName } from '../rows/table.ts';
import { watchOf } from '../rows/watch.ts';
import { beginBackfill, doBackfill, fillOf } from './backfill.ts';
import { BackfillNotes } from './notes.ts';

const BackfillData = Type.Object({
  ...ON_DATABASE,
  schema: Type.Union([Type.String(), Type.Null()]),
  table: Type.String(),
  column: Type.String(),
  expression: Type.String(),
  id: Type.Integer({ minimum: 1 }),
  /** Rows that it had when it was planned. */
  rows: Type.Integer({ minimum: 0 }),
});

type BackfillData = Static<typeof BackfillData>;

const nameOf = (data: BackfillData): string =>
  `backfill ${data.id} of ${shownName(tableIn(data))}.${data.column} in ${data.database}`;

async function look(db: Console, data: BackfillData): Promise<World> {
  const note = await new BackfillNotes(db.kind, db.run).find(data.id);
  return { [nameOf(data)]: note?.state ?? 'none' };
}

export const fillColumn = defineDatabaseAction({
  kind: 'db-fill-column',
  data: BackfillData,
  look,
  foresee: (data) => ({ [nameOf(data)]: 'done' }),
  half: async (db, data) => {
    const world = await look(db, data);
    return ['none', 'done'].includes(world[nameOf(data)] ?? '') ? undefined : world;
  },
  perform: async (db, data, means) => {
    const fill = fillOf(await readTableIn(db, data), data);
    if (!fill.ok) return fill;
    await beginBackfill(db, fill.value, data.rows);
    const filled = await doBackfill(db, fill.value, watchOf(means));
    if (!filled.ok) return filled;
    means.report?.({ ...filled.value });
    return ok(undefined);
  },
  inverse: () => undefined, // what the column held before is nowhere
});
