import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ACTIONS } from '../../../src/ops/plan/actions/actions.ts';
import { pathText } from '../../../src/ops/plan/actions/path.ts';
import type { Action } from '../../../src/ops/plan/plan.ts';
import { Planner } from '../../../src/ops/plan/planner.ts';
import { runPlan } from '../../../src/ops/runs/run-plan.ts';
import { type HereOptions, scorpioxHere } from '../../support/here.ts';
import { temporaryFolder } from '../../support/scorpiox.ts';

export const FROM = '/Volumes/GitHub';
export const TO = '/codebases';

const never = new AbortController().signal;

/** A folder `tree` to change things in, the tool with its state beside it, and runs of single deeds. */
export async function changingPlace() {
  const home = await temporaryFolder();
  const tree = join(home, 'tree');
  await mkdir(tree);
  const runs = join(home, 'state', 'scorpiox', 'runs');
  const env = { XDG_STATE_HOME: join(home, 'state'), HOME: home };
  const scorpiox = (args: readonly string[], options: HereOptions = {}) => scorpioxHere(args, { env, ...options });
  const write = async (name: string, content: string | Uint8Array, mode = 0o644) => {
    await mkdir(dirname(join(tree, name)), { recursive: true });
    await writeFile(join(tree, name), content, { mode });
    return join(tree, name);
  };
  /** A plan, to be run later. */
  const planned = async (...actions: readonly Action[]) => {
    const planner = new Planner(ACTIONS);
    for (const action of actions) await planner.add('Do it.', action);
    return async () => {
      const applied = await runPlan({ title: 'test', steps: planner.steps }, { folder: runs, stop: never });
      if (!applied.ok) throw new Error(applied.error.message);
      return applied.value;
    };
  };
  const apply = async (...actions: readonly Action[]) => (await planned(...actions))();
  const undo = (run: string) => scorpiox(['undo', run, '--apply', '--yes']);
  const states = async (run: string) =>
    JSON.parse((await scorpiox(['runs', 'show', run, '--json'])).stdout).steps.map(
      ({ state }: { state: string }) => state,
    );
  return {
    home,
    tree,
    runs,
    env,
    originals: join(home, 'state', 'scorpiox', 'originals'),
    scorpiox,
    write,
    planned,
    apply,
    undo,
    states,
  };
}

/** All that a tree is, but for dates: name, mode, and content or target of everything in it. */
export async function treeOf(
  folder: string | Buffer,
  name = Buffer.alloc(0),
): Promise<Readonly<Record<string, string>>> {
  const told: Record<string, string> = {};
  for (const entry of await readdir(folder, { encoding: 'buffer' })) {
    const path = Buffer.concat([Buffer.from(folder), Buffer.from('/'), entry]);
    const inTree = name.length === 0 ? entry : Buffer.concat([name, Buffer.from('/'), entry]);
    const stats = await lstat(path);
    if (stats.isDirectory()) Object.assign(told, await treeOf(path, inTree));
    const what = stats.isSymbolicLink()
      ? `-> ${await readlink(path)}`
      : stats.isFile()
        ? digest(await readFile(path))
        : '/';
    told[pathText(inTree)] = `${(stats.mode & 0o7777).toString(8)} ${what}`;
  }
  return told;
}

export const digest = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** A repository in a folder of that place, with these files committed. */
export async function repositoryIn(folder: string, files: Readonly<Record<string, string>>) {
  await mkdir(folder, { recursive: true });
  const git = (...args: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync('git', ['-C', folder, ...args], { encoding: 'utf8', env: GIT_ENV });
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
    return stdout.trimEnd();
  };
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'Ada');
  git('config', 'user.email', 'ada@example.org');
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  git('add', '--all');
  git('commit', '--quiet', '--message=first');
  return { folder, git };
}

/** git without what this machine, or a hook that runs the tests, says. */
const GIT_ENV = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))),
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
};
