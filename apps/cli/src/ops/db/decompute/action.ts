/** A computed column made a real one, and a computed one again. What is promised: decompute.ts. */
import type { Console } from '@scorpiox/shared/database/console';
import { ok, type Result } from '@scorpiox/shared/result';
import { type Static, Type } from 'typebox';
import type { Failure } from '../../failure.ts';
import type { World } from '../../plan/plan.ts';
import { defineDatabaseAction, ON_DATABASE } from '../actions/database-action.ts';
import { columnOf } from '../catalog/table.ts';
import { readTableIn, tableIn } from '../dedupe/action.ts';
import { needIdentity } from '../rows/identity.ts';
import { shownName, type Table } from '../rows/table.ts';
import { watchOf } from '../rows/watch.ts';
import type { Conversion } from './conversion.ts';
import { decompute, type Phase, phaseOf, recompute } from './decompute.ts';

const ConversionData = Type.Object({
  ...ON_DATABASE,
  schema: Type.Union([Type.String(), Type.Null()]),
  table: Type.String(),
  column: Type.String(),
  type: Type.String(),
  /** What the real column is set to. */
  expression: Type.String(),
  /** The computed column as it was. */
  computed: Type.Object({
    type: Type.String(),
    expression: Type.String(),
    isPersisted: Type.Boolean(),
    nullable: Type.Boolean(),
  }),
  /** The number of its backfill, and the rows that it had when it was planned. */
  backfill: Type.Object({ id: Type.Integer({ minimum: 1 }), rows: Type.Integer({ minimum: 0 }) }),
});

type ConversionData = Static<typeof ConversionData>;

const nameOf = (data: ConversionData): string => `${shownName(tableIn(data))}.${data.column} in ${data.database}`;

const STATES: Readonly<Record<Phase, string>> = {
  computed: 'computed',
  half: 'computed, with a real one on the way',
  real: 'real',
  gone: 'gone',
};

const worldOf = (data: ConversionData, phase: Phase): World => ({ [nameOf(data)]: STATES[phase] });

async function look(db: Console, data: ConversionData): Promise<World> {
  return worldOf(data, phaseOf(await readTableIn(db, data), data.column));
}

async function half(db: Console, data: ConversionData): Promise<World | undefined> {
  const phase = phaseOf(await readTableIn(db, data), data.column);
  return phase === 'half' ? worldOf(data, phase) : undefined;
}

/** What is to be converted in the table as it is now. */
export function conversionIn(
  table: Table,
  { column, type, expression }: Pick<ConversionData, 'column' | 'type' | 'expression'>,
): Result<Conversion, Failure> {
  const identity = needIdentity(table);
  if (!identity.ok) return identity;
  return ok({ table, column: columnOf(table, column)?.name ?? column, type, expression, identity: identity.value });
}

const COMPUTE = 'db-recompute-column';

/** Whether it can come back as it was: SQLite adds no column that is stored, and none that may not be NULL. */
const canComeBack = ({ schema, computed }: ConversionData): boolean =>
  schema !== null || (!computed.isPersisted && computed.nullable);

export const decomputeColumn = defineDatabaseAction({
  kind: 'db-decompute-column',
  data: ConversionData,
  look,
  foresee: (data) => worldOf(data, 'real'),
  half,
  perform: async (db, data, means) => {
    const conversion = conversionIn(await readTableIn(db, data), data);
    if (!conversion.ok) return conversion;
    const done = await decompute(db, conversion.value, data.backfill, watchOf(means));
    if (!done.ok) return done;
    means.report?.({ ...done.value });
    return ok(undefined);
  },
  inverse: (data) =>
    canComeBack(data)
      ? {
          does: `Make ${shownName(tableIn(data))}.${data.column} a computed column again; what was written into it since is lost.`,
          action: { kind: COMPUTE, data },
        }
      : undefined,
});

export const recomputeColumn = defineDatabaseAction({
  kind: COMPUTE,
  data: ConversionData,
  look,
  foresee: (data) => worldOf(data, 'computed'),
  perform: async (db, data) => {
    const conversion = conversionIn(await readTableIn(db, data), data);
    if (!conversion.ok) return conversion;
    await recompute(db, conversion.value, data.computed, data.backfill.id);
    return ok(undefined);
  },
  inverse: (data) => ({
    does: `Make ${shownName(tableIn(data))}.${data.column} a real column again.`,
    action: decomputeColumn.of(data),
  }),
});
