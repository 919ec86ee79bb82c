/** A message is never held as a whole, nor are all messages: what a bound on memory shows, and nothing else does. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { installation } from './support.ts';

const BIN = fileURLToPath(new URL('../../bin/scorpiox.mjs', import.meta.url));
const MEGABYTE = 1024 ** 2;

/** The highest that the program's memory has been, bytes, so far: of the Node that the launcher starts. */
async function peakOf(launcher: number): Promise<number> {
  const children = await readFile(`/proc/${launcher}/task/${launcher}/children`, 'utf8').catch(() => '');
  const peaks = children
    .split(' ')
    .filter(Boolean)
    .map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
    });
  return Math.max(0, ...(await Promise.all(peaks)));
}

it.skipIf(process.platform !== 'linux')(
  'memory stays below 200 MB, however large a message is',
  async () => {
    const { home, env, mailOf } = await installation('alice');
    const file = await open(join(home, 'Large'), 'w');
    await file.write('From a@b Thu Nov 28 22:08:00 2026\nSubject: large\n\n');
    const some = Buffer.alloc(MEGABYTE, `${'x'.repeat(63)}\n`);
    for (let at = 0; at < 80; at += 1) await file.write(some);
    await file.close();
    const args = [BIN, 'mail', 'import', 'alice', join(home, 'Large'), '--apply', '--yes'];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let [said, peak, isOver] = ['', 0, false];
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    const ended = once(child, 'close').finally(() => {
      isOver = true;
    });
    while (!isOver) {
      peak = Math.max(peak, await peakOf(child.pid ?? 0));
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 20))]);
    }
    expect(said).toContain('1 message brought over');
    expect(peak).toBeGreaterThan(0);
    expect(peak).toBeLessThan(200 * MEGABYTE);
    expect((await mailOf('alice')).Large).toHaveLength(1);
  },
  120_000,
);
