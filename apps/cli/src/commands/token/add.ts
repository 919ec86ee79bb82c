import type { Role } from '@scorpiox/shared/contract';
import type { Command } from 'commander';
import { type ConfigOptions, defineCommand } from '../../command.ts';
import type { Io } from '../../io.ts';
import { addOutput, type OutputOptions } from '../../output/options.ts';
import { printRecord } from '../../output/print.ts';
import { administrate } from '../administrate.ts';
import { roleOption } from '../roles.ts';

interface Options extends ConfigOptions, OutputOptions {
  readonly role: Role;
}

export function addTokenCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'add <name>',
    summary: 'let a program read through the API',
    description:
      'Issues a bearer token and prints it; it is shown this once.\nIn a pipe: name and token, divided by a tab.',
    examples: ['scorpiox token add grafana --role viewer', 'scorpiox token add deploy --role admin --json'],
  });
  addOutput(command, '{name, token}')
    .addOption(roleOption('what the token may do').makeOptionMandatory())
    .action(async (name: string, options: Options) => {
      await printRecord(io, await administrate(io, options, (admin) => admin.addToken(name, options.role)), options);
      if (io.stdoutIsTerminal) io.say('Keep the token now: it is not shown again.\n');
    });
}
