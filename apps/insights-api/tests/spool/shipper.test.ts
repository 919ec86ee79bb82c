import { expect, onTestFinished, test } from 'vitest';
import {
  ADOPT_MS,
  SHIP_LEAST_EVENTS,
  SHIP_MOST_EVENTS,
  SHIP_PAUSE_FIRST_MS,
  SHIP_PAUSE_MOST_MS,
  SHIP_SLOW_MS,
  SHIP_YIELD,
} from '../../src/limits.ts';
import type { Consignment, Delivery } from '../../src/writer/spool/parcel.ts';
import { Shipper, type ShipperOptions } from '../../src/writer/spool/shipper.ts';

const PARCEL = { seq: 1, events: 5, body: new Uint8Array() };
const CONSIGNMENT: Consignment = { lineage: 'a', parcels: [PARCEL], without: [] };

/** A spool that is never empty, a clock that only the test moves, and a record of what was done in which order. */
function rig(deliveries: readonly Delivery[], more: { readonly took?: number; readonly random?: number } = {}) {
  const done: string[] = [];
  const pauses: number[] = [];
  const sizes: number[] = [];
  const over = Promise.withResolvers<void>();
  let time = 1_000_000;
  let next = 0;
  const options: ShipperOptions = {
    spool: {
      async take(events) {
        sizes.push(events);
        return next < deliveries.length ? CONSIGNMENT : undefined;
      },
      async remove({ through }) {
        done.push(`remove ${through}`);
        return 5;
      },
      async setAside({ culprits }) {
        done.push(`aside ${culprits.map(({ index }) => index)}`);
      },
      async setDamaged({ seq }) {
        done.push(`damaged ${seq}`);
      },
      adopt: async () => 0,
    },
    async deliver() {
      done.push('deliver');
      time += more.took ?? 1000;
      const delivery = deliveries[next];
      next += 1;
      return delivery ?? { kind: 'failed', message: 'no more' };
    },
    log: { warn: (message) => done.push(`warn ${message}`), info: (message) => done.push(`info ${message}`) },
    now: () => time,
    random: () => more.random ?? 1,
    async pause(milliseconds, signal) {
      if (milliseconds !== ADOPT_MS) {
        pauses.push(milliseconds);
        return;
      }
      over.resolve();
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    },
  };
  const shipper = new Shipper(options);
  onTestFinished(() => shipper.stop());
  shipper.start();
  return { shipper, done, pauses, sizes, over: over.promise };
}

const COMMITTED: Delivery = { kind: 'committed', through: 1 };
const failed = (message: string): Delivery => ({ kind: 'failed', message });
const times = (count: number, delivery: Delivery) => Array.from({ length: count }, () => delivery);

test.each([
  [1, 1],
  [0, 0.5],
])('pauses after failures double up to a bound, half of each by chance (%s)', async (random, part) => {
  const { pauses, over, shipper } = rig(times(12, failed('away')), { random });
  await over;
  const expected = Array.from({ length: 12 }, (_, index) =>
    Math.min(SHIP_PAUSE_MOST_MS, SHIP_PAUSE_FIRST_MS * 2 ** index),
  );
  expect(pauses).toEqual(expected.map((pause) => pause * part));
  expect(shipper.state()).toMatchObject({ failures: 12, shipped: 0, lastError: { message: 'away' } });
});

test('an outage is one line in the log, and its end another; nothing is removed meanwhile', async () => {
  const { done, over, shipper } = rig([...times(3, failed('away')), COMMITTED, COMMITTED]);
  await over;
  expect(done).toEqual([
    'deliver',
    expect.stringMatching(/^warn .*away$/),
    'deliver',
    'deliver',
    'deliver',
    'remove 1',
    expect.stringMatching(/^info /),
    'deliver',
    'remove 1',
  ]);
  expect(shipper.state()).toMatchObject({ failures: 0, shipped: 10 });
});

test('shipments shrink while they are slow or fail, never below the least, and grow when they are quick', async () => {
  const slow = rig(times(10, COMMITTED), { took: SHIP_SLOW_MS + 1 });
  await slow.over;
  expect(slow.sizes.slice(0, 3)).toEqual([SHIP_MOST_EVENTS, SHIP_MOST_EVENTS / 2, SHIP_MOST_EVENTS / 4]);
  expect(slow.sizes.at(-1)).toBe(SHIP_LEAST_EVENTS);
  const quick = rig([...times(9, failed('away')), ...times(9, COMMITTED)], { took: 1 });
  await quick.over;
  expect(quick.sizes[9]).toBe(SHIP_LEAST_EVENTS);
  expect(quick.sizes.at(-1)).toBe(SHIP_MOST_EVENTS);
});

test('after a shipment a part of its time is left to others', async () => {
  const { pauses, over } = rig(times(3, COMMITTED), { took: 1000 });
  await over;
  expect(pauses).toEqual(times(3, COMMITTED).map(() => 1000 * SHIP_YIELD));
});

test('what is refused is aside before anything is sent again', async () => {
  const culprits = [{ seq: 1, submission: 0, index: 3, reason: 'too long' }];
  const { done, over } = rig([{ kind: 'refused', culprits }, COMMITTED]);
  await over;
  expect(done).toEqual(['deliver', expect.stringContaining('too long'), 'aside 3', 'deliver', 'remove 1']);
});

test('a parcel that cannot be read goes aside, and the next is shipped', async () => {
  const { done, over } = rig([{ kind: 'damaged', seq: 1, message: 'checksum' }, COMMITTED]);
  await over;
  expect(done).toEqual(['deliver', expect.stringContaining('checksum'), 'damaged 1', 'deliver', 'remove 1']);
});

test('draining ends when everything is shipped, or when it is known not to go', async () => {
  const well = rig(times(3, COMMITTED));
  await well.shipper.drain();
  expect(well.shipper.state().shipped).toBe(15);
  const away = rig(times(100, failed('away')));
  await away.shipper.drain();
  expect(away.shipper.state().failures).toBeGreaterThan(0);
});
