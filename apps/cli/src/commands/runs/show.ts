import type { Command } from 'commander';
import { type ConfigOptions, defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import { addOutput, type OutputOptions } from '../../output/options.ts';
import { printForPrograms, printRecord, printRecords } from '../../output/print.ts';
import { runsFolder } from '../../state.ts';

interface Options extends ConfigOptions, OutputOptions {}

export function showRunCommand(parent: Command, io: Io): void {
  const command = defineCommand(parent, {
    usage: 'show <run>',
    summary: 'show what became of each step of a run',
    description:
      'Shows the steps of a run: done, left, failed or undone; half-done, where a long one (mail is brought over, or that is\ntaken back) did not come to its end; or unclear, where the process died in the middle of one and what it touches is\nneither as before nor as after it. In a pipe: step, state and what it does, divided by tabs.',
    examples: [
      'scorpiox runs show 20261128T211500-3fa2b1',
      `scorpiox runs show 20261128T211500-3fa2b1 --jq '.steps[] | select(.state == "done").touches[]'`,
    ],
  });
  const shape = '{run, command, state, message, started, by, undoes, steps: [{step, state, does, touches}]}';
  addOutput(command, shape).action(async (name: string, options: Options) => {
    const folder = orFail(runsFolder(io));
    const { showRun } = await import('../../ops/runs/show-run.ts');
    const { quietActions } = await import('../db/means.ts');
    const run = orFail(await showRun(folder, name, quietActions(io, options)));
    if (await printForPrograms(io, run, options)) return;
    const { steps, undoes, ...head } = run;
    if (io.stdoutIsTerminal) await printRecord(io, { ...head, undoes: undoes ?? '' }, {});
    if (io.stdoutIsTerminal) io.out('\n');
    await printRecords(
      io,
      steps.map(({ step, state, does }) => ({ step, state, does })),
      {},
    );
  });
}
