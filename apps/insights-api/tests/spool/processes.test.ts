import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HealthResponse } from '@scorpiox/shared/contract';
import { expect, onTestFinished, test, vi } from 'vitest';
import { nativeRequest } from '../helpers/events.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { type Program, startProgram } from '../helpers/process.ts';
import { type ModelPeer, SHOP, SHOP_KEY, startModelPeer, VIEWER_TOKEN } from '../tds/model-backend.ts';

// Real processes, killed at the worst moments, against a peer that runs no SQL.

vi.setConfig({ testTimeout: 180_000 });
const PATIENCE = { timeout: 120_000, interval: 50 };

const time = new Date().toISOString();
const batch = (name: string, size: number) =>
  JSON.stringify(Array.from({ length: size }, (_, index) => nativeRequest({ time, id: `${name}-${index}` })));

const environment = ({ url }: ModelPeer, folder: string, more: Record<string, string> = {}) => ({
  SCORPIOX_DATA_DIR: folder,
  SCORPIOX_INSIGHTS_PORT: '0',
  SCORPIOX_INSIGHTS_DATABASE: url,
  ...more,
});
const startApi = (server: ModelPeer, folder: string, more: Record<string, string> = {}) =>
  startProgram('src/main.ts', [], environment(server, folder, more));

const post = (address: string, body: string) =>
  fetch(`${address}/api/ingest`, { method: 'POST', body, headers: { authorization: `Bearer ${SHOP_KEY}` } });

async function send(address: string, body: string): Promise<unknown> {
  const answer = await post(address, body);
  if (answer.status !== 200) throw new Error(`status ${answer.status}`);
  return answer.json();
}

async function health(address: string): Promise<HealthResponse> {
  const answer = await fetch(`${address}/api/health`, { headers: { authorization: `Bearer ${VIEWER_TOKEN}` } });
  if (answer.status !== 200) throw new Error(`status ${answer.status}: ${await answer.text()}`);
  // The contract's HealthResponse.
  return (await answer.json()) as HealthResponse;
}

const until = (check: () => void | Promise<void>) => vi.waitFor(check, PATIENCE);

async function kill(api: Program): Promise<void> {
  api.child.kill('SIGKILL');
  await api.ended;
}

/** The tables agree, and say this. */
function expectStored({ model }: ModelPeer, events: number, more: Record<string, number> = {}): void {
  expect(model.eventCount).toBe(events);
  expect(model.rolledUp(SHOP)).toBe(events);
  expect(model.counters(SHOP)).toMatchObject({ received: events, accepted: events, duplicates: 0, ...more });
}

const spoolFiles = (folder: string) => readdirSync(join(folder, 'spool')).filter((name) => name.endsWith('.db'));

test('killed between the spool’s commit and the answer: what was spooled comes, the retry is a duplicate', async () => {
  const server = await startModelPeer();
  const folder = temporaryFolder();
  server.peer.mishap = ({ text }) => (text === 'BEGIN' ? 'drop-before' : undefined);
  const doomed = startProgram('tests/programs/dies-after-spooling.ts', [], environment(server, folder));
  await expect(send(await doomed.address(), batch('a', 50))).rejects.toThrow();
  expect((await doomed.ended)[1]).toBe('SIGKILL');
  server.peer.mishap = () => undefined;
  const api = startApi(server, folder);
  expect(await send(await api.address(), batch('a', 50))).toMatchObject({ received: 50, accepted: 50, errors: [] });
  await until(() => expectStored(server, 50, { received: 100, duplicates: 50 }));
});

test('killed between the server’s commit and the removal from the spool: nothing counts twice', async () => {
  const server = await startModelPeer();
  const folder = temporaryFolder();
  const api = startApi(server, folder);
  const address = await api.address();
  server.peer.mishap = ({ text }) => {
    if (text !== 'COMMIT') return undefined;
    api.child.kill('SIGKILL');
    return 'drop-after';
  };
  await send(address, batch('a', 50));
  await api.ended;
  server.peer.mishap = () => undefined;
  expect(server.model.eventCount).toBe(50);
  const again = startApi(server, folder);
  const there = await again.address();
  await send(there, batch('b', 1));
  await until(async () => expect((await health(there)).spool).toMatchObject({ events: 0 }));
  expectStored(server, 51);
});

test('killed again and again while the server comes and goes: every answered event is there once', async () => {
  const server = await startModelPeer();
  const folder = temporaryFolder();
  let unanswered = Array.from({ length: 24 }, (_, index) => batch(String(index), 25));
  // The first start sees the server and its key, so the next may start without it.
  for (const round of ['there', 'away', 'back', 'quiet']) {
    if (round === 'away') await server.peer.goAway();
    if (round === 'back') await server.peer.listen();
    const api = startApi(server, folder);
    const address = await api.address();
    const answered = new Set<string>();
    const sending = unanswered.map(async (body) => {
      await send(address, body);
      answered.add(body);
      if (round !== 'quiet' && answered.size === 3) api.child.kill('SIGKILL');
    });
    await Promise.allSettled(sending);
    unanswered = unanswered.filter((body) => !answered.has(body));
    if (round !== 'quiet') await kill(api);
    else await until(async () => expect((await health(address)).spool).toMatchObject({ events: 0 }));
  }
  expect(unanswered).toEqual([]);
  expect(server.model.eventCount).toBe(600);
  expect(server.model.rolledUp(SHOP)).toBe(600);
  expect(server.model.counters(SHOP)).toMatchObject({ accepted: 600 });
  await until(() => expect(spoolFiles(folder)).toHaveLength(1));
});

test('two processes have a spool each; what one leaves is shipped once, by another', async () => {
  const server = await startModelPeer();
  const folder = temporaryFolder();
  const [one, two] = [startApi(server, folder), startApi(server, folder)];
  const addresses = [await one.address(), await two.address()];
  await Promise.all(addresses.map((address) => send(address, batch('both', 40))));
  await until(() => expectStored(server, 40, { received: 80, duplicates: 40 }));
  await server.peer.goAway();
  await Promise.all(addresses.map((address, index) => send(address, batch(String(index), 30))));
  expect(spoolFiles(folder)).toHaveLength(2);
  await Promise.all([kill(one), kill(two)]);
  await server.peer.listen();
  const three = [startApi(server, folder), startApi(server, folder)];
  await Promise.all(three.map((api) => api.address()));
  await until(() => expectStored(server, 100, { received: 140, duplicates: 40 }));
});

test('the server is away: clients are answered, people see why, and a start without it takes events too', async () => {
  const server = await startModelPeer();
  const folder = temporaryFolder();
  const first = startApi(server, folder);
  const address = await first.address();
  await send(address, batch('a', 10));
  await until(async () => expect((await health(address)).spool).toMatchObject({ events: 0 }));
  await server.peer.goAway();
  await send(address, batch('b', 10));
  await until(async () => {
    const seen = await health(address);
    expect(seen).toMatchObject({ status: 'degraded', databaseReachable: false });
    expect(seen.spool?.events).toBe(10);
    expect(seen.spool?.lastError?.message).toContain('ECONN');
    expect(seen.spool?.oldestSeconds).toBeTypeOf('number');
  });
  expect((await fetch(`${address}/readyz`)).status).toBe(200);
  expect(await (await fetch(`${address}/metrics`)).text()).toContain('scorpiox_spool_events 10\n');
  first.child.kill('SIGTERM');
  expect(await first.ended).toEqual([0, null]);
  const embedded = startApi(server, folder, { SCORPIOX_INSIGHTS_DATABASE: `sqlite:${join(folder, 'insights.db')}` });
  await embedded.address();
  expect(embedded.output()).toContain('wait for a SQL Server');
  await kill(embedded);
  const second = startApi(server, folder);
  const there = await second.address();
  expect(second.output()).toContain('wait in the spool');
  await send(there, batch('c', 10));
  const stranger = await fetch(`${there}/api/ingest`, {
    method: 'POST',
    body: batch('d', 1),
    headers: { authorization: 'Bearer 00000000-0000-4000-8000-00000000ffff' },
  });
  // Nobody can say whose key that is: the sender keeps its events and comes back.
  expect([stranger.status, stranger.headers.get('retry-after')]).toEqual([503, '5']);
  await server.peer.listen();
  await until(() => expectStored(server, 30));
  await until(async () => expect(await health(there)).toMatchObject({ status: 'ok', databaseReachable: true }));
});

test('a broken spool file is said in health, and the rest goes on', async () => {
  const server = await startModelPeer();
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'spool'), { recursive: true });
  writeFileSync(join(folder, 'spool', 'old.db'), 'garbage'.repeat(1000));
  writeFileSync(join(folder, 'spool', 'older.db'), '');
  truncateSync(join(folder, 'spool', 'older.db'), 0);
  const api = startApi(server, folder);
  const address = await api.address();
  await send(address, batch('a', 5));
  await until(() => expectStored(server, 5));
  const { status, spool } = await health(address);
  expect(status).toBe('degraded');
  expect(spool?.brokenFiles).toEqual([expect.stringContaining('old.db'), expect.stringContaining('older.db')]);
});

/** Only root may mount a small disk. */
function canMount(): boolean {
  const disk = temporaryMount('1m');
  disk?.release();
  return disk !== undefined;
}

function temporaryMount(size: string): { readonly folder: string; release(): void } | undefined {
  const folder = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'ignore' });
    return { folder, release: () => void execFileSync('umount', ['-l', folder]) };
  } catch {
    return undefined;
  }
}

test.skipIf(!canMount() && process.env.SCORPIOX_REQUIRE_ALL !== '1')(
  'a disk below its reserve (a tmpfs, which only root may mount): 503 with Retry-After, and nothing is lost',
  async () => {
    const server = await startModelPeer();
    const disk = temporaryMount('280m');
    if (disk === undefined) throw new Error('cannot mount');
    onTestFinished(() => disk.release());
    const api = startApi(server, disk.folder);
    const address = await api.address();
    await send(address, batch('a', 5));
    await until(() => expectStored(server, 5));
    writeFileSync(join(disk.folder, 'ballast'), Buffer.alloc(40 * 1024 * 1024));
    const turned = await post(address, batch('b', 5));
    expect([turned.status, turned.headers.get('retry-after'), await turned.text()]).toEqual([503, '5', '']);
    const seen = await health(address);
    expect(seen.status).toBe('degraded');
    expect(seen.spool?.full).toContain('kept free');
    writeFileSync(join(disk.folder, 'ballast'), '');
    await send(address, batch('b', 5));
    await until(() => expectStored(server, 10));
  },
);
