import { describe, expect, test } from 'vitest';
import { Hub } from '../../src/mailbox/hub.ts';
import { View } from '../../src/mailbox/view.ts';
import type { Response } from '../../src/wire/response.ts';
import { FakeMailbox } from '../support/fake-mailbox.ts';

/** A notice as it would be read off the wire, near enough. */
function say(response: Response): string {
  switch (response.type) {
    case 'expunge':
      return `${response.seq} EXPUNGE`;
    case 'exists':
    case 'recent':
      return `${response.count} ${response.type.toUpperCase()}`;
    case 'fetch':
      return `${response.seq} ${response.data.map((datum) => ('flags' in datum ? datum.flags.join(' ') : datum.item)).join(' ')}`;
    default:
      return response.type;
  }
}

function open(messages: number, readOnly = false) {
  const mailbox = new FakeMailbox();
  for (let n = 0; n < messages; n += 1) mailbox.add();
  mailbox.claimRecent();
  const view = new View(new Hub(mailbox), readOnly);
  const drain = (allowExpunge: boolean, withUid = false) => [...view.drain({ allowExpunge, withUid })].map(say);
  return { mailbox, view, drain };
}

type Setup = ReturnType<typeof open>;

describe('what a client of three messages is told', () => {
  const cases: readonly [string, (setup: Setup) => void, { deferred: string[]; later: string[] }][] = [
    ['nothing happened', () => {}, { deferred: [], later: [] }],
    ['one arrives', ({ mailbox }) => mailbox.add(), { deferred: ['4 EXISTS', '1 RECENT'], later: [] }],
    ['one goes', ({ mailbox }) => mailbox.lose(2), { deferred: [], later: ['2 EXPUNGE'] }],
    [
      'several go: the highest number first',
      ({ mailbox }) => {
        mailbox.lose(1);
        mailbox.lose(3);
      },
      { deferred: [], later: ['3 EXPUNGE', '1 EXPUNGE'] },
    ],
    [
      'one goes and one arrives: EXISTS counts the one that still has its number',
      ({ mailbox }) => {
        mailbox.lose(1);
        mailbox.add();
      },
      { deferred: ['4 EXISTS', '1 RECENT'], later: ['1 EXPUNGE'] },
    ],
    ['one comes and goes in between', ({ mailbox }) => mailbox.lose(mailbox.add()), { deferred: [], later: [] }],
    [
      'one that was taken in comes and goes',
      ({ mailbox, view }) => {
        const uid = mailbox.add();
        view.absorb();
        mailbox.lose(uid);
      },
      { deferred: [], later: [] },
    ],
    ['flags change', ({ mailbox }) => void mailbox.flag(2, '\\Seen'), { deferred: ['2 \\Seen'], later: [] }],
    [
      'flags change twice: said once, as they are',
      ({ mailbox, view }) => {
        mailbox.flag(2, '\\Seen');
        view.absorb();
        mailbox.flag(2, '\\Flagged');
      },
      { deferred: ['2 \\Flagged'], later: [] },
    ],
    [
      'flags of one that goes are not said',
      ({ mailbox, view }) => {
        mailbox.flag(2, '\\Deleted');
        view.absorb();
        mailbox.lose(2);
      },
      { deferred: [], later: ['2 EXPUNGE'] },
    ],
    [
      'flags of one that the client learns of now come as part of what it will fetch',
      ({ mailbox }) => void mailbox.flag(mailbox.add(), '\\Seen'),
      { deferred: ['4 EXISTS', '1 RECENT'], later: [] },
    ],
    [
      'a new keyword',
      ({ mailbox }) => {
        mailbox.keywordsInUse = ['work'];
        mailbox.flag(1, 'work');
      },
      { deferred: ['flags', 'untagged', '1 work'], later: [] },
    ],
  ];

  test.each(cases)('%s', (_, happen, { deferred, later }) => {
    const setup = open(3);
    happen(setup);
    expect(setup.drain(false)).toEqual(deferred);
    expect(setup.drain(true)).toEqual(later);
    expect(setup.drain(true)).toEqual([]);
  });
});

test('within one burst EXPUNGE comes before EXISTS and flags use the new numbers', () => {
  const { mailbox, drain } = open(3);
  mailbox.lose(1);
  mailbox.add();
  mailbox.flag(3, '\\Seen');
  expect(drain(true, true)).toEqual(['1 EXPUNGE', '3 EXISTS', '1 RECENT', '2 UID \\Seen']);
});

test('sequence numbers stay until the expunge is told', () => {
  const { mailbox, view, drain } = open(3);
  mailbox.lose(2);
  view.absorb();
  expect([view.count, view.seqOf(3), view.resolve([{ from: 2, to: 2 }], false)]).toEqual([3, 3, [2]]);
  drain(false);
  expect(view.seqOf(3)).toBe(3);
  drain(true);
  expect([view.count, view.seqOf(3), view.seqOf(2)]).toEqual([2, 2, undefined]);
});

test('what a FETCH or STORE of this session has told is not told again', () => {
  const { mailbox, view, drain } = open(2);
  view.told(mailbox.flag(1, '\\Seen'));
  expect(drain(false)).toEqual([]);
  mailbox.flag(1);
  expect(drain(false)).toEqual(['1 ']);
});

test('a silent STORE is silent where the flags are as the client computes them, and only there', () => {
  const { mailbox, view, drain } = open(2);
  view.silence(mailbox.flag(1, '\\Seen'), new Set(['\\seen']));
  view.silence(mailbox.flag(2, '\\Seen', '\\Flagged'), new Set(['\\Seen']));
  expect(drain(false)).toEqual(['2 \\Seen \\Flagged']);
});

test('\\Recent goes to one session; a read-only one leaves it', () => {
  const mailbox = new FakeMailbox();
  mailbox.add();
  const hub = new Hub(mailbox);
  const readOnly = new View(hub, true);
  const first = new View(hub, false);
  const second = new View(hub, false);
  expect([readOnly.recent, first.recent, second.recent]).toEqual([1, 1, 0]);
});

test('no sequence of changes makes client and server disagree', () => {
  let seed = 42;
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * below);
  };
  const { mailbox, view } = open(5);
  const client: (number | undefined)[] = [...mailbox.uids()];
  for (let round = 0; round < 3000; round += 1) {
    const uids = [...mailbox.uids()];
    const one = uids[random(uids.length)];
    if (random(3) === 0 || one === undefined) mailbox.add();
    else if (random(2) === 0) mailbox.lose(one);
    else mailbox.flag(one, `f${round}`);
    if (random(4) !== 0) continue;
    const allowExpunge = random(2) === 0;
    for (const response of view.drain({ allowExpunge, withUid: true })) {
      if (response.type === 'expunge') {
        expect(allowExpunge).toBe(true);
        expect(client.splice(response.seq - 1, 1)).toHaveLength(1);
      } else if (response.type === 'exists') {
        expect(response.count).toBeGreaterThan(client.length);
        while (client.length < response.count) client.push(undefined);
      } else if (response.type === 'fetch') {
        const uid = response.data.find((datum) => datum.item === 'UID');
        expect(response.seq).toBeLessThanOrEqual(client.length);
        if (client[response.seq - 1] !== undefined)
          expect(uid).toEqual({ item: 'UID', value: client[response.seq - 1] });
      }
    }
    for (const [index, known] of client.entries()) {
      const now = view.resolve([{ from: index + 1, to: index + 1 }], false)?.map((seq) => view.uidAt(seq))[0];
      expect(known ?? now).toBe(now);
      client[index] = now;
    }
    if (allowExpunge) expect(client).toEqual([...mailbox.uids()]);
  }
});

test('what is taken in by parts, in the order of the changes, is told in the order of the UIDs', async () => {
  const { mailbox, view, drain } = open(1);
  for (let n = 0; n < 3000; n += 1) mailbox.add();
  mailbox.flag(1, '\\Seen');
  mailbox.flag(7, '\\Seen'); // its change is the last now, though its UID is not
  mailbox.lose(2);
  const synced = view.sync();
  mailbox.refreshes[0]?.();
  expect(await synced).toEqual({ kind: 'ok' });
  expect(drain(true)).toEqual(['3000 EXISTS', '2999 RECENT', '1 \\Seen']);
  expect(view.uidsBetween(1, view.count)).toEqual([...mailbox.uids()]);
});

test('a call during a look gets a look that began after it, shared with others', async () => {
  const mailbox = new FakeMailbox();
  const hub = new Hub(mailbox);
  const done: string[] = [];
  const first = hub.refresh().then(() => done.push('first'));
  const second = hub.refresh().then(() => done.push('second'));
  const third = hub.refresh().then(() => done.push('third'));
  expect(mailbox.refreshes).toHaveLength(1);
  mailbox.refreshes[0]?.();
  await first;
  expect(done).toEqual(['first']);
  await Promise.resolve();
  expect(mailbox.refreshes).toHaveLength(2);
  mailbox.refreshes[1]?.();
  await Promise.all([second, third]);
  expect(mailbox.refreshes).toHaveLength(2);
});

test('what others did while a command ran is taken in by parts as well', async () => {
  const { mailbox, view, drain } = open(3000);
  for (const uid of mailbox.uids()) mailbox.flag(uid, '\\Seen');
  const parts: number[] = [];
  const { changesSince } = mailbox;
  mailbox.changesSince = (since, limit) => {
    const changes = changesSince.call(mailbox, since, limit);
    parts.push(changes.changed.length);
    return changes;
  };
  await view.takeIn();
  expect(Math.max(...parts)).toBeLessThanOrEqual(1024);
  expect(parts.reduce((sum, part) => sum + part)).toBe(3000);
  // Made as they are asked for, and what is not asked for waits.
  const [first] = view.drain({ allowExpunge: true, withUid: false });
  expect(first).toMatchObject({ type: 'fetch', seq: 1 });
  expect(drain(true)).toHaveLength(2999);
});
