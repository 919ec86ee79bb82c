import type { Command } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { TestOutcome } from '../../ops/alerts/alerts.ts';
import { addOutput, type OutputOptions } from '../../output/options.ts';
import { printRecords } from '../../output/print.ts';
import { meantApi } from '../meant-api.ts';

interface Options extends ConfigOptions, OutputOptions {}

export function testAlertCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'test <rule>',
    summary: 'send a test to everybody whom a rule tells',
    description:
      "Sends a test message through each way that a rule has, mail and webhook, and says what became of it. The rule is named by its\nname or its id. Through an API it needs an admin's token. Ends with 6 where only some were told, with 1 where nobody was.",
    examples: ['scorpiox alerts test "Checkout fails"', "scorpiox alerts test Failures --jq '.[].problem'"],
  });
  addOutput(command, 'an array of {to, delivered, problem}').action(async (rule: string, options: Options) => {
    const [{ withApi }, { testRule }] = await Promise.all([
      import('../../ops/api/with-api.ts'),
      import('../../ops/alerts/alerts.ts'),
    ]);
    const outcomes = orFail(await withApi(meantApi(io, options), 'admin', (api) => testRule(api, rule)));
    await printRecords(io, outcomes, options);
    judge(outcomes);
  });
}

function judge(outcomes: readonly TestOutcome[]): void {
  const told = outcomes.filter(({ delivered }) => delivered).length;
  if (outcomes.length === 0) {
    const message = 'This rule tells nobody: it has no webhook, and mail is off or there is nobody to send it to.';
    throw new CommandFailed({ kind: 'error', message });
  }
  if (told === outcomes.length) return;
  const message = `${told} of ${outcomes.length} were told.`;
  throw new CommandFailed({ kind: told === 0 ? 'error' : 'partly-done', message });
}
