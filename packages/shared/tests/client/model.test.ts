import { setImmediate } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTelemetryClient, type TelemetryStats } from '../../src/client/index.ts';
import { ManualClock } from './clock.ts';

/** What the network may do with one request. */
const fates = [
  'stored',
  'stored, answer lost',
  'lost',
  '503',
  '503 after storing',
  '400',
  '401',
  'one refused',
] as const;

/** An API behind a bad network: which ids it has stored. */
function badNetwork(script: readonly (typeof fates)[number][]) {
  const stored = new Set<string>();
  let turn = 0;
  const fetch = async (_: unknown, init?: RequestInit): Promise<Response> => {
    const fate = script[turn++ % script.length] ?? 'stored';
    const gzipped = new Headers(init?.headers).has('content-encoding');
    // The client sends bytes.
    const body = Buffer.from(init?.body as Uint8Array);
    const events: { id: string }[] = (gzipped ? gunzipSync(body) : body)
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const refused = fate === 'one refused' ? 1 : 0;
    if (fate.startsWith('stored') || fate === '503 after storing') for (const { id } of events) stored.add(id);
    if (refused) for (const { id } of events.slice(1)) stored.add(id);
    if (fate === 'lost' || fate === 'stored, answer lost') throw new TypeError('fetch failed');
    if (fate.startsWith('503')) return new Response('', { status: 503 });
    if (fate === '400' || fate === '401') return new Response('', { status: Number(fate) });
    const errors = refused ? [{ index: 0, code: 'bad-time', message: '' }] : [];
    return Response.json({ received: events.length, accepted: events.length - refused, duplicates: 0, errors });
  };
  return { stored, fetch };
}

const sum = (stats: TelemetryStats): number => Object.values(stats.dropped).reduce((a, b) => a + b, 0);

test('on any network: every event is delivered, waiting, or counted as dropped; what counts as delivered is stored', async () => {
  const step = fc.oneof(
    fc.record({ track: fc.integer({ min: 1, max: 400 }) }),
    fc.record({ pass: fc.integer({ min: 0, max: 9000 }) }),
  );
  const script = fc.array(fc.constantFrom(...fates), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(script, fc.array(step, { maxLength: 15 }), async (network, steps) => {
      const { stored, fetch } = badNetwork(network);
      const clock = new ManualClock();
      // badNetwork's fetch takes the one form of arguments that the client uses.
      const options = {
        connectionString: 'InstrumentationKey=k;IngestionEndpoint=http://api',
        clock,
        fetch: fetch as typeof globalThis.fetch,
      };
      const client = createTelemetryClient(options);
      const holds = () => {
        const stats = client.stats();
        expect(stats.tracked).toBe(stats.delivered + stats.queued + sum(stats));
        expect(stored.size).toBeGreaterThanOrEqual(stats.delivered);
      };
      for (const action of steps) {
        if ('track' in action) for (let i = 0; i < action.track; i++) client.track({ kind: 'event', name: 'n' });
        else clock.advance(action.pass);
        holds();
        // The request that may be under way ends: its timeout is the only timer of ten seconds.
        await clock.cancelled(10_000);
        await setImmediate();
        holds();
      }
      const closed = client.close(5000);
      clock.advance(5000);
      const stats = await closed;
      holds();
      expect(stats.queued).toBe(0);
    }),
    { numRuns: 60 },
  );
});
