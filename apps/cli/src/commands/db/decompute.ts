import type { Command } from 'commander';
import { defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { Facts } from '../../ops/db/actions/database-action.ts';
import { count } from '../count.ts';
import { offerPlan } from '../plan/offer.ts';
import { addPlanOptions, type PlanOptions } from '../plan/options.ts';
import { addOn, type OnOptions } from './on.ts';

interface Options extends OnOptions, PlanOptions {
  readonly type: string;
  readonly from?: string;
}

export function decomputeCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'decompute <table.column>',
    summary: 'make a real column of a computed one',
    description:
      'Plans that a computed column becomes a real one, in a table that is in use: a new column, triggers that set it in what others\nwrite, a backfill, every row compared with the expression, and a short swap. Killed anywhere, it goes on when it is done\nagain; `scorpiox undo` makes the computed column again.',
    examples: [
      'scorpiox db decompute dbo.Requests.DurationMs --type int',
      `scorpiox db decompute events.ms --type INTEGER --from 'us / 1000' --apply`,
    ],
  });
  addPlanOptions(addOn(command), { confirm: 'table.column' })
    .requiredOption('--type <type>', 'of the real column')
    .option('--from <expression>', 'what it is set to (default: what it is computed from)')
    .action(async (written: string, options: Options) => {
      const { parseColumnName } = await import('../../ops/db/rows/column-name.ts');
      const { locate, withConsole } = await import('./connect.ts');
      const { databaseActionsFor } = await import('./means.ts');
      const { planDecompute } = await import('../../ops/db/decompute/plan.ts');
      const { rowsWork } = await import('./rows-work.ts');
      const request = { column: orFail(parseColumnName(written)), type: options.type, from: options.from };
      const location = await locate(io, options.on, options);
      const actions = databaseActionsFor(io, options, [location]);
      const { plan, notes } = await withConsole(io, location, {}, options, async (db) =>
        orFail(await planDecompute(db, request, actions)),
      );
      for (const note of notes) io.say(`${note}\n`);
      await offerPlan(io, plan, options, rowsWork(io, options, location, { tell, failure: differs }));
    });
}

const tell = ({ table, column, rows, batches, differingBefore, differingAfter }: Facts): string =>
  `${table}.${column} is a real column: set in ${count(Number(rows), 'row')}, in ${Number(batches).toLocaleString('en')} batches; ${count(Number(differingBefore), 'row')} differed from the expression before it took its place, and ${count(Number(differingAfter), 'row')} after.`;

function differs({ table, column, differingAfter }: Facts) {
  if (typeof differingAfter !== 'number' || differingAfter === 0) return undefined;
  const message = `${count(differingAfter, 'row')} of ${table} have another ${column} than the expression says: somebody has written it since.`;
  return { kind: 'partly-done', message } as const;
}
