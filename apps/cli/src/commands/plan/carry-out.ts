import { CommandFailed, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { Failure } from '../../ops/failure.ts';
import type { Actions } from '../../ops/plan/action.ts';
import type { Plan } from '../../ops/plan/plan.ts';
import type { Fields } from '../../output/fields.ts';
import type { OutputOptions } from '../../output/options.ts';
import { printForPrograms, printRecord } from '../../output/print.ts';
import { type Progress, showProgress } from '../../output/progress.ts';
import type { ProgressUnit } from '../../output/progress-line.ts';
import { listenForStop } from '../../signals.ts';
import { runsFolder } from '../../state.ts';
import { count } from '../count.ts';

/** Steps that only the command itself can do, since they go on with what it has open. What is not counted in steps they count by themselves. */
export interface Work {
  readonly unit: ProgressUnit;
  /** Kinds of deeds for the plan's steps. `stop` ends them too. */
  begin(progress: Progress, stop: AbortSignal): Actions;
  /** What became of it, when it has ended: a sentence, what programs are told, and whether it was not all done. */
  end?(): { readonly told: string; readonly data: Fields; readonly lists?: object; readonly failure?: Failure };
}

/** Applies a plan, with a bar, and says how it ended. Ctrl-C lets the step end that is being done. */
export async function carryOut(
  io: Io,
  plan: Plan,
  id: string,
  options: OutputOptions,
  work?: Work,
  also: object = {},
): Promise<void> {
  const folder = orFail(runsFolder(io));
  const { runPlan } = await import('../../ops/runs/run-plan.ts');
  const signals = listenForStop();
  const unit = work?.unit ?? 'steps';
  const progress = showProgress(io, { label: plan.title, unit });
  try {
    const own = work === undefined ? {} : { actions: work.begin(progress, signals.stop) };
    const counted = unit === 'steps' ? { onProgress: progress.update } : {};
    const { run, state, done, failure } = orFail(
      await runPlan(plan, { folder, stop: signals.stop, ...counted, ...own }),
    );
    progress.end();
    const ended = work?.end?.();
    const told = { run, plan: id, command: plan.title, state, steps: plan.steps.length, done, ...ended?.data };
    const isPrinted = await printForPrograms(io, { ...told, ...ended?.lists, ...also }, options);
    if (!isPrinted && !io.stdoutIsTerminal) await printRecord(io, told, options);
    if (ended !== undefined && ended.told !== '') io.say(`${ended.told}\n`);
    const trouble = failure ?? ended?.failure;
    if (trouble !== undefined) {
      const kind = signals.stop.aborted ? 'interrupted' : trouble.kind;
      throw new CommandFailed({ kind, message: `${trouble.message} See \`scorpiox runs show ${run}\`.` });
    }
    const back = plan.steps.some(({ canUndo }) => canUndo) ? ` \`scorpiox undo ${run}\` takes back what can be.` : '';
    io.say(`Done: ${count(done, 'step')}.${back}\n`);
  } finally {
    progress.end();
    signals.dispose();
  }
}
