/**
 * Power failures at every step of every operation that writes: what was answered is there afterwards, what was not is whole
 * or absent. And the other way round: without any one of its syncs the store loses something.
 */
import { expect, test } from 'vitest';
import { type CrashPoint, CrashRig } from './crash-rig.ts';
import { randomFrom } from './random.ts';
import { everyOperation, prepare } from './scenario.ts';
import type { Crash } from './volatile-tree.ts';

async function run(ignoredSync?: number) {
  const rig = new CrashRig();
  const store = await rig.start(prepare);
  rig.fs.ignoredSync = ignoredSync;
  await everyOperation(rig, store);
  return { rig, check: await rig.finish() };
}

/** Runs at the same time: they wait for the disk, and for the late sync of flags. */
const TOGETHER = 8;

async function together<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]();
  const one = async (): Promise<void> => {
    for (let next = rest.next(); next.done !== true; next = rest.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: TOGETHER }, one));
}

async function brokenAnywhere(crash: (point: CrashPoint) => Crash): Promise<string[]> {
  const { rig, check } = await run();
  expect(rig.points.length).toBeGreaterThan(100);
  const broken: string[] = [];
  await together(rig.points, async (point) => void broken.push(...(await check(point, crash(point)))));
  return broken;
}

test('a power failure at any step takes nothing that was answered', async () => {
  expect(await brokenAnywhere(() => 'drop')).toEqual([]);
}, 120_000);

test.each([1, 2])('nor does one after which a random part of what was not synced is there (seed %i)', async (seed) => {
  expect(await brokenAnywhere(({ number }) => ({ random: randomFrom(seed * 1_000 + number) }))).toEqual([]);
}, 120_000);

/** Whether a crash at some answer loses something that was promised. */
async function isMissed(ignored: number): Promise<boolean> {
  const { rig, check } = await run(ignored);
  for (const point of rig.points) {
    if (!point.isAnswer || point.syncs <= ignored) continue;
    if ((await check(point, 'drop')).length > 0) return true;
  }
  return false;
}

test('every sync is needed: without any one of them something that was answered is lost', async () => {
  const { rig } = await run();
  const unneeded: string[] = [];
  await together(rig.fs.syncs.entries(), async ([number, path]) => {
    if (!(await isMissed(number))) unneeded.push(`${number}: ${path}`);
  });
  expect(unneeded).toEqual([]);
}, 240_000);
