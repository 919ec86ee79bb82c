import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CommandFailed, defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import { asksForSomething } from '../../ops/findings/finding.ts';
import { addOutput, type OutputOptions } from '../../output/options.ts';
import { printForPrograms, printRecords } from '../../output/print.ts';
import { painter } from '../../output/style.ts';
import { count } from '../count.ts';
import { addLook, type LookOptions, lookOver } from './health-options.ts';
import { healthPage } from './health-page.ts';

interface Options extends LookOptions, OutputOptions {
  readonly save?: string;
  readonly compare?: string;
}

const SHAPE =
  '{database, kind, at, sections: [{section, reason, summary, facts, rows}], findings: [{id, level, area, code, subject, message, evidence, mend, section}], measures: [{measure, value, better}], compared}';

export function healthCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'health',
    summary: 'look a database over: what is wrong with it, by what numbers, and what mends it',
    description:
      'Looks at a database on one page: processor, memory, sessions, who waits for whom and for what, the statements that cost most,\ninserts that look first, duplicates by any key, unique indexes, computed columns, settings, files, log, disk and growth. What\nthe server does not tell is said, and the rest goes on. It changes nothing. What is to be done ends it with 3, each with the\ncommand that mends it; `scorpiox db explain FINDING` tells more. In a pipe: the findings, their fields divided by tabs.',
    examples: [
      'scorpiox db health',
      'scorpiox db health --key Requests:AppId,RequestId --save before.json',
      'scorpiox db health --compare before.json',
      `scorpiox db health --jq '.findings[] | select(.level == "fault").mend'`,
    ],
  });
  addOutput(addLook(command), SHAPE)
    .option('--save <file>', 'keep the report, for a later --compare')
    .option('--compare <file>', 'show what got better or worse since that report')
    .action((options: Options) => health(io, options));
}

async function health(io: Io, options: Options): Promise<void> {
  const { readReport, saveReport } = await import('../../ops/db/health/saved.ts');
  const { compare } = await import('../../ops/db/health/compare.ts');
  const earlier =
    options.compare === undefined ? undefined : orFail(await readReport(resolve(io.cwd, options.compare)));
  const report = await lookOver(io, options);
  const compared = earlier === undefined ? undefined : compare(earlier, report);
  if (earlier !== undefined && earlier.database !== report.database) {
    io.say(`The saved report is of ${earlier.database}, not of ${report.database}.\n`);
  }
  if (options.save !== undefined) orFail(await saveReport(resolve(io.cwd, options.save), report));
  if (!(await printForPrograms(io, { ...report, compared: compared ?? null }, options))) {
    if (io.stdoutIsTerminal) io.out(`${healthPage(report, compared, painter(io)).join('\n')}\n`);
    else await printRecords(io, report.findings, {});
  }
  const unseen = report.sections.filter(({ reason }) => reason !== null).length;
  const todo = report.findings.filter(asksForSomething).length;
  const message = `Looked at ${count(report.sections.length - unseen, 'thing')}${unseen === 0 ? '' : `, ${unseen} were not looked at`}: ${count(todo, 'finding')}.`;
  if (todo > 0) throw new CommandFailed({ kind: 'findings', message });
  io.say(`${message}\n`);
}
