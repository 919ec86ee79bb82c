import type { Command } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import { showProgress } from '../../output/progress.ts';
import { count } from '../count.ts';
import { offerPlan } from '../plan/offer.ts';
import { addPlanOptions, type PlanOptions } from '../plan/options.ts';

interface Options extends ConfigOptions, PlanOptions {
  readonly contents?: true;
}

/** Reasons that are told; the rest is counted. */
const REASONS = 20;

export function repairMailCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'repair [users...]',
    summary: 'mend what `mail verify` finds',
    description:
      'Plans how the faults that `mail verify` finds are mended, and does it with --apply: files are renamed or set aside into\nset-aside/ beside the Maildir, never removed, and `scorpiox undo` takes it back. It may run beside a mail server, but for\nthe numbers of an index: those are set while nobody has the mail open.',
    examples: ['scorpiox mail repair', 'scorpiox mail repair alice --contents', 'scorpiox mail repair --apply --yes'],
  });
  addPlanOptions(command)
    .option('--contents', 'read the messages too, to count the sizes that names claim')
    .action(async (users: readonly string[], options: Options) => {
      const config = orFail(readConfig(io, options));
      const { planRepair } = await import('../../ops/mail/repair/repair.ts');
      const progress = showProgress(io, { label: 'Looking mail over', unit: 'messages' });
      const request = { users, contents: options.contents === true, onProgress: progress.update };
      const { plan, left } = orFail(await planRepair(config, request).finally(progress.end));
      for (const why of left.slice(0, REASONS)) io.say(`Left as it is: ${why}\n`);
      if (left.length > REASONS) io.say(`… and ${left.length - REASONS} more.\n`);
      await offerPlan(io, plan, options);
      if (left.length > 0) {
        throw new CommandFailed({ kind: 'findings', message: `${count(left.length, 'fault')} left as they are.` });
      }
    });
}
