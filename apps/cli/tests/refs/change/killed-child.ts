// Applies a plan of one step under a journal, and kills itself at a moment of that step; or tells in which order it syncs and
// renames.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename, join } from 'node:path';

const [home = '', moment = '', action = ''] = process.argv.slice(2);
const die = () => process.kill(process.pid, 'SIGKILL');

const told: string[] = [];
const { open } = fs.promises;
fs.promises.open = async (path, ...how) => {
  const file = await open(path, ...how);
  const sync = file.sync.bind(file);
  file.sync = () => {
    told.push(`sync ${path}`);
    return sync();
  };
  return file;
};

/** What is renamed to its own name is kept, or replaced; before that it lies ready beside it. */
const { rename } = fs.promises;
fs.promises.rename = async (from, to) => {
  const isKept = /^[0-9a-f]{64}$/.test(basename(String(to)));
  if (moment === (isKept ? 'keeping' : 'ready')) die();
  told.push(`rename ${to}`);
  await rename(from, to);
  if (moment === (isKept ? 'kept' : 'replaced')) die();
};
syncBuiltinESMExports();

const { ACTIONS } = await import('../../../src/ops/plan/actions/actions.ts');
const { applyPlan } = await import('../../../src/ops/plan/apply.ts');
const { Planner } = await import('../../../src/ops/plan/planner.ts');
const { Journal } = await import('../../../src/ops/runs/journal.ts');
const planner = new Planner(ACTIONS);
await planner.add('Do it.', JSON.parse(action));
const plan = { title: 'test', steps: planner.steps };
const journal = await Journal.open(join(home, 'state', 'scorpiox', 'runs'), plan);
const { begin, done } = { begin: journal.begin.bind(journal), done: journal.done.bind(journal) };
journal.begin = async (step) => {
  await begin(step);
  if (moment === 'begun') die();
};
journal.done = async (step, after) => {
  if (moment === 'performed') die();
  await done(step, after);
};
await applyPlan(plan, { actions: ACTIONS, notes: journal, stop: new AbortController().signal });
if (moment === 'told') process.stdout.write(told.join('\n'));
