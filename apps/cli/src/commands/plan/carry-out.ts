import { CommandFailed, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { Plan } from '../../ops/plan/plan.ts';
import type { OutputOptions } from '../../output/options.ts';
import { printForPrograms, printRecord } from '../../output/print.ts';
import { showProgress } from '../../output/progress.ts';
import { listenForStop } from '../../signals.ts';
import { runsFolder } from '../../state.ts';
import { count } from '../count.ts';

/** Applies a plan, with a bar, and says how it ended. Ctrl-C lets the step end that is being done. */
export async function carryOut(io: Io, plan: Plan, id: string, options: OutputOptions): Promise<void> {
  const folder = orFail(runsFolder(io));
  const { runPlan } = await import('../../ops/runs/run-plan.ts');
  const signals = listenForStop();
  const progress = showProgress(io, { label: plan.title, unit: 'steps' });
  try {
    const { run, state, done, failure } = orFail(
      await runPlan(plan, { folder, stop: signals.stop, onProgress: progress.update }),
    );
    progress.end();
    const told = { run, plan: id, command: plan.title, state, steps: plan.steps.length, done };
    if (!(await printForPrograms(io, told, options)) && !io.stdoutIsTerminal) await printRecord(io, told, options);
    if (failure !== undefined) {
      throw new CommandFailed({ kind: failure.kind, message: `${failure.message} See \`scorpiox runs show ${run}\`.` });
    }
    const back = plan.steps.some(({ canUndo }) => canUndo) ? ` \`scorpiox undo ${run}\` takes back what can be.` : '';
    io.say(`Done: ${count(done, 'step')}.${back}\n`);
  } finally {
    progress.end();
    signals.dispose();
  }
}
