import { spawnSync } from 'node:child_process';
import { appendFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runPlan } from '../../src/ops/runs/run-plan.ts';
import { type HereOptions, scorpioxHere } from '../support/here.ts';
import { temporaryFolder } from '../support/scorpiox.ts';
import { asidePlan } from './aside-plan.ts';

const CHILD = fileURLToPath(new URL('killed-child.ts', import.meta.url));
const never = new AbortController().signal;

/** A folder with `a`, `b` and `c`, and the tool with its state in there. */
async function threeFiles() {
  const folder = await temporaryFolder();
  for (const name of ['a', 'b', 'c']) await writeFile(join(folder, name), name);
  const runs = join(folder, 'state', 'scorpiox', 'runs');
  const scorpiox = (args: readonly string[], options: HereOptions = {}) =>
    scorpioxHere(args, { env: { XDG_STATE_HOME: join(folder, 'state') }, ...options });
  const names = async () => (await readdir(folder, { recursive: true })).filter((name) => !/^state/.test(name)).sort();
  const states = async (run: string) =>
    JSON.parse((await scorpiox(['runs', 'show', run, '--json'])).stdout).steps.map(
      ({ state }: { state: string }) => state,
    );
  return { folder, runs, scorpiox, names, states };
}

/** The same, with all three set aside by a run. */
async function threeAside() {
  const place = await threeFiles();
  const applied = await runPlan(await asidePlan(place.folder), { folder: place.runs, stop: never });
  if (!applied.ok) throw new Error(applied.error.message);
  return { ...place, run: applied.value.run };
}

const BEFORE = ['a', 'b', 'c'];
const ASIDE = ['aside', 'aside/a', 'aside/b', 'aside/c'];

it('keeps a journal that only its owner may read', async () => {
  const { runs, run } = await threeAside();
  expect((await stat(runs)).mode & 0o777).toBe(0o700);
  expect((await stat(join(runs, `${run}.ndjson`))).mode & 0o777).toBe(0o600);
});

it('lists runs and shows what became of each step', async () => {
  const { scorpiox, run } = await threeAside();
  const listed = await scorpiox(['runs']);
  expect(listed).toMatchObject({ code: 0, stderr: '' });
  expect(listed.stdout).toMatch(new RegExp(`^${run}\tdone\t3\t3\t0\t0\t20.*Z\ttest aside\n$`));
  expect(await scorpiox(['runs', 'show', run])).toMatchObject({
    code: 0,
    stdout: '1\tdone\tSet a aside.\n2\tdone\tSet b aside.\n3\tdone\tSet c aside.\n',
  });
  expect(await scorpiox(['runs', 'show', 'nothing'])).toMatchObject({ code: 1, stdout: '' });
});

it('has no runs where there were none', async () => {
  const { scorpiox } = await threeFiles();
  expect(await scorpiox(['runs'])).toEqual({ code: 0, stdout: '', stderr: '' });
});

it('names each journal that cannot be read, with what to do, shows the other runs, and ends with 6', async () => {
  const { runs, scorpiox, run } = await threeAside();
  const journal = (name: string) => join(runs, `20200101T000000-${name}.ndjson`);
  await writeFile(journal('000000'), '{"record":"run","version":2}\n');
  await writeFile(journal('000001'), '{"record":"run","ver');
  await mkdir(journal('000002'));
  const listed = await scorpiox(['runs']);
  expect(listed).toMatchObject({ code: 6, stdout: expect.stringContaining(run) });
  expect(listed.stderr).toContain(`${journal('000000')} is damaged, or of another version of this program. Move it`);
  expect(listed.stderr).toContain(`${journal('000001')} was cut short before its run did anything. Remove it.`);
  expect(listed.stderr).toContain(`${journal('000002')} cannot be read (EISDIR).`);
  expect(await scorpiox(['runs', 'show', run])).toMatchObject({ code: 0, stderr: '' });
  const unread = await scorpiox(['runs', 'show', '20200101T000000-000001']);
  expect(unread).toMatchObject({ code: 1, stderr: expect.stringContaining('was cut short') });
});

describe('undo', () => {
  it('shows what it would do, and does it with --apply: last step first', async () => {
    const { folder, scorpiox, run, names, states } = await threeAside();
    const shown = await scorpiox(['undo', run]);
    expect(shown).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^scorpiox: 3 steps pending: plan [0-9a-f]{12}\./),
    });
    const aside = join(folder, 'aside');
    expect(shown.stdout.split('\n')[0]).toBe(`1\tyes\tMove ${aside}/c back to ${folder}/c.`);
    expect(await names()).toEqual(ASIDE);
    expect(await scorpiox(['undo', run, '--apply', '--yes'])).toMatchObject({ code: 0 });
    expect(await names()).toEqual(BEFORE);
    expect(await states(run)).toEqual(['undone', 'undone', 'undone']);
    expect((await scorpiox(['runs', '--jq', 'map([.command, .done, .undone]) | sort[]'])).stdout).toBe(
      `["test aside",0,3]\n["undo ${run}",3,0]\n`,
    );
    expect(await scorpiox(['undo', run])).toMatchObject({ code: 0, stdout: '', stderr: 'There is nothing to do.\n' });
  });

  it('can itself be undone, and done once more', async () => {
    const { scorpiox, run, names, states } = await threeAside();
    const undo = async (which: string) =>
      (await scorpiox(['undo', which, '--apply', '--yes'])).stdout.split('\t')[0] ?? '';
    const undoing = await undo(run);
    await undo(undoing);
    expect(await names()).toEqual(ASIDE);
    expect(await states(run)).toEqual(['done', 'done', 'done']);
    expect(await states(undoing)).toEqual(['undone', 'undone', 'undone']);
    await undo(run);
    expect(await names()).toEqual(BEFORE);
  });

  it('refuses what was followed by other changes; with --partial it takes back the rest', async () => {
    const { folder, scorpiox, run, names, states } = await threeAside();
    await writeFile(join(folder, 'b'), 'somebody else');
    const refused = await scorpiox(['undo', run, '--apply', '--yes']);
    expect(refused).toMatchObject({ code: 5, stdout: '' });
    expect(refused.stderr).toContain('Step 2 was followed by other changes: Set b aside.');
    expect(await names()).toEqual([...ASIDE, 'b']);
    expect(await scorpiox(['undo', run, '--partial', '--apply', '--yes'])).toMatchObject({ code: 0 });
    expect(await names()).toEqual(['a', 'aside', 'aside/b', 'b', 'c']);
    expect(await states(run)).toEqual(['undone', 'done', 'undone']);
    await rm(join(folder, 'b'));
    expect(await scorpiox(['undo', run, '--apply', '--yes'])).toMatchObject({ code: 0 });
    expect(await names()).toEqual(BEFORE);
  });

  it('applies only the plan that was seen, where that is named', async () => {
    const { folder, scorpiox, run, names } = await threeAside();
    const plan = (await scorpiox(['undo', run, '--jq', '.plan'])).stdout.trim();
    const other = await scorpiox(['undo', run, '--apply', '--yes', '--expect', '000000000000']);
    expect(other).toMatchObject({ code: 5, stderr: expect.stringContaining(`The plan is ${plan} now`) });
    await writeFile(join(folder, 'aside', 'a'), 'changed');
    expect(await scorpiox(['undo', run, '--partial', '--apply', '--yes', '--expect', plan])).toMatchObject({ code: 5 });
    expect(await names()).toEqual(ASIDE);
  });
});

describe('whether it is done', () => {
  it.each([
    ['y', 0],
    ['YES', 0],
    ['', 2],
    ['n', 2],
    ['yikes', 2],
    [undefined, 130],
  ])('is asked on a terminal: %j ends with %i', async (answer, code) => {
    const { scorpiox, run, names } = await threeAside();
    const undone = await scorpiox(['undo', run, '--apply'], { typed: [answer] });
    expect(undone).toMatchObject({ code, stderr: expect.stringContaining('Do these 3 steps? [y/N]') });
    expect(await names()).toEqual(code === 0 ? BEFORE : ASIDE);
  });

  it('has to be said where there is none', async () => {
    const { scorpiox, run, names } = await threeAside();
    expect(await scorpiox(['undo', run, '--apply'])).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('--yes'),
    });
    expect(await names()).toEqual(ASIDE);
  });

  it('says what would be done before it asks', async () => {
    const { scorpiox, run } = await threeAside();
    const { stderr } = await scorpiox(['undo', run, '--apply'], { typed: ['n'] });
    expect(stderr.indexOf('back to')).toBeGreaterThan(-1);
    expect(stderr.indexOf('back to')).toBeLessThan(stderr.indexOf('[y/N]'));
  });
});

it('needs a place for its journal', async () => {
  const { scorpiox } = await threeAside();
  const homeless = await scorpiox(['runs'], { env: { XDG_STATE_HOME: 'relative' } });
  expect(homeless).toMatchObject({ code: 64, stderr: expect.stringContaining('XDG_STATE_HOME') });
});

describe('a run that was killed', () => {
  it.each([
    ['begun', ['a', 'b', 'c'], ['done', 'left', 'left'], ['aside', 'aside/a', 'b', 'c']],
    ['performed', ['a', 'b', 'c'], ['done', 'done', 'left'], ['aside', 'aside/a', 'aside/b', 'c']],
  ])('when its second step was %s tells the truth, and is undone', async (moment, before, known, after) => {
    const { folder, runs, scorpiox, names, states } = await threeFiles();
    const child = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', CHILD, folder, moment]);
    expect(child.signal).toBe('SIGKILL');
    const [file = ''] = await readdir(runs);
    const run = file.replace('.ndjson', '');
    // A power failure may cut the last line.
    await appendFile(join(runs, file), '{"record":"do');
    expect((await scorpiox(['runs', '--jq', '.[].state'])).stdout).toBe('died\n');
    expect(await states(run)).toEqual(known);
    expect(await names()).toEqual(after);
    expect(await scorpiox(['undo', run, '--apply', '--yes'])).toMatchObject({ code: 0 });
    expect(await names()).toEqual(before);
    expect(await states(run)).toEqual(known.map((state) => (state === 'done' ? 'undone' : state)));
    expect(await readFile(join(folder, 'b'), 'utf8')).toBe('b');
  });
});
