// The README's first command, as people and service managers start and stop it.
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startPlatform } from '../support/platform.ts';
import { ROOT } from '../support/process.ts';
import { descendantsOf } from '../support/processes.ts';

const npmStart = () => startPlatform([], {}, ['npm', 'start', '--silent'], ROOT);

test.each([
  ['npm is told to stop', 'SIGTERM', 'npm'],
  ['npm is interrupted', 'SIGINT', 'npm'],
  ['the launcher is killed outright', 'SIGKILL', 'scripts/launch.mjs'],
] as const)('npm start leaves no process behind when %s', async (_, signal, target) => {
  const platform = await npmStart();
  const started = descendantsOf(platform.process.pid);
  const launcher = started.find(({ args }) => args.includes('scripts/launch.mjs'));
  const pid = target === 'npm' ? platform.process.pid : launcher?.pid;
  expect(started.filter(({ args }) => /apps\/(?:imap|insights-api)\/src\/main/.test(args))).toHaveLength(2);
  process.kill(pid ?? expect.fail('npm start has no launcher'), signal);
  await expect
    .poll(() => started.filter((process) => existsSync(`/proc/${process.pid}`)), { timeout: 30_000 })
    .toEqual([]);
  await platform.stop();
});
