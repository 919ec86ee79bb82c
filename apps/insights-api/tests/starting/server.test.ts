import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Config, loadConfig } from '@scorpiox/shared/config';
import type { DatabaseError } from '@scorpiox/shared/database';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type ServerOptions, startServer } from '../../src/server.ts';
import { type BringUp, bringUp } from '../../src/store/bring-up.ts';
import { prepareData } from '../helpers/control.ts';
import { nativeRequest } from '../helpers/events.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { ALL_VERSIONS, outdatedDatabase } from '../helpers/outdated.ts';

function configOf(folder: string, more: Record<string, string> = {}): Config {
  const env = { SCORPIOX_DATA_DIR: folder, SCORPIOX_INSIGHTS_PORT: '0', ...more };
  const config = loadConfig({ env, cwd: folder });
  if (!config.ok) throw new Error('no configuration');
  return config.value;
}

/** Starts on a data folder, with a migration that goes on when the test says so and then does what it does. */
function start(config: Config, more: Partial<ServerOptions> = {}) {
  const begun = Promise.withResolvers<Parameters<BringUp>[1]>();
  const go = Promise.withResolvers<Result<void, DatabaseError>>();
  const listening = Promise.withResolvers<string>();
  const logger = pino(
    { level: 'info' },
    {
      write(line: string) {
        const { addresses } = JSON.parse(line) as { addresses?: string[] };
        if (addresses?.[0] !== undefined) listening.resolve(addresses[0]);
      },
    },
  );
  const slow: BringUp = async (location, watch, signal) => {
    begun.resolve(watch);
    const outcome = await go.promise;
    return outcome.ok ? bringUp(location, watch, signal) : outcome;
  };
  const signal = new AbortController();
  const onStarting = vi.fn();
  const options = { config, logger, dashboard: undefined, signal: signal.signal, onStarting, bringUp: slow, ...more };
  const started = startServer(options);
  onTestFinished(async () => {
    go.resolve(err({ code: 'failed', message: 'The test is over.' }));
    const outcome = await started;
    if (outcome.ok) await outcome.value.close();
  });
  return {
    started,
    begun: begun.promise,
    go,
    listening: listening.promise,
    stop: () => signal.abort(),
    onStarting,
  };
}

test('an old database is seen from its first percent to the service, over one connection', async () => {
  const old = outdatedDatabase();
  const { key } = old;
  const { started, begun, go, listening, onStarting } = start(configOf(old.folder));
  const address = await listening;
  const watch = await begun;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const sockets = new Set<unknown>();
  const ask = async (path: string, method = 'GET', body = '') => {
    const sent = request(`${address}${path}`, { method, agent, headers: { authorization: `Bearer ${key}` } });
    sent.end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    sockets.add(answer.socket);
    return { status: answer.statusCode, body: await text(answer) };
  };
  expect(await ask('/healthz')).toMatchObject({ status: 200 });
  watch({ done: 0.5, detail: 'version 3' });
  const half = await ask('/readyz');
  expect([half.status, JSON.parse(half.body).work]).toMatchObject([503, [{ name: 'migration', percent: 50 }]]);
  const batch = JSON.stringify([nativeRequest({ time: new Date().toISOString() })]);
  expect(await ask('/api/ingest', 'POST', batch)).toEqual({ status: 503, body: '' });
  go.resolve(ok(undefined));
  expect(await started).toMatchObject({ ok: true, value: { addresses: [address] } });
  const ready = await ask('/readyz');
  expect([ready.status, JSON.parse(ready.body).status]).toEqual([200, 'ok']);
  expect(ready.body).not.toContain('migration');
  expect(JSON.parse((await ask('/api/ingest', 'POST', batch)).body)).toMatchObject({ accepted: 1 });
  expect(sockets.size).toBe(1);
  expect(onStarting).toHaveBeenCalledWith([expect.objectContaining({ name: 'migration' })]);
  expect([old.versions(), old.has('hour_rollups')]).toEqual([ALL_VERSIONS, true]);
});

test('a migration that fails is told in a sentence, and nothing listens any more', async () => {
  const old = outdatedDatabase();
  const { started, begun, go, listening } = start(configOf(old.folder));
  const address = await listening;
  await begun;
  go.resolve(err({ code: 'cannot-open', message: 'The disk is full.' }));
  expect(await started).toEqual({ ok: false, error: { code: 'unavailable', message: 'The disk is full.' } });
  await expect(fetch(`${address}/healthz`)).rejects.toThrow();
  expect(old.versions()).toEqual([1, 2]);
});

test('where its port is taken nothing is migrated', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  onTestFinished(() => void holder.close());
  const taken = holder.address();
  const port = typeof taken === 'object' ? String(taken?.port) : '';
  const old = outdatedDatabase();
  const { started } = start(configOf(old.folder, { SCORPIOX_INSIGHTS_PORT: port }));
  expect(await started).toMatchObject({ ok: false, error: { message: expect.stringContaining(port) } });
  expect(old.versions()).toEqual([1, 2]);
});

test('it can be told to stop in the middle', async () => {
  const old = outdatedDatabase();
  const { started, begun, listening, stop } = start(configOf(old.folder));
  const address = await listening;
  await begun;
  stop();
  expect(await started).toMatchObject({ ok: false, error: { code: 'stopped' } });
  await expect(fetch(`${address}/healthz`)).rejects.toThrow();
});

test('a new database, and one that is at its version, are just opened', async () => {
  const current = temporaryFolder();
  await prepareData(current);
  for (const folder of [temporaryFolder(), current]) {
    const never = vi.fn<BringUp>();
    const { started, onStarting } = start(configOf(folder), { bringUp: never });
    expect(await started).toMatchObject({ ok: true });
    expect([never.mock.calls, onStarting.mock.calls]).toEqual([[], []]);
  }
});
