import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import { offerPlan } from '../plan/offer.ts';
import { addPlanOptions, type PlanOptions } from '../plan/options.ts';
import { embedded } from './backup.ts';

type Options = ConfigOptions & PlanOptions;

export function restoreDatabaseCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'restore <file>',
    summary: 'put a backup in the place of the embedded database',
    description:
      'Copies the backup, checks the copy, and lets it take the place of the insights database that the configuration names. What\nlies there now is kept beside it under another name, so that this can be undone. Nothing may have the database open: stop the\nAPI first. Without --apply the plan is shown.',
    examples: [
      'scorpiox db restore /backup/insights-monday.db',
      'scorpiox db restore /backup/insights-monday.db --apply --yes',
    ],
  });
  addPlanOptions(command).action(async (backup: string, options: Options) => {
    const { database } = orFail(readConfig(io, options)).insights;
    const file = embedded(database, restoreStatements);
    const { planRestoreDatabase } = await import('../../ops/db/restore/plan.ts');
    const plan = orFail(await planRestoreDatabase({ file, backup: resolve(io.cwd, backup) }));
    await offerPlan(io, plan, options);
  });
}

const restoreStatements = (name: string): string =>
  `which restores its databases itself: RESTORE DATABASE ${name} FROM DISK = N'insights.bak' WITH CHECKSUM (and MOVE for files that go elsewhere), then DBCC CHECKDB (${name});`;
