import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CommandFailed, defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { Code } from '../../ops/db/health/codes.ts';
import type { DatabaseFinding, Report } from '../../ops/db/health/report.ts';
import { addOutput, type OutputOptions } from '../../output/options.ts';
import { printForPrograms, printRecord } from '../../output/print.ts';
import { painter } from '../../output/style.ts';
import { addLook, type LookOptions, lookOver } from './health-options.ts';
import { findingLines } from './health-page.ts';

interface Options extends LookOptions, OutputOptions {
  readonly from?: string;
}

const SHAPE =
  '{code, means, hurts, measured, mends, at, found: [{id, level, area, code, subject, message, evidence, mend, section}]}';

export function explainCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'explain <finding>',
    summary: 'tell what a finding means, how it is measured, and what mends it',
    description:
      'Tells what a finding of `db health` means, why it hurts, how it is measured and what mends it, and what of it is found in\nthis database now, with its numbers: all of that kind, or the one that is named (`scan`, `blocking:57`). --from takes a saved report instead of looking.\nIn a pipe: the fields of --json without what was found, divided by tabs.',
    examples: [
      'scorpiox db explain insert-looks-first',
      'scorpiox db explain blocking:57',
      'scorpiox db explain memory-unlimited --from before.json',
    ],
  });
  addOutput(addLook(command), SHAPE)
    .option('--from <file>', 'a report that `db health --save` has written, instead of a look')
    .action((finding: string, options: Options) => explain(io, finding, options));
}

async function explain(io: Io, finding: string, options: Options): Promise<void> {
  const { EXPLANATIONS } = await import('../../ops/db/health/explanations.ts');
  const { CODES } = await import('../../ops/db/health/codes.ts');
  const code = CODES.find((one) => one === finding.split(':', 1)[0]);
  if (code === undefined)
    throw new CommandFailed({
      kind: 'usage',
      message: `There is no finding ${JSON.stringify(finding)}. There are: ${CODES.join(', ')}.`,
    });
  const report = await reportFor(io, options);
  const found = foundIn(report, code, finding);
  const told = { code, ...EXPLANATIONS[code], at: report.at };
  if (await printForPrograms(io, { ...told, found }, options)) return;
  await printRecord(io, told, {});
  if (!io.stdoutIsTerminal) return;
  const paint = painter(io);
  const lines = found.flatMap((one) => findingLines(one, paint));
  io.out(`\n${(lines.length === 0 ? ['Nothing of the kind is found in this database now.'] : lines).join('\n')}\n`);
}

async function reportFor(io: Io, options: Options): Promise<Report> {
  if (options.from === undefined) return lookOver(io, options);
  const { readReport } = await import('../../ops/db/health/saved.ts');
  return orFail(await readReport(resolve(io.cwd, options.from)));
}

/** All of a code, or the one that is named. */
const foundIn = ({ findings }: Report, code: Code, finding: string): readonly DatabaseFinding[] =>
  findings.filter((one) => one.code === code && (finding === code || one.id === finding));
