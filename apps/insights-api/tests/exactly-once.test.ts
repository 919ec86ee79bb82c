import { describe, expect, test } from 'vitest';
import { countMetrics, countStored, prepareData } from './helpers/control.ts';
import { nativeRequest } from './helpers/events.ts';
import { temporaryFolder } from './helpers/folder.ts';
import { startProgram } from './helpers/process.ts';

const time = new Date().toISOString();
const batch = (name: string, size: number) =>
  JSON.stringify(Array.from({ length: size }, (_, index) => nativeRequest({ time, id: `${name}-${index}` })));

const startApi = (folder: string) =>
  startProgram('src/main.ts', [], { SCORPIOX_DATA_DIR: folder, SCORPIOX_INSIGHTS_PORT: '0' });

async function send(address: string, key: string, body: string): Promise<{ accepted: number; duplicates: number }> {
  const answer = await fetch(`${address}/api/ingest`, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${key}` },
  });
  if (answer.status !== 200) throw new Error(`status ${answer.status}: ${await answer.text()}`);
  // The contract's IngestResponse has both.
  return (await answer.json()) as { accepted: number; duplicates: number };
}

const begin = BigInt(Date.now()) * 1_000_000n;

/** Sends an export of a counter's total, as OpenTelemetry's SDKs do. */
async function sendTotal(address: string, key: string, value: number): Promise<void> {
  const startTimeUnixNano = String(begin);
  const dataPoints = [{ startTimeUnixNano, timeUnixNano: String(begin + BigInt(value)), asInt: String(value) }];
  const orders = { name: 'orders', sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints } };
  const answer = await fetch(`${address}/v1/metrics`, {
    method: 'POST',
    body: JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics: [orders] }] }] }),
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  });
  if (answer.status !== 200) throw new Error(`status ${answer.status}: ${await answer.text()}`);
}

describe('events are stored exactly once', () => {
  test('when the server is killed between commit and answer, and the sender retries', async () => {
    const folder = temporaryFolder();
    const { file, key } = await prepareData(folder);
    const body = batch('a', 50);
    const doomed = startProgram('tests/programs/dies-after-commit.ts', [file], {});
    await expect(send(await doomed.address(), key, body)).rejects.toThrow();
    expect((await doomed.ended)[1]).toBe('SIGKILL');
    expect(countStored(file)).toEqual({ events: 50, rolledUp: 50, accepted: 50 });

    const api = startApi(folder);
    expect(await send(await api.address(), key, body)).toMatchObject({ accepted: 0, duplicates: 50 });
    expect(countStored(file)).toEqual({ events: 50, rolledUp: 50, accepted: 50 });
  });

  test('when two servers on one database get the same batches at once, and totals after a kill', async () => {
    const folder = temporaryFolder();
    const { file, key } = await prepareData(folder);
    const doomed = startProgram('tests/programs/dies-after-commit.ts', [file], {});
    await expect(sendTotal(await doomed.address(), key, 1)).rejects.toThrow();
    await doomed.ended;
    expect(countMetrics(file)).toEqual({ sum: 1, points: 1 });

    const addresses = await Promise.all([startApi(folder), startApi(folder)].map((api) => api.address()));
    for (const value of [1, 2, 30, 31, 500, 30]) {
      await Promise.all(addresses.map((address) => sendTotal(address, key, value)));
    }
    expect(countMetrics(file)).toEqual({ sum: 500, points: 5 });
    const bodies = Array.from({ length: 15 }, (_, index) => batch(String(index), 20));
    const answers = await Promise.all(bodies.flatMap((body) => addresses.map((address) => send(address, key, body))));
    expect(answers.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(300);
    expect(answers.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(300);
    expect(countStored(file)).toEqual({ events: 305, rolledUp: 305, accepted: 305 });
  }, 120_000);

  test('when the server is killed again and again while batches arrive, until all are answered', async () => {
    const folder = temporaryFolder();
    const { file, key } = await prepareData(folder);
    let unanswered = Array.from({ length: 40 }, (_, index) => batch(String(index), 25));
    for (let round = 0; unanswered.length > 0; round += 1) {
      const api = startApi(folder);
      const address = await api.address();
      const answered = new Set<string>();
      const sending = unanswered.map(async (body) => {
        await send(address, key, body);
        answered.add(body);
        // In the first rounds the server dies right after an answer, with others still under way.
        if (round < 3) api.child.kill('SIGKILL');
      });
      await Promise.allSettled(sending);
      api.child.kill('SIGKILL');
      await api.ended;
      unanswered = unanswered.filter((body) => !answered.has(body));
    }
    expect(countStored(file)).toEqual({ events: 1000, rolledUp: 1000, accepted: 1000 });
  }, 120_000);
});
