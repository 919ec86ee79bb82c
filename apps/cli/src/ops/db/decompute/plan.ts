import type { Console, Row, Value } from '@scorpiox/shared/database/console';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import type { Actions } from '../../plan/action.ts';
import type { Plan } from '../../plan/plan.ts';
import { Planner } from '../../plan/planner.ts';
import { tellHidden } from '../backfill/backfill.ts';
import { type BackfillNote, BackfillNotes } from '../backfill/notes.ts';
import { type Column, columnOf } from '../catalog/table.ts';
import { number } from '../dialect/rows.ts';
import { countRows } from '../dupes/texts.ts';
import { only } from '../rows/cells.ts';
import type { ColumnName } from '../rows/column-name.ts';
import { tellTriggers } from '../rows/dependents.ts';
import { faultOf } from '../rows/expression.ts';
import { readTable } from '../rows/read-table.ts';
import { place, shownName, type Table } from '../rows/table.ts';
import { conversionIn, decomputeColumn } from './action.ts';
import { type Conversion, freshName, sources, triggerNames } from './conversion.ts';
import { phaseOf } from './decompute.ts';
import { textsOf } from './texts.ts';
import { usersOf } from './users.ts';

export interface DecomputeRequest {
  readonly column: ColumnName;
  readonly type: string;
  /** What the real column is set to; what it is computed from where nobody says. */
  readonly from: string | undefined;
}

export interface PlannedDecompute {
  readonly plan: Plan;
  /** What whoever agrees has to know beside, sentences. */
  readonly notes: readonly string[];
}

/** A type with its lengths; no more may stand in a statement. */
const TYPE = /^[A-Za-z_][\w ]*(\(\s*\w+\s*(,\s*\d+\s*)?\))?$/;

/** Plans that a computed column becomes a real one. Rejects with `ConsoleError` and `DatabaseFailed`. */
export async function planDecompute(
  db: Console,
  request: DecomputeRequest,
  actions: Actions,
): Promise<Result<PlannedDecompute, Failure>> {
  const table = await readTable(db, request.column.table);
  const found = findComputed(table, request);
  if (!found.ok) return found;
  const { column, expression } = found.value;
  const conversion = conversionIn(table, { column: column.name, type: request.type, expression });
  if (!conversion.ok) return conversion;
  const trouble = await troubleOf(db, conversion.value);
  if (trouble !== undefined) return err(trouble);
  const rows = number(await only(db.run, countRows(table)), 'rows');
  const id = backfillId(await new BackfillNotes(db.kind, db.run).all(), table, freshName(column.name));
  const { type, isPersisted = false, nullable } = column;
  const data = {
    ...{ database: db.name, schema: table.schema ?? null, table: table.name, column: column.name },
    ...{ type: request.type, expression, backfill: { id, rows } },
    computed: { type, expression: column.expression ?? expression, isPersisted, nullable },
  };
  const planner = new Planner(actions);
  await planner.add(tell(conversion.value, rows, id), decomputeColumn.of(data));
  const name = `${shownName(table)}.${column.name}`;
  const confirm = planner.steps.every(({ canUndo }) => canUndo) ? {} : { confirm: name };
  const triggers = await tellTriggers(db.run, table, 'UPDATE', triggerNames(conversion.value));
  const notes = [...notesOf(conversion.value), ...triggers, ...tellHidden(conversion.value)];
  return ok({ plan: { title: 'db decompute', ...confirm, steps: planner.steps }, notes });
}

function findComputed(
  table: Table,
  { column: { column: name }, type, from }: DecomputeRequest,
): Result<{ readonly column: Column; readonly expression: string }, Failure> {
  const column = columnOf(table, name);
  const of = `${shownName(table)}.${name}`;
  if (column === undefined) {
    return usage(
      `${shownName(table)} has no column ${name}. It has ${table.columns.map((one) => one.name).join(', ')}.`,
    );
  }
  if (!column.isComputed) return usage(`${of} is a real column already.`);
  const { clauses = [] } = column;
  if (clauses.length > 0) {
    const message = `${of} is declared with ${clauses.join(' and ')}, which a real column in its place would not have: it is left as it is.`;
    return err({ kind: 'refused', message });
  }
  if (!TYPE.test(type)) return usage(`${JSON.stringify(type)} is no type of a column.`);
  const expression = from ?? column.expression;
  if (expression === undefined) return usage(`What ${of} is computed from is not told by the database: say --from.`);
  const fault = faultOf(expression);
  if (fault !== undefined) return usage(`The expression ${fault}.`);
  const own = sources({ table, expression }).find((one) => one === column.name);
  if (own !== undefined) return usage(`The expression uses ${own} itself, which goes.`);
  return ok({ column, expression });
}

const usage = (message: string): Result<never, Failure> => err({ kind: 'usage', message });

/** What speaks against it: what uses the column, and values that do not fit. */
async function troubleOf(db: Console, conversion: Conversion): Promise<Failure | undefined> {
  const { table, column, type } = conversion;
  // The triggers of one that was begun use it, and go along.
  const own = new Set(triggerNames(conversion).map((name) => `trigger ${name}`));
  const users = (await usersOf(db.run, conversion)).filter((user) => !own.has(user));
  const of = `${shownName(table)}.${column}`;
  if (users.length > 0) {
    const message = `${of} is used by ${users.join(', ')}, and cannot go before they do. Remove them, and make them again afterwards.`;
    return { kind: 'refused', message };
  }
  const row = await only(db.run, textsOf(table).misfits(conversion));
  const misfits = number(row, 'rows');
  if (misfits === 0) return undefined;
  const range = `${shown(row, 'least')} to ${shown(row, 'most')}`;
  const message = `${misfits.toLocaleString('en')} of the rows of ${shownName(table)} have a value of ${column} that ${type} does not hold as it is (they are ${range}). Take another --type, or round them by --from.`;
  return { kind: 'refused', message };
}

const shown = (row: Row, column: string): Value => row[column] ?? null;

/** Of the backfill that was begun for it, else the next. One that was cancelled is not gone on with. */
function backfillId(notes: readonly BackfillNote[], table: Table, column: string): number {
  const own = notes.find((note) => note.table === place(table) && note.column === column && note.state !== 'cancelled');
  return own?.id ?? Math.max(0, ...notes.map(({ id }) => id)) + 1;
}

function tell({ table, column, type, expression, identity }: Conversion, rows: number, id: number): string {
  const begin = phaseOf(table, column) === 'half' ? 'Go on making' : 'Make';
  return `${begin} ${shownName(table)}.${column}, which is computed from ${expression}, a real column of ${type}: set it in ${rows.toLocaleString('en')} rows in the order of ${identity.told} (backfill ${id}), compare them all, and let it take the computed one's place.`;
}

function notesOf(conversion: Conversion): readonly string[] {
  const { table, column } = conversion;
  const triggers = triggerNames(conversion).join(', ');
  const common = [
    `A trigger sets ${column} in rows that others write without it (${triggers}), and is to be dropped once they write it themselves.`,
    `INSERT without a list of columns has one more value to give from then on, and ${column} is the last column.`,
  ];
  if (table.dialect === 'sqlite')
    return [...common, `What INSERT … RETURNING gives is from before the trigger: there ${column} is NULL.`];
  return [
    ...common,
    'While there is a trigger, statements with OUTPUT that do not say INTO fail on this table (334).',
    'A row that the expression cannot be computed for, as one that overflows DATEDIFF, cannot be inserted any more.',
  ];
}
