/** A client that keeps a copy of a mailbox by RFC 7162, loses its connection at any moment, and comes back. */
import { describe, expect, test } from 'vitest';
import { Hub } from '../../src/mailbox/hub.ts';
import { missedOf } from '../../src/mailbox/missed.ts';
import { UidList } from '../../src/mailbox/uid-list.ts';
import { View } from '../../src/mailbox/view.ts';
import type { SequenceSet } from '../../src/wire/command.ts';
import type { Response } from '../../src/wire/response.ts';
import { FakeMailbox } from '../support/fake-mailbox.ts';
import { overriding } from '../support/overriding.ts';

const QRESYNC = { condstore: true, qresync: true, rev2: false };

function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
}

const setOf = (uids: Iterable<number>): SequenceSet => Array.from(uids, (uid) => ({ from: uid, to: uid }));

/** What a client keeps between connections (RFC 7162 §6). */
class Copy {
  readonly flags = new Map<number, string>();
  highest = 1;
  #seen = 0;
  #said: number | undefined;

  /** In the order of their sequence numbers. */
  uids(): number[] {
    return [...this.flags.keys()].sort((a, b) => a - b);
  }

  /** One untagged response of a command. */
  take(response: Response, view: View): void {
    if (response.type === 'expunge') throw new Error('EXPUNGE after ENABLE QRESYNC');
    if (response.type === 'vanished') for (const uid of response.uids) expect(this.flags.delete(uid)).toBe(true);
    if (response.type === 'untagged' && response.code?.code === 'HIGHESTMODSEQ') this.#said = response.code.value;
    if (response.type === 'exists') for (const uid of view.uidsBetween(1, response.count)) this.#join(uid);
    if (response.type !== 'fetch') return;
    const value = (item: string) => response.data.flatMap((datum) => (datum.item === item ? datum : []))[0];
    const [uid, flags, modSeq] = [value('UID'), value('FLAGS'), value('MODSEQ')];
    if (uid?.item !== 'UID' || modSeq?.item !== 'MODSEQ') throw new Error('FETCH without UID or MODSEQ');
    expect(this.uids()[response.seq - 1]).toBe(uid.value);
    if (flags?.item === 'FLAGS') this.flags.set(uid.value, flags.flags.join(' '));
    this.#seen = Math.max(this.#seen, modSeq.value);
  }

  /** The tagged response: only now may the client take the values that it saw. */
  finish(): void {
    this.highest = this.#said ?? Math.max(this.highest, this.#seen);
    this.forget();
  }

  forget(): void {
    this.#said = undefined;
    this.#seen = 0;
  }

  #join(uid: number): void {
    if (!this.flags.has(uid)) this.flags.set(uid, '?');
  }
}

interface World {
  readonly mailbox: FakeMailbox;
  readonly random: (below: number) => number;
  round: number;
}

function happen({ mailbox, random, round }: World): void {
  const uids = [...mailbox.uids()];
  const one = uids[random(uids.length)];
  const what = random(9);
  if (what < 3 || one === undefined) mailbox.add();
  else if (what < 5) mailbox.lose(one);
  else mailbox.flag(one, `f${round}`);
}

/** A STORE …SILENT or a FETCH (FLAGS) of some message, as their handlers do it. */
function* ownCommand(world: World, view: View): Generator<Response> {
  const { mailbox, random, round } = world;
  view.absorb();
  const uid = view.uidsBetween(1, view.count)[random(view.count + 1)];
  const state = uid === undefined ? undefined : mailbox.state(uid);
  const seq = uid === undefined ? undefined : view.seqOf(uid);
  if (uid === undefined || state === undefined || seq === undefined) return;
  if (random(2) === 0) happen(world); // somebody else is as fast
  const now = random(2) === 0 ? mailbox.state(uid) : mailbox.state(uid) && mailbox.flag(uid, `own${round}`);
  if (now === undefined) return;
  view.told(now);
  yield { type: 'fetch', seq, data: view.flagsData(now, false) };
}

/** The end of a command, as the session does it. */
function told(view: View, allowExpunge: boolean): readonly Response[] {
  try {
    return [...view.drain({ allowExpunge, withUid: false })];
  } catch {
    return view.behind();
  }
}

test.each([
  1, 2, 3, 4, 5, 6,
])('whatever happens, whoever comes back has the mailbox as it is (seed %i)', async (seed) => {
  const world: World = { mailbox: new FakeMailbox(), random: randomFrom(seed), round: 0 };
  const { mailbox, random } = world;
  let forgotten = 0;
  let fails = false;
  const remembering: FakeMailbox = overriding(mailbox, {
    get historyFrom() {
      // The store's brand for it; here the test is the store.
      return forgotten as FakeMailbox['historyFrom'];
    },
    changesSince: (since) => {
      if (fails) throw new Error('The index cannot be read for now.');
      const changes = mailbox.changesSince(since);
      return since >= forgotten
        ? changes
        : { ...changes, vanished: mailbox.changesSince(remembering.historyFrom).vanished };
    },
  });
  for (let n = 0; n < 5; n += 1) mailbox.add();
  const copy = new Copy();
  let view = new View(new Hub(remembering), false, QRESYNC);
  for (const uid of mailbox.uids()) copy.flags.set(uid, '?');
  copy.highest = view.modSeq;

  for (world.round = 0; world.round < 1500; world.round += 1) {
    for (let n = random(4); n > 0; n -= 1) happen(world);
    if (random(12) === 0) forgotten = Math.max(forgotten, mailbox.highestModSeq - random(20));
    const responses = [...(random(2) === 0 ? ownCommand(world, view) : [])];
    const allowExpunge = random(3) === 0;
    fails = random(10) === 0;
    responses.push(...told(view, allowExpunge));
    fails = false;
    const breaks = random(5) === 0;
    const heard = breaks ? responses.slice(0, random(responses.length + 1)) : responses;
    for (const response of heard) copy.take(response, view);
    if (!breaks) copy.finish();
    if (!breaks && random(6) !== 0) continue;

    copy.forget();
    view = new View(new Hub(remembering), false, QRESYNC);
    const known = copy.uids();
    const sample = known.flatMap((uid, index) => (random(2) === 0 ? { uid, number: index + 1 } : []));
    const { vanished, changed } = await view.missed({
      since: copy.highest,
      uids: known.length === 0 || random(2) === 0 ? undefined : setOf(known),
      match: { numbers: setOf(sample.map(({ number }) => number)), uids: setOf(sample.map(({ uid }) => uid)) },
    });
    for (const { from, to } of vanished)
      for (let uid = from; uid <= to; uid += 1) {
        expect(view.seqOf(uid)).toBeUndefined();
        copy.flags.delete(uid);
      }
    for (const state of changed)
      if (copy.flags.has(state.uid)) copy.flags.set(state.uid, view.flagsOf(state).join(' '));
    const truth = [...mailbox.states()].filter(({ uid }) => copy.flags.has(uid));
    expect(copy.uids()).toEqual(truth.map(({ uid }) => uid));
    for (const { uid, flags } of truth) {
      const had = copy.flags.get(uid)?.replace(/ ?\\Recent/, '');
      if (had !== '?') expect(had, `message ${uid}`).toBe([...flags].join(' '));
    }
    // Then it fetches what is new to it, and what it never fetched.
    for (const state of mailbox.states()) copy.flags.set(state.uid, view.flagsOf(state).join(' '));
    copy.highest = view.modSeq;
  }
});

describe('what a client has missed', () => {
  test('more than is read at once, while the mailbox goes on changing', async () => {
    const mailbox = new FakeMailbox();
    for (let n = 0; n < 3000; n += 1) mailbox.add();
    for (let uid = 100; uid < 1000; uid += 1) mailbox.lose(uid);
    const uids = new UidList(mailbox.uids());
    const reading = missedOf(mailbox, uids, { since: 1 });
    mailbox.flag(5, 'late');
    mailbox.lose(7); // it still has its number, and will be VANISHED
    mailbox.add();
    const { vanished, changed } = await reading;
    expect(vanished).toEqual([{ from: 100, to: 999 }]);
    expect(changed.filter(({ uid }) => uid !== 7).map(({ uid }) => uid)).toEqual(
      [...mailbox.uids()].filter((uid) => uid <= 3000),
    );
    expect(changed.find(({ uid }) => uid === 5)?.flags).toEqual(new Set(['late']));
  });

  const list = (...uids: number[]) => new UidList(Uint32Array.from(uids));

  test('four thousand million UIDs cost nothing', async () => {
    const mailbox = overriding(new FakeMailbox(), {
      uidNext: 2 ** 32 - 1,
      historyFrom: 99 as FakeMailbox['historyFrom'],
    });
    const { vanished } = await missedOf(mailbox, list(7, 4_000_000_000), {
      since: 1,
      uids: [{ from: 1, to: 2 ** 32 - 1 }],
    });
    expect(vanished).toEqual([
      { from: 1, to: 6 },
      { from: 8, to: 3_999_999_999 },
      { from: 4_000_000_001, to: 2 ** 32 - 2 },
    ]);
  });

  test('a sample of four thousand million is read up to where it ceases to fit', async () => {
    const mailbox = overriding(new FakeMailbox(), { uidNext: 9, historyFrom: 99 as FakeMailbox['historyFrom'] });
    const all = [{ from: 1, to: 2 ** 32 - 1 }];
    const { vanished } = await missedOf(mailbox, list(1, 2, 3, 5, 8), { since: 1, match: { numbers: all, uids: all } });
    expect(vanished).toEqual([
      { from: 4, to: 4 },
      { from: 6, to: 7 },
    ]);
  });
});
