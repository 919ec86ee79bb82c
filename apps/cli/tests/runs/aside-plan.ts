import { join } from 'node:path';
import { ACTIONS } from '../../src/ops/plan/actions/actions.ts';
import { move } from '../../src/ops/plan/actions/move.ts';
import type { Plan } from '../../src/ops/plan/plan.ts';
import { Planner } from '../../src/ops/plan/planner.ts';

/** The plan that sets `a`, `b` and `c` of a folder aside. */
export async function asidePlan(folder: string): Promise<Plan> {
  const planner = new Planner(ACTIONS);
  for (const name of ['a', 'b', 'c']) {
    const to = join(folder, 'aside', name);
    await planner.add(`Set ${name} aside.`, move.of({ from: join(folder, name), to, folders: 'make' }));
  }
  return { title: 'test aside', steps: planner.steps };
}
