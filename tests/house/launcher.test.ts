import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bundledNodeFolder, environment, isNewEnough } from '../../scripts/launch.mjs';
import { ROOT, run } from '../support/process.ts';

const LAUNCHER = join(ROOT, 'scripts/launch.mjs');

test.each([
  ['24.7.0', true],
  ['24.6.9', false],
  ['20.20.2', false],
  ['25.0.0', true],
])('Node %s is new enough: %s', (version, expected) => {
  expect(isNewEnough(version)).toBe(expected);
});

describe('the bundled Node', () => {
  test('is left out when the machine asks for its own', () => {
    expect(bundledNodeFolder({ SCORPIOX_NODE: 'system' })).toBeUndefined();
  });
  test('is left out on a platform without a package', () => {
    expect(bundledNodeFolder({}, 'plan9-mips')).toBeUndefined();
  });
  test('comes first in PATH, before the tools of the project', () => {
    const { PATH } = environment({ PATH: '/usr/bin' }, '/bundled/bin');
    expect(PATH?.split(':')).toEqual(['/bundled/bin', join(ROOT, 'node_modules/.bin'), '/usr/bin']);
  });
});

test('what was there before the launcher is handed on, for programs that are no part of the project', () => {
  const { SCORPIOX_LAUNCHED } = environment({ PATH: '/usr/bin', NODE_OPTIONS: '--trace-warnings' }, '/bundled/bin');
  expect(JSON.parse(SCORPIOX_LAUNCHED ?? '')).toEqual({
    PATH: '/usr/bin',
    NODE_OPTIONS: '--trace-warnings',
    NODE_COMPILE_CACHE: null,
    TURBO_TELEMETRY_DISABLED: null,
  });
});

describe('what Node compiled', () => {
  test('is kept beside the packages, or where the machine says', () => {
    const kept = join(ROOT, 'node_modules/.cache/node');
    expect(environment({}, undefined).NODE_COMPILE_CACHE).toBe(kept);
    expect(environment({ NODE_COMPILE_CACHE: '/var/cache/node' }, undefined).NODE_COMPILE_CACHE).toBe(
      '/var/cache/node',
    );
  });
});

describe('a launched command', () => {
  test('ends with the exit code of the command, and gets its arguments untouched', async () => {
    const script = 'process.stdout.write(JSON.stringify(process.argv.slice(1))); process.exit(7)';
    const { code, stdout } = await run(process.execPath, [LAUNCHER, 'node', '-e', script, '--', 'a b', '$HOME', '"']);
    expect(code).toBe(7);
    expect(JSON.parse(stdout.toString())).toEqual(['a b', '$HOME', '"']);
  });

  test('gets the signal that the launcher gets', async () => {
    const script = "process.on('SIGTERM', () => process.exit(5)); setInterval(() => {}, 1000); console.log('up')";
    const child = spawn(process.execPath, [LAUNCHER, 'node', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(5);
  });

  test('that does not exist is named', async () => {
    const { code, stderr } = await run(process.execPath, [LAUNCHER, 'no-such-program']);
    expect(code).toBe(127);
    expect(stderr).toContain('no-such-program');
  });
});
