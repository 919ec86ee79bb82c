import type { Command } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, loadOptions } from '../../command.ts';
import type { Io } from '../../io.ts';
import { asksForSomething, worstFirst } from '../../ops/findings/finding.ts';
import { printFindings } from '../../output/findings.ts';
import { addListOutput, type ListOptions } from '../../output/options.ts';
import { count } from '../count.ts';
import { forInstallation } from '../installation.ts';

interface Options extends ConfigOptions, ListOptions {
  readonly thorough?: true;
}

export function doctorCommand(program: Command, io: Io): void {
  const command = defineCommand(program, {
    usage: 'doctor',
    summary: 'look the whole installation over',
    description:
      'Looks at the configuration, the running parts and their ports, certificates, accounts, Maildirs and indexes, the database,\nthe spool, disks, limits of the system, the clock and containers, and says what is wrong. It changes nothing, and may run\nbeside the platform or without it. What is to be done ends it with 3, each with the command that mends it.\nIn a pipe: level, area, code, subject, message and mend, divided by tabs.',
    examples: [
      'scorpiox doctor',
      'scorpiox doctor --config /etc/scorpiox.toml --thorough',
      `scorpiox doctor --jq '.[] | select(.level == "fault").message'`,
    ],
  });
  addListOutput(command, 'an array of {level, area, code, subject, message, mend}')
    .option('--thorough', 'read large databases to their end too')
    .action(async (options: Options) => {
      const { examine } = await import('../../ops/doctor/doctor.ts');
      const request = { load: loadOptions(io, options), thorough: options.thorough === true, path: io.env.PATH ?? '' };
      const { findings: found, areas } = await examine(request);
      const findings = worstFirst(found);
      await printFindings(io, forInstallation(findings, options), options);
      const todo = findings.filter(asksForSomething).length;
      const message = `Looked at ${areas.join(', ')}: ${count(todo, 'finding')}.`;
      if (todo > 0) throw new CommandFailed({ kind: 'findings', message });
      io.say(`${message}\n`);
    });
}
