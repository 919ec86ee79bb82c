import type { Command } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import { asksForSomething, worstFirst } from '../../ops/findings/finding.ts';
import { printFindings } from '../../output/findings.ts';
import { addListOutput, type ListOptions } from '../../output/options.ts';
import { count } from '../count.ts';
import { forInstallation } from '../installation.ts';
import { collect } from '../parse.ts';

interface Options extends ConfigOptions, ListOptions {
  readonly name: readonly string[];
}

export function checkCertificatesCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'check',
    summary: 'look certificates over, in their files and as they are served',
    description:
      'Looks whether certificates and keys go together, are for the names that clients use, lead to an authority, end soon (30, 7\nand 1 days before), can be read by others, and are what the servers show on their ports. It changes nothing.\nWhat is to be done ends it with 3, each with the command that mends it.\nIn a pipe: level, area, code, subject, message and mend, divided by tabs.',
    examples: [
      'scorpiox cert check',
      'scorpiox cert check --name mail.example.net',
      `scorpiox cert check --jq '.[] | select(.level != "note").message'`,
    ],
  });
  addListOutput(command, 'an array of {level, area, code, subject, message, mend}')
    .option('--name <host>', 'a name or address that clients use; may be repeated', collect, [])
    .action(async (options: Options) => {
      const config = orFail(readConfig(io, options));
      const { checkCertificates } = await import('../../ops/cert/check/check.ts');
      const { parseHostNames } = await import('../../ops/cert/host-names.ts');
      const report = await checkCertificates(config, orFail(parseHostNames(options.name)));
      const findings = worstFirst(report.findings);
      await printFindings(io, forInstallation(findings, options), options);
      const todo = findings.filter(asksForSomething).length;
      const message = `Looked at ${count(report.files, 'certificate')} and ${count(report.doors, 'port')}: ${count(todo, 'finding')}.`;
      if (todo > 0) throw new CommandFailed({ kind: 'findings', message });
      io.say(`${message}\n`);
    });
}
