import type { Command } from 'commander';
import { CommandFailed, type ConfigOptions, defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import { runsFolder } from '../../state.ts';
import { offerPlan } from '../plan/offer.ts';
import { addPlanOptions, type PlanOptions } from '../plan/options.ts';

interface Options extends ConfigOptions, PlanOptions {
  readonly partial?: true;
}

/** Reasons that are told; the rest is counted. */
const REASONS = 5;

export function undoCommand(program: Command, io: Io): void {
  const command = defineCommand(program, {
    usage: 'undo <run>',
    summary: 'take back what a run did',
    description:
      'Takes back what is in force of a run, the last step first, also of a step that is half done. What cannot be undone, or was followed by other changes, is a\nreason to refuse; with --partial the rest is taken back. An undoing is a run as well, and can be undone, but\nfor what it removes for good, as mail that was imported: then --confirm names the run.',
    examples: ['scorpiox undo 20261128T211500-3fa2b1', 'scorpiox undo 20261128T211500-3fa2b1 --apply'],
  });
  addPlanOptions(command, { confirm: 'run' })
    .option('--partial', 'take back what can be, and leave the rest')
    .action(async (name: string, options: Options) => {
      const folder = orFail(runsFolder(io));
      const { undoRun } = await import('../../ops/runs/undo-run.ts');
      const { plan, left } = orFail(await undoRun(folder, name));
      const more = left.length > REASONS ? [`… and ${left.length - REASONS} more.`] : [];
      const told = [...left.slice(0, REASONS), ...more].join('\n');
      if (left.length > 0 && options.partial !== true) {
        const message = `${name} cannot be undone as a whole:\n${told}\nWith --partial the rest of it is.`;
        throw new CommandFailed({ kind: 'refused', message });
      }
      if (left.length > 0) io.say(`Left as it is:\n${told}\n`);
      await offerPlan(io, plan, options);
    });
}
