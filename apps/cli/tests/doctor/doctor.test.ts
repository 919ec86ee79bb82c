import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, readdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openControl } from '@scorpiox/shared/database';
import { describe, expect, it, onTestFinished } from 'vitest';
import { judge } from '../../src/ops/doctor/areas/disk.ts';
import { identityOf } from '../../src/ops/process-identity.ts';
import { scorpioxHere } from '../support/here.ts';
import { scorpiox, temporaryFolder } from '../support/scorpiox.ts';

interface Found {
  readonly level: string;
  readonly area: string;
  readonly code: string;
  readonly mend: string;
}

const ANY_PORTS = {
  SCORPIOX_IMAP_PORT: '0',
  SCORPIOX_IMAP_TLS_PORT: '0',
  SCORPIOX_IMAP_ADMIN_PORT: '0',
  SCORPIOX_INSIGHTS_PORT: '0',
};

/** What `doctor` finds, without what it says of containers, which is this machine's. */
async function examine(dataDir: string, env: Readonly<Record<string, string>> = {}): Promise<readonly Found[]> {
  const args = ['doctor', '--json', '--data-dir', dataDir];
  const { code, stdout } = await scorpioxHere(args, { env: { ...ANY_PORTS, ...env }, cwd: dataDir });
  const found: Found[] = JSON.parse(stdout);
  expect(code).toBe(found.some(({ level }) => level !== 'note') ? 3 : 0);
  return found.filter(({ area }) => area !== 'containers' && area !== 'disk' && area !== 'limits');
}

const codes = (found: readonly Found[]): readonly string[] =>
  found.map(({ level, area, code }) => `${level} ${area} ${code}`);

/** A data folder as a start and `user add` leave it: an admin with mail, certificates, a database. */
async function healthy(): Promise<string> {
  const dataDir = await temporaryFolder();
  const scorpiox = (...args: readonly string[]) =>
    scorpioxHere([...args, '--data-dir', dataDir], { env: ANY_PORTS, input: 'secret\n' });
  expect(await scorpiox('user', 'add', 'root', '--role', 'admin', '--password-stdin')).toMatchObject({ code: 0 });
  expect(await scorpiox('cert', 'init')).toMatchObject({ code: 0 });
  const control = await openControl({ kind: 'sqlite', file: join(dataDir, 'insights.db') });
  if (control.ok) await control.value.close();
  return dataDir;
}

const AT_REST = 'note parts not-running';

it('looks an empty folder over, and leaves it empty', async () => {
  const dataDir = await temporaryFolder();
  expect(codes(await examine(dataDir))).toEqual([AT_REST, 'note accounts no-accounts']);
  expect(readdirSync(dataDir)).toEqual([]);
  const nowhere = join(dataDir, 'nowhere');
  const { code, stdout } = await scorpioxHere(['doctor', '--data-dir', nowhere], { env: ANY_PORTS });
  expect(code).toBe(0);
  expect(stdout).toContain(`scorpiox up --data-dir ${nowhere}\n`);
});

it('finds faults that were made on purpose, one by one, in what was healthy before', async () => {
  const dataDir = await healthy();
  expect(codes(await examine(dataDir))).toEqual([AT_REST]);
  const at = (name: string) => join(dataDir, name);
  const maildir = at('mail/root/Maildir');
  const future = new Date(Date.now() + 86_400_000);
  const faults: readonly (readonly [string, () => void, () => void])[] = [
    [
      'fault certificate key-exposed',
      () => chmodSync(at('tls/server.key'), 0o644),
      () => chmodSync(at('tls/server.key'), 0o600),
    ],
    [
      'warning mail folder-missing',
      () => rmSync(join(maildir, 'tmp'), { recursive: true }),
      () => mkdirSync(join(maildir, 'tmp')),
    ],
    [
      'note mail nobodys',
      () => mkdirSync(at('mail/gone/Maildir'), { recursive: true }),
      () => rmSync(at('mail/gone'), { recursive: true }),
    ],
    [
      'fault configuration secret-exposed',
      () => writeFileSync(at('imap-admin.token'), 'x', { mode: 0o644 }),
      () => rmSync(at('imap-admin.token')),
    ],
    [
      'fault clock behind',
      () => utimesSync(at('accounts.db'), future, future),
      () => utimesSync(at('accounts.db'), new Date(), new Date()),
    ],
    [
      'warning spool left-behind',
      () => {
        mkdirSync(at('spool'));
        writeFileSync(at('spool/1.db'), 'x');
      },
      () => rmSync(at('spool'), { recursive: true }),
    ],
  ];
  for (const [code, make, mend] of faults) {
    make();
    const found = await examine(dataDir);
    expect(codes(found).filter((one) => one !== AT_REST)).toEqual([code]);
    expect(found.find((one) => one.code === code.split(' ')[2])?.mend).not.toBe('');
    mend();
  }
  expect(codes(await examine(dataDir))).toEqual([AT_REST]);
});

it.runIf(process.getuid?.() === 0)('finds what belongs to somebody else (as root)', async () => {
  const dataDir = await healthy();
  chownSync(join(dataDir, 'insights.db'), 65_534, 65_534);
  expect(codes(await examine(dataDir))).toEqual(['warning configuration other-owner', AT_REST]);
});

it('does not have a file replaced that only this user may not read', async () => {
  const dataDir = await healthy();
  const files = ['accounts.db', 'insights.db'].map((name) => join(dataDir, name));
  for (const file of files) chmodSync(file, 0o200);
  chmodSync(dataDir, 0o755);
  const another = process.getuid?.() === 0 ? { uid: 65_534 } : {};
  const args = ['doctor', '--json', '--data-dir', dataDir];
  const { code, stdout } = await scorpiox(args, { env: ANY_PORTS, cwd: dataDir, ...another });
  const found: Found[] = JSON.parse(stdout);
  const closed = found.filter(({ area, code: what }) => /^(accounts|database)$/.test(area) && what === 'unreadable');
  const mend = 'Run the doctor as the user that the servers run as.';
  expect([code, closed.map((one) => one.mend)]).toEqual([3, [mend, mend]]);
});

it.each([
  ['insights.db', 'database'],
  ['accounts.db', 'accounts'],
  ['mail/root/index.db', 'mail'],
])('finds that %s is damaged', async (file, area) => {
  const dataDir = await healthy();
  truncateSync(join(dataDir, file), 6000);
  const found = await examine(dataDir);
  expect(codes(found).filter((one) => one.includes(`fault ${area} `))).toHaveLength(1);
});

it('names what is wrong with the configuration, and a port that is given twice', async () => {
  const dataDir = await temporaryFolder();
  const bad = await examine(dataDir, { SCORPIOX_IMAP_PORT: 'many', SCORPIOX_INSIGHTS_PRT: '1' });
  expect(codes(bad)).toEqual(['fault configuration bad-key', 'fault configuration bad-key']);
  const closed = await freePort();
  const twice = { SCORPIOX_IMAP_LMTP_PORT: closed, SCORPIOX_IMAP_PORT: closed };
  expect(codes(await examine(dataDir, twice))).toContain('fault configuration same-port');
});

/** A port on which nobody listens. */
async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a server that listens on a host has one
  server.close();
  await once(server, 'close');
  return String(port);
}

describe('the parts', () => {
  /** A port that answers so. */
  async function answering(answers: Readonly<Record<string, readonly [number, string]>>): Promise<string> {
    const server: Server = createServer((request, response) => {
      const [status, body] = answers[request.url ?? ''] ?? [404, '{}'];
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
    server.listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    return String((server.address() as AddressInfo).port); // a server that listens on a host has one
  }

  const OK = [200, '{"status":"ok"}'] as const;
  const parts = async (dataDir: string, api: string, imap: string) =>
    codes(await examine(dataDir, { SCORPIOX_INSIGHTS_PORT: api, SCORPIOX_IMAP_ADMIN_PORT: imap })).filter((one) =>
      one.includes(' parts '),
    );

  it('are told apart by what they answer', async () => {
    const dataDir = await temporaryFolder();
    const well = await answering({ '/healthz': OK, '/readyz': OK });
    const stopping = await answering({ '/healthz': OK, '/readyz': [503, '{}'] });
    const other = await answering({});
    const closed = await freePort();
    expect(await parts(dataDir, well, well)).toEqual([]);
    expect(await parts(dataDir, well, closed)).toEqual(['fault parts part-down']);
    expect(await parts(dataDir, stopping, well)).toEqual(['warning parts not-ready']);
    expect(await parts(dataDir, other, closed)).toEqual(['fault parts port-taken', 'fault parts part-down']);
    expect(await parts(dataDir, closed, closed)).toEqual([AT_REST]);
    writeFileSync(join(dataDir, 'up.lock'), await identityOf(process.pid));
    expect(await parts(dataDir, closed, closed)).toEqual(['fault parts part-down', 'fault parts part-down']);
  });
});

it.each([
  [{ bavail: 50, ffree: 50 }, []],
  [{ bavail: 4, ffree: 50 }, ['warning low']],
  [{ bavail: 0.5, ffree: 50 }, ['fault low']],
  [{ bavail: 50, ffree: 4 }, ['warning few-inodes']],
  [{ bavail: 50, ffree: 0 }, ['fault few-inodes']],
  [{ bavail: 50, ffree: 0, files: 0 }, []],
])('a disk with %j of 100 left', (left, expected) => {
  const GIB = 1024 ** 3;
  const found = judge('/data', { bsize: 10 * GIB, blocks: 100, files: 100, ...left });
  expect(found.map(({ level, code }) => `${level} ${code}`)).toEqual(expected);
});
