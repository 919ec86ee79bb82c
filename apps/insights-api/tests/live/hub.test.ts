import type { LiveBeat, LiveEnd, LiveEvents } from '@scorpiox/shared/contract';
import { parseQuery } from '@scorpiox/shared/query-language';
import { describe, expect, test } from 'vitest';
import { LiveHub, type Sink } from '../../src/live/hub.ts';
import { Recent } from '../../src/live/recent.ts';
import { LIVE_BUFFER, LIVE_LOOK_MS, LIVE_RECENT, LIVE_VIEWERS } from '../../src/query/raw/limits.ts';
import type { Store, Submission, SubmissionOutcome } from '../../src/store/port.ts';
import { identified, submission } from '../helpers/events.ts';

interface Seen {
  readonly events: LiveEvents[];
  readonly beats: LiveBeat[];
  readonly ends: LiveEnd[];
  busy: boolean;
}

function viewer(): Seen & { readonly sink: Sink } {
  const seen: Seen = { events: [], beats: [], ends: [], busy: false };
  const sink: Sink = {
    isBusy: () => seen.busy,
    events: (data) => void seen.events.push(data),
    beat: (data) => void seen.beats.push(data),
    end: (data) => void seen.ends.push(data),
  };
  return Object.assign(seen, { sink });
}

const query = (q: string) => {
  const parsed = parseQuery(q);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value.query;
};

const all = (given: readonly Submission[]): readonly SubmissionOutcome[] =>
  given.map(({ events }) => ({ kind: 'stored', accepted: events.length, duplicates: 0, refused: [] }));

function hub(outcomes: (given: readonly Submission[]) => readonly SubmissionOutcome[] = all, took = () => 0) {
  let clock = 0;
  const names = async () => new Map([[1, 'shop']]);
  const live = new LiveHub({ names, others: () => ['other:8080'], now: () => 0, ticks: () => (clock += took()) });
  const write: Store['write'] = async (given) => outcomes(given);
  return { live, store: live.tap({ write }) };
}

const some = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => identified({ id: String(from + index) }));
const ids = ({ events }: Seen) => events.flatMap((data) => data.events.map(({ id }) => id));

describe('a viewer', () => {
  test('sees what is stored from then on and matches, with the name of its application', async () => {
    const { live, store } = hub();
    await store.write([submission(1, some(1))]);
    const [everything, slow] = [viewer(), viewer()];
    live.open(query(''), everything.sink);
    live.open(query('app:shop duration:>1s'), slow.sink);
    await store.write([submission(1, [identified({ id: 'a' }), identified({ id: 'b', durationMs: 2000 })])]);
    await live.look();
    expect(ids(everything)).toEqual(['a', 'b']);
    expect(ids(slow)).toEqual(['b']);
    expect(slow.events[0]?.events[0]).toMatchObject({
      app: 'shop',
      time: '2026-11-20T12:00:00.000000Z',
      durationMs: 2000,
      count: 1,
    });
    await live.look();
    expect(everything.events).toHaveLength(1);
  });

  test('sees only what was stored: no duplicate, nothing refused, nothing of what failed', async () => {
    const { live, store } = hub((given) =>
      given.map(({ appId }): SubmissionOutcome => {
        if (appId === 1) return { kind: 'stored', accepted: 1, duplicates: 1, refused: [2], stored: [1] };
        if (appId === 2) return { kind: 'stored', accepted: 0, duplicates: 3, refused: [] };
        return { kind: 'failed', error: Object.assign(new Error('no'), { name: 'StoreUnavailable' as const }) };
      }),
    );
    const seen = viewer();
    live.open(query(''), seen.sink);
    await store.write([submission(1, some(3)), submission(2, some(3)), submission(3, some(3))]);
    await live.look();
    expect(ids(seen)).toEqual(['1']);
  });

  test('that reads nothing costs a bounded buffer, and hears what it missed', async () => {
    const { live, store } = hub();
    const seen = viewer();
    const { beat } = live.open(query(''), seen.sink);
    seen.busy = true;
    for (let round = 0; round < 3; round += 1) {
      await store.write([submission(1, some(LIVE_BUFFER, round * LIVE_BUFFER))]);
      await live.look();
    }
    beat();
    expect(seen.events).toEqual([]);
    expect(seen.beats).toHaveLength(1);
    seen.busy = false;
    await live.look();
    expect(seen.events).toHaveLength(1);
    expect(seen.events[0]?.missed).toBe(2 * LIVE_BUFFER);
    // The newest are kept.
    expect(ids(seen)[0]).toBe(String(2 * LIVE_BUFFER));
    beat();
    const counts = { matched: 3 * LIVE_BUFFER, missed: 2 * LIVE_BUFFER };
    expect(seen.beats.at(-1)).toMatchObject({ ...counts, others: ['other:8080'] });
  });

  test('hears of what was gone before it was looked at', async () => {
    const { live, store } = hub();
    const seen = viewer();
    live.open(query('user:nobody'), seen.sink);
    await store.write([submission(1, some(LIVE_RECENT.events + 7))]);
    await live.look();
    expect(seen.events).toEqual([{ events: [], missed: 7 }]);
  });
});

test('looking takes a bounded time, and who had no turn is first the next time', async () => {
  const { live, store } = hub(all, () => LIVE_LOOK_MS / 4);
  const viewers = Array.from({ length: 5 }, viewer);
  for (const { sink } of viewers) live.open(query(''), sink);
  await store.write([submission(1, some(1))]);
  const turns = () => viewers.map(({ events }) => events.length);
  await live.look();
  expect(turns()).toEqual([1, 1, 0, 0, 0]);
  await live.look();
  expect(turns()).toEqual([1, 1, 1, 1, 0]);
  await live.look();
  expect(turns()).toEqual([1, 1, 1, 1, 1]);
});

test('one viewer alone takes no longer either, and goes on the next time where it was', async () => {
  const { live, store } = hub(all, () => LIVE_LOOK_MS / 4);
  const seen = viewer();
  live.open(query(''), seen.sink);
  await store.write([submission(1, some(10))]);
  await live.look();
  expect(ids(seen)).toEqual(['0', '1', '2', '3']);
  await store.write([submission(1, some(LIVE_RECENT.events - 4, 10))]);
  await live.look();
  expect(seen.events[1]).toMatchObject({ missed: 2, events: [{ id: '6' }, { id: '7' }, { id: '8' }, { id: '9' }] });
});

test('there are so many viewers at once, and a place is free again when one leaves', async () => {
  const { live } = hub();
  const leave = Array.from({ length: LIVE_VIEWERS }, () => live.open(query(''), viewer().sink));
  expect(() => live.open(query(''), viewer().sink)).toThrow(expect.objectContaining({ name: 'TooManyQuestions' }));
  leave[3]?.leave();
  live.open(query(''), viewer().sink);
});

test('a stop ends every stream, and those that begin after it', () => {
  const { live } = hub();
  const [before, after] = [viewer(), viewer()];
  live.open(query(''), before.sink);
  live.stop();
  live.open(query(''), after.sink);
  for (const { ends } of [before, after]) expect(ends).toEqual([{ reason: 'stopping' }]);
});

test('what was just stored is kept within bounds of number and size', () => {
  const outcome: SubmissionOutcome = { kind: 'stored', accepted: 1, duplicates: 0, refused: [] };
  const few = new Recent({ events: 3, bytes: 1e9 });
  for (let index = 0; index < 5; index += 1) few.add(submission(1, some(1, index)), outcome);
  expect(few.from(1)).toMatchObject({
    gone: 1,
    events: [{ event: { id: '2' } }, { event: { id: '3' } }, { event: { id: '4' } }],
  });
  expect(few.end).toBe(5);
  const small = new Recent({ events: 100, bytes: 5000 });
  small.add(
    submission(1, [identified({ message: 'x'.repeat(3000) }), identified({ message: 'y'.repeat(3000) })]),
    outcome,
  );
  expect(small.from(0)).toMatchObject({ gone: 1, events: [{ event: { message: 'y'.repeat(3000) } }] });
  small.clear();
  expect(small.from(0)).toEqual({ gone: 2, events: [] });
});
