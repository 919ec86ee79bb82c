import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ACTIONS } from '../../src/ops/plan/actions/actions.ts';
import { move } from '../../src/ops/plan/actions/move.ts';
import { applyPlan, type RunNotes } from '../../src/ops/plan/apply.ts';
import { type Plan, planId } from '../../src/ops/plan/plan.ts';
import { Planner } from '../../src/ops/plan/planner.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

/** Three files `a`, `b`, `c`, and the plan to move each below `aside`. */
async function threeMoves() {
  const folder = await temporaryFolder();
  const planner = new Planner(ACTIONS);
  for (const name of ['a', 'b', 'c']) {
    await writeFile(join(folder, name), name);
    const to = join(folder, 'aside', name);
    await planner.add(`Move ${name}.`, move.of({ from: join(folder, name), to, folders: 'make' }));
  }
  const plan: Plan = { title: 'test', steps: planner.steps };
  return { folder, plan, names: async () => (await readdir(folder, { recursive: true })).sort() };
}

/** Notes that only remember what was noted, in order; `onNote` sees each. */
function memory(onNote: (note: string) => Promise<void> | void = () => undefined) {
  const noted: string[] = [];
  const note = async (text: string) => {
    noted.push(text);
    await onNote(text);
  };
  const notes: RunNotes = {
    begin: (step) => note(`begin ${step}`),
    done: (step) => note(`done ${step}`),
    failed: (step) => note(`failed ${step}`),
    end: (state) => note(`end ${state}`),
  };
  return { notes, noted };
}

const never = new AbortController().signal;

it('does the steps in order, each noted before and after', async () => {
  const { plan, names } = await threeMoves();
  const { notes, noted } = memory();
  expect(await applyPlan(plan, { actions: ACTIONS, notes, stop: never })).toEqual({ state: 'done', done: 3 });
  expect(noted).toEqual(['begin 1', 'done 1', 'begin 2', 'done 2', 'begin 3', 'done 3', 'end done']);
  expect(await names()).toEqual(['aside', 'aside/a', 'aside/b', 'aside/c']);
});

it('begins nothing where the world moved before the first step', async () => {
  const { folder, plan, names } = await threeMoves();
  await writeFile(join(folder, 'a'), 'another');
  const { notes, noted } = memory();
  const applied = await applyPlan(plan, { actions: ACTIONS, notes, stop: never });
  expect(applied).toMatchObject({ state: 'stale', done: 0, failure: { kind: 'stale' } });
  expect(applied.failure?.message).toContain(
    `${join(folder, 'a')} changed since the plan was made. Nothing was changed.`,
  );
  expect(noted).toEqual(['end stale']);
  expect(await names()).toEqual(['a', 'b', 'c']);
});

it('stops at the step before which the world moved, and says how far it came', async () => {
  const { folder, plan, names } = await threeMoves();
  const { notes } = memory((note) =>
    note === 'done 1' ? writeFile(join(folder, 'aside', 'b'), 'in the way') : undefined,
  );
  const applied = await applyPlan(plan, { actions: ACTIONS, notes, stop: never });
  expect(applied).toMatchObject({ state: 'stale', done: 1, failure: { kind: 'partly-done' } });
  expect(applied.failure?.message).toContain('1 of 3 steps were done before.');
  expect(await names()).toEqual(['aside', 'aside/a', 'aside/b', 'b', 'c']);
  expect(await readFile(join(folder, 'aside', 'b'), 'utf8')).toBe('in the way');
});

it('lets a step end that is being done when somebody stops it', async () => {
  const { plan, names } = await threeMoves();
  const stopping = new AbortController();
  const { notes, noted } = memory((note) => (note === 'begin 2' ? stopping.abort() : undefined));
  const applied = await applyPlan(plan, { actions: ACTIONS, notes, stop: stopping.signal });
  expect(applied).toMatchObject({ state: 'interrupted', done: 2, failure: { kind: 'interrupted' } });
  expect(applied.failure?.message).toBe('Interrupted. 2 of 3 steps were done before.');
  expect(noted.slice(-2)).toEqual(['done 2', 'end interrupted']);
  expect(await names()).toEqual(['aside', 'aside/a', 'aside/b', 'c']);
});

it('does not do what it cannot note', async () => {
  const { plan, names } = await threeMoves();
  const { notes } = memory((note) => {
    if (note === 'begin 2')
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  });
  const applied = await applyPlan(plan, { actions: ACTIONS, notes, stop: never });
  expect(applied).toMatchObject({ state: 'failed', done: 1, failure: { kind: 'partly-done' } });
  expect(await names()).toEqual(['aside', 'aside/a', 'b', 'c']);
});

it('tells a step that failed without a trace from one that may be half done', async () => {
  const { folder, plan, names } = await threeMoves();
  // A file where the folder is to be: the first step looks as planned, and cannot be done.
  await writeFile(join(folder, 'aside'), '');
  const { notes, noted } = memory();
  const applied = await applyPlan(plan, { actions: ACTIONS, notes, stop: never });
  expect(applied).toMatchObject({ state: 'failed', done: 0, failure: { kind: 'error' } });
  expect(applied.failure?.message).toContain('Nothing was changed.');
  expect(noted).toEqual(['begin 1', 'failed 1', 'end failed']);
  expect(await names()).toEqual(['a', 'aside', 'b', 'c']);
});

it('plans later steps on what earlier ones will have made', async () => {
  const folder = await temporaryFolder();
  const [a, b, c] = ['a', 'b', 'c'].map((name) => join(folder, name)) as [string, string, string];
  await writeFile(a, 'a');
  const planner = new Planner(ACTIONS);
  await planner.add('First.', move.of({ from: a, to: b }));
  await planner.add('Then.', move.of({ from: b, to: c }));
  const plan: Plan = { title: 'test', steps: planner.steps };
  const applied = await applyPlan(plan, { actions: ACTIONS, notes: memory().notes, stop: never });
  expect(applied).toEqual({ state: 'done', done: 2 });
  expect(await readdir(folder)).toEqual(['c']);
});

it('has the same id for the same plan, and another once the world has moved', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'cur'));
  const from = join(folder, 'cur', 'a');
  const make = async () => {
    const planner = new Planner(ACTIONS);
    await planner.add('Move it.', move.of({ from, to: join(folder, 'b') }));
    return planId({ title: 'test', steps: planner.steps });
  };
  await writeFile(from, 'a');
  const id = await make();
  expect(id).toMatch(/^[0-9a-f]{12}$/);
  expect(await make()).toBe(id);
  await rm(from);
  await writeFile(from, 'another');
  expect(await make()).not.toBe(id);
});
