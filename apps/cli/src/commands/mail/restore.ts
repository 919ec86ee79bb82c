import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import { offerPlan } from '../plan/offer.ts';
import { addPlanOptions, type PlanOptions } from '../plan/options.ts';

interface Options extends ConfigOptions, PlanOptions {
  readonly all?: true;
  readonly from: string;
  readonly at?: string;
  readonly partial?: true;
}

export function restoreMailCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'restore [users...]',
    summary: 'bring mail back from a backup',
    description:
      'A user who has no messages gets the whole backup: messages, flags, dates, mailboxes, subscriptions, and UIDs, so that mail\nprograms keep what they know. A user who has some gets what is missing, under new UIDs, and nothing of what is there is\ntouched. Without --apply the plan is shown. It cannot be undone: --confirm names the users, divided by commas, or all. What\nwas interrupted goes on where it was.',
    examples: [
      'scorpiox mail restore alice --from /backup/mail',
      'scorpiox mail restore alice --from /backup/mail --apply --confirm=alice',
      'scorpiox mail restore --all --from /backup/mail --apply --confirm=all',
    ],
  });
  addPlanOptions(command, { confirm: 'names' })
    .option('--all', 'everybody who has a backup there')
    .requiredOption('--from <folder>', 'where backups are kept')
    .option('--partial', 'leave out what is damaged in the backup (`mail backup verify` names it)')
    .option('--at <backup>', 'another backup than the newest, by its name')
    .action(async (users: readonly string[], options: Options) => {
      if ((users.length === 0) !== (options.all === true)) {
        throw new CommandFailed({ kind: 'usage', message: 'Name users, or say --all.' });
      }
      const config = orFail(readConfig(io, options));
      const { planRestore } = await import('../../ops/mail/restore/plan.ts');
      const at = options.at === undefined ? {} : { at: options.at };
      const request = { users, from: resolve(io.cwd, options.from), isPartial: options.partial === true, ...at };
      const plan = orFail(await planRestore(config, request));
      await offerPlan(io, plan, options);
    });
}
