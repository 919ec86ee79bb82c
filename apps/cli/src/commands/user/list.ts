import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import { addListOutput, type ListOptions } from '../../output/options.ts';
import { printRecords } from '../../output/print.ts';

interface Options extends ConfigOptions, ListOptions {}

export function listUsersCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'list',
    summary: 'show all accounts',
    description:
      'Shows every account of this machine, what it may do in the dashboard, and whether it is active, disabled or without a password.\nIn a pipe: name, role (empty: mail only) and status, divided by tabs.',
    examples: ['scorpiox user list', `scorpiox user list --jq '.[] | select(.status == "disabled").name'`],
  });
  addListOutput(command, 'an array of {name, role, status}').action(async (options: Options) => {
    const config = orFail(readConfig(io, options));
    const { listUsers } = await import('../../ops/user/list-users.ts');
    await printRecords(io, orFail(await listUsers(config)), options);
  });
}
