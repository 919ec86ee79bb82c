import type { Command } from 'commander';
import { defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { Facts } from '../../ops/db/actions/database-action.ts';
import { offerPlan } from '../plan/offer.ts';
import { addPlanOptions, type PlanOptions } from '../plan/options.ts';
import { addOn, type OnOptions } from './on.ts';
import { onSame } from './same-database.ts';
import { addKey, type KeyOptions } from './table-arguments.ts';

interface Options extends OnOptions, PlanOptions, KeyOptions {}

export function dedupeCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'dedupe <table>',
    summary: 'remove the duplicates of a table by a key, all but the earliest',
    description:
      'Plans that of the rows of each key only the earliest stays. The others go into a table beside it, <table>_duplicates_<number>,\neach in the transaction that removes it, a batch at a time; `scorpiox undo` puts them back. Killed anywhere, it goes on\nwhen it is done again. Before --apply it says how many rows it is about.',
    examples: [
      'scorpiox db dedupe events --key app,hash',
      'scorpiox db dedupe dbo.Requests --key AppId,RequestId --by ReceivedAt --apply',
    ],
  });
  addPlanOptions(addKey(addOn(command))).action(async (table: string, options: Options) => {
    const { locate, withConsole } = await import('./connect.ts');
    const { databaseActionsFor } = await import('./means.ts');
    const { planDedupe } = await import('../../ops/db/dedupe/plan.ts');
    const { rowsWork } = await import('./rows-work.ts');
    const location = await locate(io, options.on, options);
    const { key, by } = options;
    const actions = databaseActionsFor(io, options, [location]);
    const { plan, notes } = await withConsole(io, location, {}, options, async (db) =>
      orFail(await planDedupe(db, { table, key, by }, actions)),
    );
    for (const note of notes) io.say(`${note}\n`);
    const unique = onSame(['unique', table, '--key', key.join(',')], options);
    const failure = (facts: Facts) => stillThere(facts, unique);
    await offerPlan(io, plan, options, rowsWork(io, options, location, { tell: tellRemoval, failure }));
  });
}

const told = (value: Facts[string] | undefined): string =>
  typeof value === 'number' ? value.toLocaleString('en') : String(value ?? '');

/** What a removal found before and after it. */
export const tellRemoval = (facts: Facts): string =>
  `${told(facts.table)}: ${told(facts.rowsBefore)} rows before, ${told(facts.excessBefore)} of them too many; ${told(facts.rowsAfter)} after, ${told(facts.excessAfter)} too many. ${told(facts.removed)} were removed; ${told(facts.archive)} has ${told(facts.archived)}.${others(facts)}`;

/** Where nobody else writes, the numbers agree to the row. */
const others = ({ rowsBefore, rowsAfter, distinctBefore, distinctAfter, removed }: Facts): string =>
  Number(rowsBefore) - Number(removed) === rowsAfter && distinctBefore === distinctAfter
    ? ' No other row was touched.'
    : ' Others wrote to it meanwhile: the numbers before and after need not agree.';

/** Whoever inserts meanwhile goes on making them. */
function stillThere({ excessAfter, table }: Facts, unique: string) {
  if (typeof excessAfter !== 'number' || excessAfter === 0) return undefined;
  const message = `${excessAfter.toLocaleString('en')} duplicates came into ${table} meanwhile. \`${unique}\` removes them and forbids new ones.`;
  return { kind: 'partly-done', message } as const;
}
