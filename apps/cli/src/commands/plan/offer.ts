/** What every command does with its plan: show it, or ask and apply it. The rules are in ops/plan/plan.ts. */
import { CommandFailed, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import { STEPS_SHOWN } from '../../ops/limits.ts';
import { type Plan, planId } from '../../ops/plan/plan.ts';
import { shellWord } from '../../ops/shell-word.ts';
import { printForPrograms, printRecords } from '../../output/print.ts';
import { table } from '../../output/table.ts';
import { count } from '../count.ts';
import { agree } from './agree.ts';
import { carryOut, type Work } from './carry-out.ts';
import type { PlanOptions } from './options.ts';

/**
 * Shows the plan and ends with `pending` where it has steps; with `--apply`, does them. `expect` ends it with `stale`
 * where the plan is another one. `work` is for steps that only the command itself can do; `also` is what programs are told
 * beside the plan, or the run.
 */
export async function offerPlan(
  io: Io,
  plan: Plan,
  options: PlanOptions,
  work?: Work,
  also: object = {},
): Promise<void> {
  const id = planId(plan);
  if (options.expect !== undefined && options.expect !== id) throw new CommandFailed(unexpected(options.expect, id));
  if (options.apply !== true) return showPlan(io, plan, id, options, also);
  if (plan.steps.length === 0) {
    io.say('There is nothing to do.\n');
    return;
  }
  io.say(firstSteps(plan));
  orFail(await agree(io, plan, options));
  await carryOut(io, plan, id, options, work, also);
}

async function showPlan(io: Io, plan: Plan, id: string, options: PlanOptions, also: object): Promise<void> {
  const { title: command, confirm = null } = plan;
  if (!(await printForPrograms(io, { plan: id, command, confirm, steps: steps(plan), ...also }, options))) {
    await printRecords(io, shown(plan), {});
  }
  if (plan.steps.length === 0) {
    io.say('There is nothing to do.\n');
    return;
  }
  const need = confirm === null ? '' : ` and --confirm=${shellWord(confirm)}`;
  const message = `${count(plan.steps.length, 'step')} pending: plan ${id}. Do it with --apply${need}.`;
  throw new CommandFailed({ kind: 'pending', message });
}

const steps = ({ steps: all }: Plan) =>
  all.map(({ does, canUndo, before }, at) => ({ step: at + 1, does, canUndo, touches: Object.keys(before) }));

/** A type rather than an interface: only those are records of printable values. */
type ShownStep = { readonly step: number; readonly undo: string; readonly does: string };

const shown = (plan: Plan): readonly ShownStep[] =>
  plan.steps.map(({ does, canUndo }, at) => ({ step: at + 1, undo: canUndo ? 'yes' : 'no', does }));

function firstSteps(plan: Plan): string {
  const more = plan.steps.length - STEPS_SHOWN;
  const rest = more > 0 ? `… and ${count(more, 'step')} more: all are shown without --apply.\n` : '';
  return `${table(shown(plan).slice(0, STEPS_SHOWN))}${rest}`;
}

function unexpected(expected: string, id: string) {
  const message = `The plan is ${id} now, not ${expected}: what it was made from has changed. Nothing was changed.`;
  return { kind: 'stale', message } as const;
}
