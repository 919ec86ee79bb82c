import { join } from 'node:path';
import { pruneBranches } from '../../../src/ops/branches/trash/actions.ts';
import { type LotBranch, lotName } from '../../../src/ops/branches/trash/lot.ts';
import { ACTIONS } from '../../../src/ops/plan/actions/actions.ts';
import { pathText } from '../../../src/ops/plan/actions/path.ts';
import type { Plan } from '../../../src/ops/plan/plan.ts';
import { Planner } from '../../../src/ops/plan/planner.ts';
import { runPlan } from '../../../src/ops/runs/run-plan.ts';
import { type GitFolder, makeRepository } from '../../support/git.ts';
import { type HereOptions, scorpioxHere } from '../../support/here.ts';
import { temporaryFolder } from '../../support/scorpiox.ts';

/** A repository with one commit on main, and a place for journals. */
export async function playground() {
  const home = await temporaryFolder();
  const shop = makeRepository(join(home, 'shop'));
  shop.commit('first');
  const env = { XDG_STATE_HOME: join(home, 'state') };
  const runs = join(home, 'state', 'scorpiox', 'runs');
  const run = (args: readonly string[], options: HereOptions = {}) =>
    scorpioxHere(args, { env, cwd: shop.path, ...options });
  return { home, shop, runs, run };
}

/** Makes a branch with a commit of its own; its id. */
export function branchOff(repository: GitFolder, name: string): string {
  branchesOff(repository, [name]);
  return repository.git('rev-parse', `refs/heads/${name}`);
}

/** The same with many, by one process. */
export function branchesOff(repository: GitFolder, names: readonly string[]): void {
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const commits = names.map((name) =>
    [
      `commit refs/heads/${name}\ncommitter Ada <ada@example.org> 1772355600 +0000\n${data(`on ${name}`)}`,
      `from refs/heads/main^0\nM 100644 inline of-${name.replaceAll('/', '-')}\n${data(name)}`,
    ].join(''),
  );
  repository.gitWith({ input: commits.join('') }, 'fast-import', '--quiet', '--force');
}

/** The plan that deletes branches, whatever they are. */
export async function prunePlan({ git }: Bound, names: readonly string[]): Promise<Plan> {
  const repository = pathText(Buffer.from(git('rev-parse', '--path-format=absolute', '--git-common-dir')));
  const branches = names.map(
    (name): LotBranch => ({ name, id: git('rev-parse', `refs/heads/${name}`), why: 'for a test' }),
  );
  const lot = { repository, branches, lot: lotName({ repository, branches }, 1) };
  const planner = new Planner(ACTIONS);
  const into = [{ ref: 'refs/heads/main', id: git('rev-parse', 'main') }];
  await planner.add('Delete them.', pruneBranches.of({ ...lot, into }));
  return { title: 'branches prune', steps: planner.steps };
}

interface Bound {
  readonly git: (...args: readonly string[]) => string;
}

/** Git of a folder, to be handed on. */
export const bound = (folder: GitFolder): Bound => ({ git: (...args) => folder.git(...args) });

/** Applies a plan; how it ended. */
export async function apply(plan: Plan, runs: string) {
  const applied = await runPlan(plan, { folder: runs, stop: new AbortController().signal });
  if (!applied.ok) throw new Error(applied.error.message);
  return applied.value;
}

/** All that a repository says of branches: refs, and the configuration's sections with every value. */
export function snapshot({ git }: Bound) {
  const listed = git('config', '--local', '--list', '-z').split('\0');
  return {
    refs: git('for-each-ref', '--format=%(refname) %(objectname)').split('\n'),
    config: listed.filter((entry) => /^(branch|scorpiox)/.test(entry)).sort(),
  };
}
