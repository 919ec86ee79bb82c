import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { Failure } from '../../ops/failure.ts';
import { NAMES_SHOWN } from '../../ops/limits.ts';
import type { PlannedUsers } from '../../ops/user/import/import-users.ts';
import { count } from '../count.ts';
import type { Work } from '../plan/carry-out.ts';
import { offerPlan } from '../plan/offer.ts';
import { addPlanOptions, type PlanOptions } from '../plan/options.ts';

interface Options extends ConfigOptions, PlanOptions {
  readonly scheme: string;
}

export function importUsersCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'import <file>',
    summary: "bring accounts over from Dovecot's passwd-file",
    description:
      "Adds the accounts of a passwd-file of Dovecot's (user:password:…) that are not there yet. Without --apply it only shows\nthem. Passwords open what they opened; from its first sign-in by PLAIN or LOGIN on, an account's is kept as our own. Those\nof schemes that cannot be checked here come without a password, and are named. Mail is brought over by `mail import`.",
    examples: [
      'scorpiox user import /etc/dovecot/users',
      'scorpiox user import /etc/dovecot/users --apply',
      'scorpiox user import users --scheme PLAIN --apply --yes',
    ],
  });
  addPlanOptions(command)
    .option('--scheme <scheme>', 'what passwords without a {SCHEME} are', 'CRYPT')
    .action(async (file: string, options: Options) => {
      const config = orFail(readConfig(io, options));
      const { planUsers } = await import('../../ops/user/import/import-users.ts');
      const planned = orFail(await planUsers(config, resolve(io.cwd, file), options.scheme));
      for (const { line, reason } of planned.troubles) io.say(`Passed over: line ${line}: ${reason}\n`);
      if (planned.there.length > 0) io.say(`There already, and left as they are: ${some(planned.there)}.\n`);
      await offerPlan(io, planned.plan, options, work(planned));
    });
}

function work(planned: PlannedUsers): Work {
  let begun: ReturnType<PlannedUsers['begin']> | undefined;
  return {
    unit: 'steps',
    begin: () => {
      begun = planned.begin();
      return begun.actions;
    },
    end: () => {
      const { added = [], passwordless = [] } = begun ?? {};
      const refused = planned.troubles.length;
      const need =
        passwordless.length === 0
          ? ''
          : ` Without a password: ${some(passwordless)}. Give each one with \`scorpiox user passwd NAME\`.`;
      return {
        told: `${count(added.length, 'account')} added.${need}`,
        data: { added: added.length, there: planned.there.length, passwordless: passwordless.length, refused },
        lists: { needPassword: passwordless, troubles: planned.troubles },
        ...(refused === 0 ? {} : { failure: partly(refused) }),
      };
    },
  };
}

function some(names: readonly string[]): string {
  const more = names.length - NAMES_SHOWN;
  const shown = names.slice(0, NAMES_SHOWN).join(', ');
  return more > 0 ? `${shown} and ${count(more, 'other')}` : shown;
}

const partly = (refused: number): Failure => ({
  kind: 'partly-done',
  message: `No account could be made of ${count(refused, 'line')}; each is named above.`,
});
