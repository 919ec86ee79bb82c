import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lockDataDir } from '../../src/ops/up/lock.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

it('is held by one at a time and leaves nothing behind', async () => {
  const folder = await temporaryFolder();
  const first = await lockDataDir(folder);
  const second = await lockDataDir(folder);
  expect(first.ok).toBe(true);
  expect(second).toMatchObject({ ok: false, error: { kind: 'unavailable' } });
  if (!second.ok) expect(second.error.message).toContain(`process ${process.pid}`);
  if (first.ok) await first.value.release();
  expect(await readdir(folder)).toEqual([]);
  expect((await lockDataDir(folder)).ok).toBe(true);
});

it('takes over from a dead process, even if its number is in use again', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'up.lock');
  // This process, but as started at another time: what a lock looks like after a crash and a reused number.
  await writeFile(file, `${process.pid} 1 another-boot`);
  expect((await lockDataDir(folder)).ok).toBe(true);
  expect(await readFile(file, 'utf8')).not.toContain('another-boot');
  expect(await readdir(folder)).toEqual(['up.lock']);
});

it('treats a file without a process number as left behind', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'up.lock'), '');
  expect((await lockDataDir(folder)).ok).toBe(true);
});
