import type { Console } from '@scorpiox/shared/database/console';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import type { Actions } from '../../plan/action.ts';
import type { Plan } from '../../plan/plan.ts';
import { Planner } from '../../plan/planner.ts';
import { number } from '../dialect/rows.ts';
import { countRows } from '../dupes/texts.ts';
import { only } from '../rows/cells.ts';
import type { ColumnName } from '../rows/column-name.ts';
import { tellTriggers } from '../rows/dependents.ts';
import { readTable } from '../rows/read-table.ts';
import { place, shownName } from '../rows/table.ts';
import { fillColumn } from './action.ts';
import { fillOf, tellHidden } from './backfill.ts';
import type { Fill } from './fill.ts';
import { type BackfillNote, BackfillNotes } from './notes.ts';
import { textsOf } from './texts.ts';

export interface BackfillRequest {
  readonly column: ColumnName;
  readonly expression: string;
}

/** Plans that a column is filled. Rejects with `ConsoleError` (also what the database has against the expression) and `DatabaseFailed`. */
export async function planBackfill(
  db: Console,
  { column, expression }: BackfillRequest,
  actions: Actions,
): Promise<Result<{ readonly plan: Plan; readonly notes: readonly string[] }, Failure>> {
  const table = await readTable(db, column.table);
  const notes = await new BackfillNotes(db.kind, db.run).all();
  const open = openOn(notes, place(table), column.column);
  if (open !== undefined && open.expression !== expression) return err(inTheWay(open));
  const id = open?.id ?? Math.max(0, ...notes.map((note) => note.id)) + 1;
  const fill = fillOf(table, { id, column: column.column, expression });
  if (!fill.ok) return fill;
  await db.run(textsOf(table).tryOut(fill.value));
  const rows = number(await only(db.run, countRows(table)), 'rows');
  const planner = new Planner(actions);
  const name = fill.value.column.name;
  const data = {
    database: db.name,
    schema: table.schema ?? null,
    table: table.name,
    column: name,
    expression,
    id,
    rows,
  };
  await planner.add(tell(fill.value, rows, open), fillColumn.of(data));
  const plan = { title: 'db backfill', confirm: `${shownName(table)}.${name}`, steps: planner.steps };
  return ok({ plan, notes: [...(await tellTriggers(db.run, table, 'UPDATE')), ...tellHidden(fill.value)] });
}

/** The backfill of a column that has not come to its end. */
const openOn = (notes: readonly BackfillNote[], table: string, column: string): BackfillNote | undefined =>
  notes.find(
    (note) =>
      note.table === table &&
      note.column.toLowerCase() === column.toLowerCase() &&
      (note.state === 'running' || note.state === 'paused'),
  );

const inTheWay = ({ id, expression }: BackfillNote): Failure => ({
  kind: 'refused',
  message: `The backfill ${id} of that column has not come to its end: it sets ${expression}. Resume or cancel it first.`,
});

function tell({ id, table, column, expression, identity }: Fill, rows: number, open: BackfillNote | undefined): string {
  const of = `${shownName(table)}.${column.name}`;
  if (open === undefined) {
    return `Set ${of} to ${expression} in ${rows.toLocaleString('en')} rows, in the order of ${identity.told}: backfill ${id}.`;
  }
  return `Go on with backfill ${id}, which sets ${of} to ${expression}: ${open.done.toLocaleString('en')} of ${rows.toLocaleString('en')} rows are set.`;
}
