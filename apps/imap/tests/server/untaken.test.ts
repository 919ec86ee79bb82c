import { expect, test } from 'vitest';
import { Untaken } from '../../src/server/untaken.ts';

test('a client is stalled since it took something last, or since something began to wait for it', () => {
  let [now, waiting] = [1_000, 0];
  const untaken = new Untaken(
    () => waiting,
    () => now,
  );
  expect(untaken.report()).toEqual({ waitingOctets: 0, stalledMs: null });
  untaken.more();
  waiting = 10; // an answer after a second of silence
  now += 5;
  expect(untaken.report()).toEqual({ waitingOctets: 10, stalledMs: 5 });
  untaken.more();
  waiting = 30; // more of it is no progress
  now += 5;
  expect(untaken.report()).toEqual({ waitingOctets: 30, stalledMs: 10 });
  waiting = 20;
  untaken.taken();
  now += 3;
  expect(untaken.report()).toEqual({ waitingOctets: 20, stalledMs: 3 });
  waiting = 0;
  untaken.taken();
  now += 60_000;
  expect(untaken.report()).toEqual({ waitingOctets: 0, stalledMs: null });
  untaken.more();
  waiting = 5;
  expect(untaken.report()).toEqual({ waitingOctets: 5, stalledMs: 0 });
});
