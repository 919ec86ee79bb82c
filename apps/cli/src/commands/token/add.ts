import type { Role } from '@scorpiox/shared/contract';
import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import { printRecord } from '../../output.ts';
import { roleOption } from '../roles.ts';

interface Options extends ConfigOptions {
  readonly role: Role;
  readonly json?: true;
}

export function addTokenCommand(parent: Command, io: Io): void {
  defineCommand(parent, {
    usage: 'add <name>',
    summary: 'let a program read through the API',
    description:
      'Issues a bearer token and prints it; it is shown this once.\nIn a pipe: name and token, divided by a tab.',
    examples: ['scorpiox token add grafana --role viewer', 'scorpiox token add deploy --role admin --json'],
  })
    .addOption(roleOption('what the token may do').makeOptionMandatory())
    .option('--json', 'print {name, token}')
    .action(async (name: string, options: Options) => {
      const config = orFail(readConfig(io, options));
      const { addToken } = await import('../../ops/insights/add-token.ts');
      const { name: added, token } = orFail(await addToken(config, name, options.role));
      printRecord(io, { name: added, token }, { json: options.json === true });
      if (io.stdoutIsTerminal) io.say('Keep the token now: it is not shown again.\n');
    });
}
