import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TRACE } from '../../src/limits.ts';
import { Recording } from '../../src/trace/recording.ts';

test('what the disk does not take is left out, counted, and said where it would have been', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'trace-'));
  const path = join(folder, 'x.trace');
  const file = await open(path, 'wx', 0o600);
  let ended = 0;
  const over = () => {
    ended += 1;
  };
  const options = { id: 'x', subject: { user: 'ann' }, path, file, minutes: 1, octets: TRACE.octets.most, ended: over };
  const recording = new Recording(options);
  // The disk gets no turn meanwhile.
  const line = 'x'.repeat(1000);
  const count = Math.ceil((2 * TRACE.waiting) / line.length);
  for (let n = 0; n < count; n += 1) recording.line('me', line);
  const { dropped } = recording.report().files[0] ?? { dropped: 0 };
  expect(dropped).toBeGreaterThan(0);
  while (!(await readFile(path, 'utf8')).includes(line)) await new Promise((resolve) => setTimeout(resolve, 10));
  recording.line('me', 'after');
  await recording.end('stopped');
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  expect(lines.filter((one) => one.endsWith(line)).length).toBe(count - dropped);
  expect(lines.at(-3)).toContain(`${dropped} lines were dropped here`);
  expect(lines.at(-2)).toContain(' me after');
  expect(lines.at(-1)).toContain('ended: stopped');
  recording.line('me', 'too late');
  await recording.end('time');
  expect(recording.report()).toMatchObject({ ended: 'stopped', files: [{ lines: lines.length, dropped }] });
  expect(ended).toBe(1);
  await rm(folder, { recursive: true });
});
