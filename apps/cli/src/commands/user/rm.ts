import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import { offerPlan } from '../plan/offer.ts';
import { addPlanOptions, type PlanOptions } from '../plan/options.ts';

interface Options extends ConfigOptions, PlanOptions {
  readonly removeMail?: true;
}

export function removeUserCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'rm <name>',
    summary: 'take an account out, and set its mail aside',
    description:
      'Plans how an account is taken out, and does it with --apply: nobody signs in as it any more, and nothing is delivered. Its\nmail is set aside below .removed/ in the folder of all mail, with what is kept of the account, and `scorpiox undo` brings\nboth back. With --remove-mail both are removed for good. Nobody may have the mail open: disable the account first.',
    examples: [
      'scorpiox user rm alice',
      'scorpiox user rm alice --apply --confirm=alice',
      'scorpiox user rm alice --remove-mail --apply --confirm=alice',
    ],
  });
  addPlanOptions(command, { confirm: 'name' })
    .option('--remove-mail', 'remove the mail and the account for good')
    .action(async (name: string, options: Options) => {
      const config = orFail(readConfig(io, options));
      const { planRemoval, removalActions } = await import('../../ops/user/remove-user.ts');
      const plan = orFail(await planRemoval(config, name, { isMailRemoved: options.removeMail === true }));
      await offerPlan(io, plan, options, { unit: 'steps', begin: () => removalActions(config) });
    });
}
