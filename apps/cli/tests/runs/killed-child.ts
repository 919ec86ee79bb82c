// Applies the plan that sets `a`, `b` and `c` of a folder aside, and kills itself at its second step: as soon as it has noted
// that it begins, or when it has done it and not noted that yet.
import { join } from 'node:path';
import { ACTIONS } from '../../src/ops/plan/actions/actions.ts';
import { applyPlan } from '../../src/ops/plan/apply.ts';
import { Journal } from '../../src/ops/runs/journal.ts';
import { asidePlan } from './aside-plan.ts';

const [folder = '', moment = ''] = process.argv.slice(2);
const plan = await asidePlan(folder);
const journal = await Journal.open(join(folder, 'state', 'scorpiox', 'runs'), plan);
const die = () => process.kill(process.pid, 'SIGKILL');
const { begin, done } = { begin: journal.begin.bind(journal), done: journal.done.bind(journal) };
journal.begin = async (step) => {
  await begin(step);
  if (step === 2 && moment === 'begun') die();
};
journal.done = async (step, after) => {
  if (step === 2 && moment === 'performed') die();
  await done(step, after);
};
await applyPlan(plan, { actions: ACTIONS, notes: journal, stop: new AbortController().signal });
