import type { Command } from 'commander';
import { addOutput, type OutputOptions } from '../../output/options.ts';

/** What a command that makes a plan may be told to do with it. */
export interface PlanOptions extends OutputOptions {
  readonly apply?: true;
  readonly yes?: true;
  /** A plan's id. */
  readonly expect?: string;
  readonly confirm?: string;
}

/** What is printed with `--json`: interfaces, see docs/cli.md. */
const PLAN_SHAPE = '{plan, command, confirm, steps: [{step, does, canUndo, touches}]}';
const RUN_SHAPE = '{run, plan, command, state, steps, done}';

/** The options of a command that makes a plan. `confirm` is how help calls the name that `--confirm` takes, if it does. */
export function addPlanOptions(command: Command, { confirm }: { readonly confirm?: string } = {}): Command {
  addOutput(command, `${PLAN_SHAPE}, with --apply ${RUN_SHAPE}`)
    .option('--apply', 'do it, instead of only showing the plan')
    .option('--yes', 'do not ask; needed where there is no terminal')
    .option('--expect <plan>', 'refuse if the plan is not the one of this id');
  return confirm === undefined
    ? command
    : command.option(`--confirm <${confirm}>`, 'do what cannot be undone, to what is named here');
}
