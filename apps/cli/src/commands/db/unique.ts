import type { Command } from 'commander';
import { defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { Facts } from '../../ops/db/actions/database-action.ts';
import { count } from '../count.ts';
import { offerPlan } from '../plan/offer.ts';
import { addPlanOptions, type PlanOptions } from '../plan/options.ts';
import { tellRemoval } from './dedupe.ts';
import { addOn, type OnOptions } from './on.ts';
import { addKey, type KeyOptions } from './table-arguments.ts';

interface Options extends OnOptions, PlanOptions, KeyOptions {
  readonly name?: string;
  readonly ignoreDupKey?: true;
}

export function uniqueCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'unique <table>',
    summary: 'give a table a unique index, and remove what stands in its way',
    description:
      'Plans a unique index, and that duplicates go first, as `scorpiox db dedupe` removes them. What others insert on the way is\nremoved and counted, and it is tried again. A key that is too long for an index of SQL Server gets a column with its hash.\nWith --ignore-dup-key a SQL Server skips inserts of a key that is there, instead of refusing them.',
    examples: [
      'scorpiox db unique events --key app,hash',
      'scorpiox db unique dbo.Requests --key AppId,RequestId --ignore-dup-key --apply',
    ],
  });
  addPlanOptions(addKey(addOn(command)))
    .option('--ignore-dup-key', 'SQL Server: skip inserts of a key that is there')
    .option('--name <index>', 'what the index is called (default: ux_<table>_<columns>)')
    .action(async (table: string, options: Options) => {
      const { locate, withConsole } = await import('./connect.ts');
      const { databaseActionsFor } = await import('./means.ts');
      const { planUnique } = await import('../../ops/db/unique/plan.ts');
      const { rowsWork } = await import('./rows-work.ts');
      const location = await locate(io, options.on, options);
      const { key, by, name: index, ignoreDupKey: ignoresDuplicates = false } = options;
      const actions = databaseActionsFor(io, options, [location]);
      const { plan, notes } = await withConsole(io, location, {}, options, async (db) =>
        orFail(await planUnique(db, { table, key, by, index, ignoresDuplicates }, actions)),
      );
      for (const note of notes) io.say(`${note}\n`);
      await offerPlan(io, plan, options, rowsWork(io, options, location, { tell }));
    });
}

function tell(facts: Facts): string {
  const { index, table, key, attempts, late, archive } = facts;
  if (index === undefined) return tellRemoval(facts);
  const tries = attempts === 1 ? 'at once' : `at attempt ${attempts}`;
  const came = late === 0 ? '' : ` ${count(Number(late), 'duplicate')} that came on the way went into ${archive}.`;
  return `${table} has the unique index ${index} by ${key}, made ${tries}.${came}`;
}
