import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import { addListOutput, type ListOptions } from '../../output/options.ts';
import { printRecords } from '../../output/print.ts';
import { visible } from '../../output/visible.ts';
import { meantApi } from '../meant-api.ts';

interface Options extends ConfigOptions, ListOptions {}

export function listAlertsCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'list',
    summary: 'show all rules and what they found',
    description:
      'Shows each rule with its state (firing, pending, ok, off), since when, and what was measured: a line for each application or\nprocess that is not well, the worst first. The API is asked that `scorpiox login` or SCORPIOX_URL name, else the one of this\ninstallation, which must be running.',
    examples: ['scorpiox alerts list', 'scorpiox alerts list --jq \'.[] | select(.state == "firing").found\''],
  });
  addListOutput(command, 'an array of {rule, state, subject, since, found, when, tells, id}').action(
    async (options: Options) => {
      const [{ withApi }, { listRules }] = await Promise.all([
        import('../../ops/api/with-api.ts'),
        import('../../ops/alerts/alerts.ts'),
      ]);
      const { rules, problems } = orFail(await withApi(meantApi(io, options), 'viewer', listRules));
      await printRecords(io, rules, options);
      if (rules.length === 0) io.say('There is no rule yet: they are made on the page /alerts of the dashboard.\n');
      for (const problem of problems) io.say(`${visible(problem)}\n`);
    },
  );
}
