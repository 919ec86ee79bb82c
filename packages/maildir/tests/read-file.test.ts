import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { nodeFileSystem } from '../src/files/node-file-system.ts';
import { ReadPace } from '../src/files/read-file.ts';
import { CHUNK, COLD_READS, MAX_COLD_READS, SLOW_READ } from '../src/limits.ts';

/** A pace whose reads take as long as they say. */
function newPace() {
  let time = 0;
  const pace = new ReadPace(() => time);
  /** Reads once; whether at once. */
  const read = (milliseconds: number): boolean => {
    if (!pace.isQuick()) return false;
    pace.measure(() => {
      time += milliseconds;
    });
    return true;
  };
  const waits = (): number => {
    let count = 0;
    while (!read(0)) count += 1;
    return count;
  };
  return { read, waits };
}

test('a slow read sends the next ones to the thread pool, more and more of them, until one is quick', () => {
  const { read, waits } = newPace();
  expect([read(0), read(0)]).toEqual([true, true]);
  let reads = 0;
  const slow = (): number => {
    let count = 0;
    while (!read(SLOW_READ)) count += 1;
    return count;
  };
  expect(slow()).toBe(0);
  expect([slow(), slow(), slow()]).toEqual([COLD_READS, 2 * COLD_READS, 4 * COLD_READS]);
  for (let round = 0; round < 20; round += 1) reads = slow();
  expect(reads).toBe(MAX_COLD_READS);
  expect(waits()).toBe(MAX_COLD_READS);
  expect([read(SLOW_READ), waits()]).toEqual([true, COLD_READS]);
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'scorpiox-read-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test.each([0, 10, CHUNK, CHUNK + 1])('a file of %i bytes is read as it is, to its end', async (size) => {
  const path = join(newFolder(), 'file');
  const bytes = Buffer.alloc(size, 'abc');
  writeFileSync(path, bytes);
  const file = await nodeFileSystem.open(path, 'read');
  const buffer = Buffer.alloc(size + 1);
  expect(await file.read(buffer, 0)).toBe(size);
  expect(buffer.subarray(0, size).equals(bytes)).toBe(true);
  expect(await file.read(buffer, size)).toBe(0);
  await file.close();
  await file.close();
  await expect(file.read(buffer, 0)).rejects.toMatchObject({ code: 'EBADF' });
});

test('a descriptor stays open until the reads under way are done', async () => {
  const path = join(newFolder(), 'file');
  writeFileSync(path, Buffer.alloc(4 * CHUNK, 'a'));
  const file = await nodeFileSystem.open(path, 'read');
  const reads = [0, 1, 2, 3].map((at) => file.read(Buffer.alloc(CHUNK), at * CHUNK));
  await file.close();
  expect(await Promise.all(reads)).toEqual([CHUNK, CHUNK, CHUNK, CHUNK]);
});

test('links, directories and sockets are refused', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'file'), 'a');
  symlinkSync(join(folder, 'file'), join(folder, 'link'));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(folder, 'socket'), resolve));
  onTestFinished(() => void server.close());
  await expect(nodeFileSystem.open(join(folder, 'link'), 'read')).rejects.toMatchObject({ code: 'ELOOP' });
  await expect(nodeFileSystem.open(join(folder, 'socket'), 'read')).rejects.toMatchObject({ code: 'ENXIO' });
  await expect(nodeFileSystem.open(folder, 'read')).rejects.toMatchObject({ code: 'EISDIR' });
  await expect(nodeFileSystem.open(join(folder, 'none'), 'read')).rejects.toMatchObject({ code: 'ENOENT' });
});
