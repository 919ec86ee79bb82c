// The journal's two failures of the mail server. Each check is first shown to fail on a server that does it the old way.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkSlowLargeFetch, checkStoreThenFetch, checkWhileRenamed, type Target } from '../support/journal-checks.ts';
import { peakSince, startPeak } from '../support/memory.ts';
import { type OldWay, startOldWayServer } from '../support/old-way-server.ts';
import { type Platform, passwordOf, startPlatform } from '../support/platform.ts';
import { ROOT } from '../support/process.ts';

const MEGABYTE = 1024 * 1024;
const small = Buffer.from('From: a@example.org\r\nSubject: small\r\n\r\nThe whole message.\r\n');

/** Lines of random text, so that nothing on the way can compress or guess it. */
function largeMessage(megabytes: number): Buffer {
  const line = () => `${randomBytes(57).toString('base64')}\r\n`;
  const block = Buffer.from(Array.from({ length: Math.ceil(MEGABYTE / 78) }, line).join(''));
  return Buffer.concat([Buffer.from('Subject: large\r\n\r\n'), ...Array.from({ length: megabytes }, () => block)]);
}

let platform: Platform;
let target: Target;
const large = largeMessage(60);
const medium = largeMessage(8);

beforeAll(async () => {
  platform = await startPlatform();
  await platform.addUser('alice');
  target = { port: platform.ports.imaps, ca: platform.ca, user: 'alice', password: passwordOf('alice') };
  for (const input of [small, small, small, large, medium]) {
    const { code, stderr } = await platform.cli(['mail', 'deliver', 'alice'], { input });
    expect(code, stderr).toBe(0);
  }
});
afterAll(() => platform.stop());

async function withOldServer(way: OldWay, check: (old: Target) => Promise<void>): Promise<void> {
  const cur = join(mkdtempSync(join(tmpdir(), 'old-way-')), 'cur');
  mkdirSync(cur);
  writeFileSync(join(cur, '1:2,'), small);
  writeFileSync(join(cur, '2:2,'), small);
  writeFileSync(join(cur, '3:2,'), large.subarray(0, 4 * MEGABYTE));
  const tls = join(platform.dataDir, 'tls');
  const server = startOldWayServer({ cert: join(tls, 'server.pem'), key: join(tls, 'server.key'), cur, way });
  await once(server, 'listening');
  // listen() above was on a TCP port, so the address is one.
  await check({ ...target, port: (server.address() as AddressInfo).port });
  server.close();
}

describe('a 60 MB message to a client that reads 4 KB every millisecond', () => {
  test('the check fails on a server that forgets what one TLS write did not take', () =>
    withOldServer('partial', async (old) => {
      const faults = await checkSlowLargeFetch(old, 3, large.subarray(0, 4 * MEGABYTE));
      expect(faults).toEqual([expect.stringContaining('stalled')]);
    }));

  test('arrives whole, with flat memory, while another session works', async () => {
    // A smaller one first, so that what is measured is the message and not the server's first use of its code.
    expect(await checkSlowLargeFetch(target, 5, medium)).toEqual([]);
    const server = startPeak(platform.process.pid, 'apps/imap');
    expect(await checkSlowLargeFetch(target, 4, large)).toEqual([]);
    expect(peakSince(server)).toBeLessThan(large.length / 3);
  });

  test('the measure of memory sees a server that hands the whole message to the socket', () =>
    withOldServer('buffered', async (old) => {
      const own = startPeak(process.pid);
      await checkSlowLargeFetch(old, 3, large.subarray(0, 4 * MEGABYTE));
      expect(peakSince(own)).toBeGreaterThan(4 * MEGABYTE);
    }));
});

describe('UID STORE +FLAGS (\\Seen), then UID FETCH of the same message', () => {
  test('the check fails on a server whose table of file names is as old as its SELECT', () =>
    withOldServer('buffered', async (old) => {
      const faults = await checkStoreThenFetch(old, [1, 2], small);
      expect(faults).toHaveLength(3);
    }));

  test('finds the message at once, pipelined, and on a connection that selected before', async () => {
    expect(await checkStoreThenFetch(target, [1, 2], small)).toEqual([]);
  });

  test('finds it while another process renames the file all the time', async () => {
    const cur = join(platform.dataDir, 'mail/alice/Maildir/cur');
    const renamer = spawn(process.execPath, [join(ROOT, 'tests/programs/rename-flags.ts'), cur]);
    await once(renamer.stdout, 'data');
    expect(await checkWhileRenamed(target, 3, small, 150)).toEqual([]);
    renamer.stdin.end();
    await once(renamer, 'exit');
  });
});
