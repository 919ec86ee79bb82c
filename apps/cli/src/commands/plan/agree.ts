import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Io } from '../../io.ts';
import type { Failure, FailureKind } from '../../ops/failure.ts';
import type { Plan } from '../../ops/plan/plan.ts';
import { shellWord } from '../../ops/shell-word.ts';
import { count } from '../count.ts';
import type { PlanOptions } from './options.ts';

/** Whether the plan may be applied: said by options, or on the terminal. What cannot be undone has to be named. */
export async function agree(io: Io, plan: Plan, options: PlanOptions): Promise<Result<void, Failure>> {
  if (plan.confirm !== undefined) return confirm(io, plan, plan.confirm, options.confirm);
  if (options.yes === true) return ok(undefined);
  if (!io.stdinIsTerminal) return refuse('usage', 'There is no terminal to ask on. Say --yes if it is to be done.');
  const answer = await io.ask(
    `Do ${plan.steps.length === 1 ? 'this' : `these ${count(plan.steps.length, 'step')}`}? [y/N]`,
  );
  if (answer === undefined) return interrupted;
  return /^y(es)?$/i.test(answer.trim()) ? ok(undefined) : refuse('cancelled', 'Cancelled; nothing was changed.');
}

async function confirm(
  io: Io,
  { steps }: Plan,
  name: string,
  given: string | undefined,
): Promise<Result<void, Failure>> {
  if (given === name) return ok(undefined);
  if (given !== undefined) {
    return refuse('refused', `--confirm does not name ${name}, which this is about. Nothing was changed.`);
  }
  const warning = steps.every(({ canUndo }) => canUndo) ? '' : 'This cannot be undone. ';
  if (!io.stdinIsTerminal) return refuse('usage', `${warning}Say --confirm=${shellWord(name)} if it is to be done.`);
  const answer = await io.ask(`${warning}Type ${name} if it is to be done:`);
  if (answer === undefined) return interrupted;
  return answer.trim() === name ? ok(undefined) : refuse('cancelled', 'Cancelled; nothing was changed.');
}

const refuse = (kind: FailureKind, message: string): Result<never, Failure> => err({ kind, message });
const interrupted: Result<never, Failure> = err({ kind: 'interrupted', message: 'Interrupted; nothing was changed.' });
