import { loadConfig } from '@scorpiox/shared/config';
import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startServer } from '../../src/server.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { startModelPeer } from '../tds/model-backend.ts';

// Against a peer that runs no SQL: what is proved is who answers while the server has to be migrated.

vi.setConfig({ testTimeout: 90_000 });

/** Starts the API on the peer's database. */
async function startOn(url: string) {
  const folder = temporaryFolder();
  const env = { SCORPIOX_DATA_DIR: folder, SCORPIOX_INSIGHTS_PORT: '0', SCORPIOX_INSIGHTS_DATABASE: url };
  const config = loadConfig({ env, cwd: folder });
  if (!config.ok) throw new Error('no configuration');
  const listening = Promise.withResolvers<string>();
  const write = (line: string) => {
    const { addresses } = JSON.parse(line) as { addresses?: readonly string[] };
    if (addresses?.[0] !== undefined) listening.resolve(addresses[0]);
  };
  const signal = new AbortController();
  const started = startServer({
    config: config.value,
    logger: pino({ level: 'info' }, { write }),
    dashboard: undefined,
    signal: signal.signal,
    onStarting: () => {},
  });
  onTestFinished(async () => {
    signal.abort();
    const outcome = await started;
    if (outcome.ok) await outcome.value.close();
  });
  return { started, listening: listening.promise };
}

test('while another process migrates the SQL Server, it says that it waits; then it does what is left and serves', async () => {
  const { schema, url } = await startModelPeer();
  const newest = schema.version;
  Object.assign(schema, { version: newest - 2, locked: true });
  const { started, listening } = await startOn(url);
  const address = await listening;
  const look = async () => {
    const answer = await fetch(`${address}/readyz`);
    expect([answer.status, await answer.json()]).toMatchObject([
      503,
      { work: [{ name: 'migration', percent: null, detail: 'waits for another process to finish' }] },
    ]);
  };
  await vi.waitFor(look, { timeout: 30_000 });
  expect((await fetch(`${address}/healthz`)).status).toBe(200);
  Object.assign(schema, { version: newest - 1, locked: false });
  expect(await started).toMatchObject({ ok: true, value: { addresses: [address] } });
  expect(schema.version).toBe(newest);
  expect((await fetch(`${address}/readyz`)).status).toBe(200);
});
