import type { Command } from 'commander';
import { defineCommand, orFail } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import type { Facts } from '../../../ops/db/actions/database-action.ts';
import { count } from '../../count.ts';
import { offerPlan } from '../../plan/offer.ts';
import { addPlanOptions, type PlanOptions } from '../../plan/options.ts';
import { addOn, type OnOptions } from '../on.ts';

interface Options extends OnOptions, PlanOptions {
  readonly from: string;
}

export function startBackfillCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'start <table.column>',
    summary: 'set a column of all rows to an expression of the others',
    description:
      'Plans that a column is set to an expression, in batches of at most half a second that give way to others. Killed anywhere,\nit goes on behind the last row that was set (`scorpiox db backfill resume`), and no row is set twice. What the column held\nbefore is not kept.',
    examples: [
      `scorpiox db backfill start events.ms --from 'us / 1000'`,
      `scorpiox db backfill start dbo.Requests.DurationMs --from 'DATEDIFF(millisecond, 0, Duration)' --apply`,
    ],
  });
  addPlanOptions(addOn(command), { confirm: 'table.column' })
    .requiredOption('--from <expression>', 'SQL over the columns of a row')
    .action(async (written: string, options: Options) => {
      const { parseColumnName } = await import('../../../ops/db/rows/column-name.ts');
      const { locate, withConsole } = await import('../connect.ts');
      const { databaseActionsFor } = await import('../means.ts');
      const { planBackfill } = await import('../../../ops/db/backfill/plan.ts');
      const { rowsWork } = await import('../rows-work.ts');
      const column = orFail(parseColumnName(written));
      const location = await locate(io, options.on, options);
      const actions = databaseActionsFor(io, options, [location]);
      const { plan, notes } = await withConsole(io, location, {}, options, async (db) =>
        orFail(await planBackfill(db, { column, expression: options.from }, actions)),
      );
      for (const note of notes) io.say(`${note}\n`);
      await offerPlan(io, plan, options, rowsWork(io, options, location, { tell: tellFilled, failure: differs }));
    });
}

/** What became of a backfill. */
export const tellFilled = ({ table, column, rows, batches, waits, differing, untold }: Facts): string =>
  `${table}.${column} is set in ${count(Number(rows), 'row')}, in ${Number(batches).toLocaleString('en')} batches; it gave way ${count(Number(waits), 'time')}. ${count(Number(differing), 'row')} differ from the expression.${untold === null ? '' : ` ${untold}`}`;

export function differs({ table, column, differing, backfill }: Facts) {
  if (typeof differing !== 'number' || differing === 0) return undefined;
  const message = `${count(differing, 'row')} of ${table} came or changed behind backfill ${backfill}: their ${column} is not what the expression says. Start it once more, or set it where rows are written.`;
  return { kind: 'partly-done', message } as const;
}
