import type { Command } from 'commander';
import { CommandFailed, defineCommand, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import { runsFolder } from '../../state.ts';
import { addOn, type OnOptions } from '../db/on.ts';
import { offerPlan } from '../plan/offer.ts';
import { addPlanOptions, type PlanOptions } from '../plan/options.ts';

interface Options extends OnOptions, PlanOptions {
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
  addPlanOptions(addOn(command), { confirm: 'run' })
    .option('--partial', 'take back what can be, and leave the rest')
    .action(async (name: string, options: Options) => {
      const folder = orFail(runsFolder(io));
      const { undoRun } = await import('../../ops/runs/undo-run.ts');
      const { databaseActionsFor, databaseWork } = await import('../db/means.ts');
      const { asFailed, locate } = await import('../db/connect.ts');
      const databases = options.on === undefined ? [] : [await locate(io, options.on, options)];
      const undoing = undoRun(folder, name, databaseActionsFor(io, options, databases));
      const { plan, left } = orFail(
        await undoing.catch((error: unknown) => {
          throw asFailed(error);
        }),
      );
      const more = left.length > REASONS ? [`… and ${left.length - REASONS} more.`] : [];
      const told = [...left.slice(0, REASONS), ...more].join('\n');
      if (left.length > 0 && options.partial !== true) {
        const message = `${name} cannot be undone as a whole:\n${told}\nWith --partial the rest of it is.`;
        throw new CommandFailed({ kind: 'refused', message });
      }
      if (left.length > 0) io.say(`Left as it is:\n${told}\n`);
      await offerPlan(io, plan, options, databaseWork(io, options, databases));
    });
}
