// The operator's commands about the IMAP server against the server itself: what it answers is what they read.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Platform, passwordOf, startPlatform } from '../support/platform.ts';
import { ROOT } from '../support/process.ts';
import { connectImaps, type RawImap, signedIn } from '../support/raw-imap.ts';

const CLI = join(ROOT, 'apps/cli/src/main.ts');
let platform: Platform;

beforeAll(async () => {
  platform = await startPlatform([], { SCORPIOX_IMAP_WORKERS: '2' });
  await platform.addUser('alice');
});
afterAll(() => platform.stop());

const signIn = (): Promise<RawImap> => signedIn(platform.ports.imaps, platform.ca, 'alice', passwordOf('alice'));

async function imap(...words: readonly string[]) {
  const { code, stdout, stderr } = await platform.cli(['imap', ...words]);
  return { code, stderr, stdout: stdout.toString() };
}

/** A command that goes on; `until` resolves with all that it printed once that matches. */
function following(...words: readonly string[]) {
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(process.execPath, [CLI, 'imap', ...words], {
    env: platform.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const ended = once(child, 'close');
  const until = async (pattern: RegExp): Promise<string> => {
    while (!pattern.test(printed)) {
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${printed}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return printed;
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
  }
  const interrupt = async () => {
    child.kill('SIGINT');
    const [code, signal] = await ended;
    return { code, signal, printed };
  };
  return { until, interrupt };
}

test('a session is seen, and ended', async () => {
  const client = await signIn();
  const { code, stdout } = await imap('sessions', '--user', 'alice', '--json');
  const [session, ...others] = JSON.parse(stdout);
  expect([code, others]).toEqual([0, []]);
  expect(session).toMatchObject({ user: 'alice', mailbox: 'INBOX', command: null, waitingOctets: 0, stalledMs: null });
  expect(await imap('sessions', '--stalled', '30s')).toMatchObject({ code: 0, stdout: '' });
  expect(await imap('kick', session.id.slice(0, 8))).toMatchObject({
    code: 0,
    stdout: `${session.id}\talice\t127.0.0.1\n`,
  });
  expect(await client.until(/\* BYE/)).toContain('The operator ended this session.');
  client.close();
});

test('a trace is followed while it runs, and ended with Ctrl-C; it tells no secrets', async () => {
  const trace = following('trace', 'start', 'alice', '-f');
  await trace.until(/Ctrl-C ends it/);
  const client = await signIn();
  await client.command('SEARCH SUBJECT "whispered"');
  client.close();
  await trace.until(/SEARCH SUBJECT \[9\]/);
  const { code, printed } = await trace.interrupt();
  expect(code).toBe(0);
  expect(printed).toMatch(/ - ended: stopped\n.*The trace is stopped/s);
  expect(printed).not.toMatch(/whispered|secret of/);
  expect((await imap('trace', 'list', '--jq', '.[].ended')).stdout).toBe('stopped\n');
  expect((await imap('trace', 'show')).stdout).toContain('SEARCH SUBJECT [9]');
});

test('the log of all processes is followed', async () => {
  const logs = following('logs', '-f', '--json', '--user', 'alice');
  (await signIn()).close();
  await logs.until(/"msg":"signed in"/);
  const stranger = await connectImaps(platform.ports.imaps, platform.ca);
  await stranger.command('LOGIN alice "a guess"');
  stranger.close();
  expect(await logs.until(/"msg":"sign-in refused"/)).not.toContain('a guess');
  expect((await logs.interrupt()).signal).toBe('SIGINT');
});

test('a probe finds nothing wrong, and leaves nothing behind', async () => {
  const words = ['imap', 'probe', '--user', 'alice', '--password-stdin', '--large', '20M', '--slow', '20M', '--json'];
  const { code, stdout, stderr } = await platform.cli(words, { input: passwordOf('alice') });
  const steps: { step: string; ok: boolean; message: string }[] = JSON.parse(stdout.toString());
  expect(steps.filter(({ ok }) => !ok)).toEqual([]);
  expect([code, stderr]).toEqual([0, 'All is well: 10 steps.\n']);
  const client = await signIn();
  expect(await client.command('LIST "" "*"')).not.toContain('probe');
  client.close();
});
