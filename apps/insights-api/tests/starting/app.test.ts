import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { buildStartingApp } from '../../src/http/starting.ts';
import { WorkBoard } from '../../src/work/board.ts';
import { makeApi } from '../helpers/api.ts';

/** What answers while a migration is at a quarter, after 30 seconds. */
async function starting() {
  let now = 0;
  const board = new WorkBoard(() => now);
  const work = board.begin('migration');
  work.progress(undefined, 'counts the rows');
  now = 90_000;
  work.progress(0, 'version 3: sums');
  now = 120_000;
  work.progress(0.25);
  return buildStartingApp({ board, trustProxy: [] }, pino({ level: 'silent' }));
}

const WORK = [
  {
    name: 'migration',
    detail: 'version 3: sums',
    percent: 25,
    secondsLeft: 90, // of the time in which it was known how far it is
    startedAt: '1970-01-01T00:00:00.000Z',
  },
];

describe('while the database is migrated', () => {
  test('the process lives, is not ready, and says how far it is', async () => {
    const app = await starting();
    const alive = await app.inject('/healthz');
    expect([alive.statusCode, alive.json()]).toEqual([200, { status: 'ok' }]);
    for (const url of ['/readyz', '/api/health']) {
      const answer = await app.inject(url);
      expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5']);
      expect(answer.json()).toEqual({
        error: { code: 'unavailable', message: expect.stringMatching(/brought to the version of this program/) },
        work: WORK,
      });
    }
  });

  test('/metrics says it to this machine, since nobody else can prove who they are', async () => {
    const app = await starting();
    const text = (await app.inject('/metrics')).body;
    expect(text).toContain('\nscorpiox_ready 0\n');
    expect(text).toContain('\nscorpiox_work_percent{work="migration"} 25\n');
    const remote = await app.inject({ url: '/metrics', remoteAddress: '192.0.2.1' });
    expect([remote.statusCode, remote.json().error.code]).toEqual([503, 'unavailable']);
  });

  test('senders are told to come again in the way of their format, before anybody asks for their key', async () => {
    const app = await starting();
    const post = (url: string, type: string) =>
      app.inject({ method: 'POST', url, headers: { 'content-type': type }, payload: '{' });
    for (const url of ['/api/ingest', '/v2/track', '/v2.1/track', '/QuickPulseService.svc/ping']) {
      const answer = await post(url, 'application/json');
      expect([url, answer.statusCode, answer.headers['retry-after'], answer.body]).toEqual([url, 503, '5', '']);
    }
    const otlp = await post('/v1/logs', 'application/json');
    expect([otlp.statusCode, otlp.headers['retry-after'], otlp.json().code]).toEqual([503, '5', 14]);
    const binary = await post('/v1/traces', 'application/x-protobuf');
    expect([binary.headers['content-type'], binary.rawPayload[0]]).toEqual(['application/x-protobuf', 0x08]);
    // A browser hands the answer on to the page, and may send again.
    expect((await post('/v2/track', 'text/plain')).headers['access-control-allow-origin']).toBe('*');
    const preflight = await app.inject({ method: 'OPTIONS', url: '/v2/track' });
    expect([preflight.statusCode, preflight.headers['access-control-allow-methods']]).toEqual([204, 'POST, OPTIONS']);
  });

  test('every route that there is to be says that it is to be asked again', async () => {
    const app = await starting();
    const { paths } = (await (await makeApi()).app.inject('/api/docs')).json<{ paths: Record<string, object> }>();
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({ method, url: path.replaceAll(/\{\w+\}/g, 'x') })),
    );
    const others = [
      { method: 'get', url: '/' },
      { method: 'get', url: '/apps' },
      { method: 'get', url: '/nothing' },
    ];
    const open = ['/healthz', '/metrics'];
    const asked = [...routes, ...others].filter(({ url }) => !open.includes(url));
    expect(asked.length).toBeGreaterThan(20);
    for (const { method, url } of asked) {
      // What a route's document names its method is what inject takes.
      const answer = await app.inject({ method: method as 'GET', url });
      expect([method, url, answer.statusCode, answer.headers['retry-after']]).toEqual([method, url, 503, '5']);
    }
  });
});
