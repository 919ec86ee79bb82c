/** The primary's side: whom it gives connections to, what it keeps of them, and what dies with a worker. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@scorpiox/shared/config';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Pacing } from '../../src/auth/pacing.ts';
import { pauseBeforeRestart } from '../../src/fleet/back-off.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import { packSettings } from '../../src/fleet/settings.ts';
import { FLEET } from '../../src/limits.ts';
import { Admission, type Room } from '../../src/server/admission.ts';
import { Ports } from '../../src/server/ports.ts';
import { Client } from '../support/client.ts';
import { addUser, PASSWORD } from '../support/main-process.ts';

const PROGRAM = new URL('../../src/worker.ts', import.meta.url);
const PATIENTLY = { timeout: 60_000, interval: 10 };
const WIDE: Room = { connections: 100, refusals: 100, perAddress: 100, perUser: 100 };

let folder: string;
let fleet: Fleet | undefined;
let ports: Ports | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imap-fleet-'));
});
afterEach(async () => {
  ports?.close();
  await fleet?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What was asked of the pace of sign-ins, and what came of it. */
class Noting implements Pacing {
  readonly asked: string[] = [];
  readonly judged: string[] = [];
  answer: 'go' | 'busy' = 'go';

  admit: Pacing['admit'] = async (address, login) => {
    this.asked.push(`${address} ${login}`);
    return this.answer === 'busy' ? 'busy' : { end: (judgement) => void this.judged.push(judgement) };
  };
}

async function start(workers: number, room: Room = WIDE) {
  const config = loadConfig({ env: { SCORPIOX_DATA_DIR: folder, SCORPIOX_IMAP_LOG_LEVEL: 'error' }, cwd: folder });
  if (!config.ok) throw new Error('no configuration');
  const pacing = new Noting();
  const pids = new Map<number, number>();
  const ended: number[] = [];
  const troubles: string[] = [];
  const made = new Fleet({
    program: PROGRAM,
    workers,
    settings: packSettings(config.value, randomBytes(48)),
    pacing,
    observer: {
      started: (worker, pid = 0) => void pids.set(worker, pid),
      ended: (worker) => void ended.push(worker),
      trouble: (worker, what) => void troubles.push(`${worker} ${what}`),
    },
    now: () => performance.now(),
  });
  fleet = made;
  const admission = new Admission(room);
  ports = new Ports({
    arrived: (socket, door) => made.arrive({ socket, door, entry: admission.enter(socket.remoteAddress ?? '') }),
    paused: true,
  });
  const exit = await made.start();
  const [port = 0] = await ports.open([{ key: 'imap.port', door: 'imap', host: '127.0.0.1', port: 0 }]);
  const kill = (worker: number, signal: NodeJS.Signals) => process.kill(pids.get(worker) ?? 0, signal);
  const loads = () => made.serving.map(({ load }) => load);
  return { fleet: made, port, pacing, kill, loads, ended, troubles, exit };
}

async function raw(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {}); // a reset is one way to be closed
  await once(socket, 'connect');
  return socket;
}

test('connections go to whoever has the fewest, and leave room when they are gone', async () => {
  const { port, loads } = await start(2, { ...WIDE, connections: 4, refusals: 0 });
  const clients: Client[] = [];
  for (let n = 0; n < 4; n += 1) {
    const client = await Client.plain(port);
    expect(await client.line()).toMatch(/^\* OK/);
    clients.push(client);
  }
  expect(loads()).toEqual([2, 2]);
  for (const client of clients.slice(0, 2)) client.close();
  await vi.waitFor(() => expect(loads()).toEqual([1, 1]), PATIENTLY);
  expect(await (await Client.plain(port)).line()).toMatch(/^\* OK/);
});

test('a worker that hangs holds up one connection; when it dies, that one ends and nothing else is lost', async () => {
  const { fleet: made, port, kill, ended } = await start(2);
  kill(1, 'SIGSTOP');
  const stuck = await raw(port);
  const closed = once(stuck.resume(), 'close');
  await vi.waitFor(() => expect(made.serving.map(({ isFree }) => isFree)).toEqual([false, true]), PATIENTLY);
  for (let n = 0; n < 5; n += 1) expect(await (await Client.plain(port)).line()).toMatch(/^\* OK/);
  kill(1, 'SIGKILL');
  await closed; // and does not wait for ever for a greeting
  await vi.waitFor(() => expect(made.serving).toHaveLength(2), PATIENTLY);
  expect([ended, made.states.map(({ restarts }) => restarts)]).toEqual([[1], [1, 0]]);
});

test('one that hangs does not hold up the end, which says so', async () => {
  const { fleet: made, kill, troubles } = await start(2);
  kill(1, 'SIGSTOP');
  await made.stop();
  expect(troubles).toEqual(['1 not stopped']);
});

test('who comes while nobody serves waits, and the places of the dead are free again', async () => {
  const { port, kill, loads } = await start(1, { ...WIDE, connections: 2, refusals: 0 });
  const clients = [await Client.plain(port), await Client.plain(port)];
  for (const client of clients) await client.line();
  kill(1, 'SIGKILL');
  for (const client of clients) expect(await client.line()).toBeUndefined();
  await vi.waitFor(() => expect(loads()).toEqual([]), PATIENTLY);
  const waiting = [await Client.plain(port), await Client.plain(port)];
  for (const client of waiting) expect(await client.line()).toMatch(/^\* OK/);
});

test('each sign-in is paced by the primary, whichever worker it comes to', async () => {
  await addUser(folder, 'ann');
  const { port, pacing } = await start(2);
  const clients = [await Client.plain(port), await Client.plain(port)];
  for (const client of clients) {
    await client.line();
    expect((await client.command('LOGIN ann wrong')).result).toMatch(/^NO \[AUTHENTICATIONFAILED\]/);
    await client.ok(`LOGIN ann "${PASSWORD}"`);
  }
  expect(pacing.asked).toEqual(Array(4).fill('127.0.0.1 ann'));
  await vi.waitFor(() => expect(pacing.judged).toEqual(['bad', 'good', 'bad', 'good']), PATIENTLY);
  pacing.answer = 'busy';
  const late = await Client.plain(port);
  await late.line();
  late.send(`a LOGIN ann "${PASSWORD}"\r\n`);
  expect(await late.line()).toMatch(/^\* BYE \[UNAVAILABLE\] Too many sign-ins wait/);
});

test('a sign-in whose worker dies is judged by nobody', async () => {
  await addUser(folder, 'ann');
  const { port, pacing, kill } = await start(1);
  const client = await Client.plain(port);
  await client.line();
  const admit = pacing.admit;
  pacing.admit = async (address, login) => {
    kill(1, 'SIGSTOP'); // it will not come to look
    return admit(address, login);
  };
  client.send('a LOGIN ann wrong\r\n');
  await vi.waitFor(() => expect(pacing.asked).toHaveLength(1), PATIENTLY);
  kill(1, 'SIGKILL');
  await vi.waitFor(() => expect(pacing.judged).toEqual(['unjudged']), PATIENTLY);
});

test('one that cannot start at first is the end of all, with its reason', async () => {
  await addUser(folder, 'ann');
  await rm(join(folder, 'tls'), { recursive: true, force: true });
  await writeFile(join(folder, 'tls'), 'no folder');
  const { exit } = await start(2);
  expect(exit).toMatchObject({ code: 78, why: expect.stringContaining('The TLS certificate cannot be used') });
});

test('the pause before a restart doubles from death to death, up to a bound, and is forgotten after a healthy run', () => {
  const { first, longest, forget } = FLEET.restart;
  let pause: number | undefined;
  const pauses = Array.from({ length: 12 }, () => {
    pause = pauseBeforeRestart(pause, 10);
    return pause;
  });
  expect(pauses.slice(0, 3)).toEqual([first, 2 * first, 4 * first]);
  expect(pauses.at(-1)).toBe(longest);
  expect(pauseBeforeRestart(longest, forget)).toBe(first);
});
