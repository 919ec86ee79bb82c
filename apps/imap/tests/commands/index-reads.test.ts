/** What commands ask of the index: no more than the answer takes, and nothing that is newer than what the client was told. */
import type { FlagChange, Mailbox, Uid } from '@scorpiox/maildir';
import { expect, test } from 'vitest';
import type { Context, Selected } from '../../src/commands/context.ts';
import { applyChange } from '../../src/mailbox/flags.ts';
import { Hub } from '../../src/mailbox/hub.ts';
import { View } from '../../src/mailbox/view.ts';
import { dispatch } from '../../src/session/dispatch.ts';
import { parseCommand } from '../../src/wire/parse.ts';
import type { Response } from '../../src/wire/response.ts';
import { serialize } from '../../src/wire/serialize.ts';
import { FakeMailbox } from '../support/fake-mailbox.ts';
import { overriding } from '../support/overriding.ts';

/** The UIDs that a method of the store was called with; all of them where it was called without. */
const named = (mailbox: FakeMailbox, uids: Iterable<Uid> | undefined) => [...(uids ?? mailbox.uids())];

/** A session with so many messages, every third of them seen, and what it asked of the index. */
function open(messages: number, alter: (mailbox: FakeMailbox) => Partial<Mailbox> = () => ({})) {
  const mailbox = new FakeMailbox();
  for (let n = 1; n <= messages; n += 1) mailbox.add(...(n % 3 === 0 ? ['\\Seen'] : []));
  mailbox.claimRecent();
  const asked: { states: number[]; records: number[]; pauses: number } = { states: [], records: [], pauses: 0 };
  const patience = { pauses: Number.POSITIVE_INFINITY };
  const gone = new AbortController();
  const watched = overriding<Mailbox>(mailbox, {
    states(uids) {
      asked.states.push(...named(mailbox, uids));
      return mailbox.states(uids);
    },
    records(uids) {
      asked.records.push(...named(mailbox, uids));
      return mailbox.records(uids);
    },
    ...alter(mailbox),
  });
  const view = new View(new Hub(watched), false);
  // These commands ask no more of their context than this.
  const context = {
    tag: 'a',
    session: { condstore: false, qresync: false, rev2: false, utf8: false, enable: () => true, saved: undefined },
    state: { name: 'selected', view } as Selected,
    breathe: async () => {
      asked.pauses += 1;
      if (asked.pauses === patience.pauses) gone.abort();
    },
    gone: gone.signal,
  } as Partial<Context> as Context;
  return { mailbox, view, asked, patience, run: (text: string) => run(context, text) };
}

/** What a command says, and how it ends. */
async function run(context: Context, command: string): Promise<string[]> {
  const parsed = parseCommand({ bytes: Buffer.from(`a ${command}`), literals: [] });
  if (!parsed.ok) throw new Error(parsed.error.message);
  const { body } = parsed.value;
  const handler = dispatch(context, body.name, body);
  if (!(Symbol.asyncIterator in handler)) throw new Error('A handler that yields was expected.');
  const said: string[] = [];
  for (;;) {
    const step = await handler.next();
    if (step.done === true) return [...said, `${step.value.condition} ${step.value.code?.code ?? ''}`.trimEnd()];
    said.push(...textOf(step.value).split('\r\n'));
  }
}

const textOf = (response: Response): string =>
  [...serialize(response)]
    .map((piece) => (piece instanceof Uint8Array ? Buffer.from(piece).toString() : '…'))
    .join('')
    .trimEnd();

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);
const MANY = 1000;

test('FETCH of flags asks for states alone, and lets others run', async () => {
  const { asked, run } = open(MANY);
  const said = await run('FETCH 1:* (UID FLAGS)');
  expect(said[2]).toBe('* 3 FETCH (UID 3 FLAGS (\\Seen))');
  expect(said).toHaveLength(MANY + 1);
  expect(asked.states).toEqual(upTo(MANY));
  expect(asked.records).toEqual([]);
  expect(asked.pauses).toBeGreaterThanOrEqual(MANY / 256);
});

test('FETCH of sizes asks for the records of the messages it was asked for', async () => {
  const { asked, run } = open(MANY);
  expect(await run('FETCH 2,900 (RFC822.SIZE)')).toEqual([
    '* 2 FETCH (RFC822.SIZE 10)',
    '* 900 FETCH (RFC822.SIZE 10)',
    'OK',
  ]);
  expect([asked.states, asked.records]).toEqual([[], [2, 900]]);
});

test.each(['FLAGS', 'RFC822.SIZE'])('FETCH of %s passes over a message that vanished meanwhile', async (item) => {
  const { mailbox, run } = open(4);
  mailbox.lose(2);
  const said = await run(`FETCH 1:3 (${item})`);
  expect(said.map((line) => line.slice(0, 9))).toEqual(['* 1 FETCH', '* 3 FETCH', 'OK EXPUNG']);
});

test('SEARCH by flags asks for states alone, and lets others run', async () => {
  const { asked, run } = open(MANY);
  const seen = upTo(MANY).filter((uid) => uid % 3 === 0);
  expect(await run('SEARCH SEEN')).toEqual([`* SEARCH ${seen.join(' ')}`, 'OK']);
  expect([asked.states, asked.records]).toEqual([upTo(MANY), []]);
  expect(asked.pauses).toBeGreaterThanOrEqual(MANY / 256);
});

test('SEARCH with very many keys asks them of few messages at a time', async () => {
  const { asked, run } = open(MANY);
  expect(await run(`SEARCH ${Array(1800).fill('ANSWERED').join(' ')}`)).toEqual(['* SEARCH', 'OK']);
  expect(asked.pauses).toBeGreaterThanOrEqual((MANY * 1800) / 16_384);
});

test('SEARCH ends where nobody waits for its answer any more', async () => {
  const { asked, patience, run } = open(MANY);
  patience.pauses = 2;
  expect(await run('SEARCH UNSEEN')).toEqual(['NO']);
  expect(asked.states).toEqual(upTo(512));
});

test('SEARCH asks nothing of the index about messages that it does not name', async () => {
  const { asked, run } = open(MANY);
  expect(await run('UID SEARCH UID 7,900 UNSEEN')).toEqual(['* SEARCH 7', 'OK']);
  expect([asked.states, asked.records]).toEqual([[7, 900], []]);
});

test('SEARCH by size asks for the records of those whose flags leave it open', async () => {
  const { asked, run } = open(6);
  expect(await run('SEARCH SEEN LARGER 5')).toEqual(['* SEARCH 3 6', 'OK']);
  expect(asked.records).toEqual([3, 6]);
  asked.records = [];
  expect(await run('SEARCH OR SEEN NOT LARGER 5')).toEqual(['* SEARCH 3 6', 'OK']);
  expect(asked.records).toEqual([1, 2, 4, 5]);
  expect(await run('SEARCH ON 1-Jan-1970 SMALLER 11')).toEqual(['* SEARCH 1 2 3 4 5 6', 'OK']);
});

test.each(['ALL', 'SEQUENCE 1:3', 'SMALLER 11'])('SEARCH %s does not find what is gone', async (keys) => {
  const { mailbox, run } = open(3);
  mailbox.lose(2);
  expect(await run(`SEARCH ${keys.replace('SEQUENCE ', '')}`)).toEqual(['* SEARCH 1 3', 'OK']);
});

test('a silent STORE does not hide what another process changed in the moment before it', async () => {
  let others = 0;
  const { run, view } = open(2, (mailbox) => ({
    states(uids) {
      others += 1;
      if (others === 1) mailbox.flag(1, '\\Flagged');
      return mailbox.states(uids);
    },
    store: async (uids: readonly Uid[], change: FlagChange) => {
      const changed = mailbox.states(uids).map(({ uid, flags }) => mailbox.flag(uid, ...applyChange(flags, change)));
      return { ok: true, value: { changed, modified: [] } };
    },
  }));
  expect(await run('STORE 1:2 +FLAGS.SILENT (\\Seen)')).toEqual(['* 1 FETCH (FLAGS (\\Flagged \\Seen))', 'OK']);
  expect([...view.drain({ allowExpunge: true, withUid: false })]).toEqual([]);
});

test('CHANGEDSINCE tells all of more changes than are read at once, each message once and in order', async () => {
  const { mailbox, run } = open(3000);
  const since = mailbox.highestModSeq;
  // Against the order of the UIDs; those that changed twice are on two pages.
  for (let uid = 3000; uid > 500; uid -= 1) mailbox.flag(uid, '\\Flagged');
  for (let uid = 3000; uid > 2000; uid -= 1) mailbox.flag(uid, '\\Answered');
  const said = await run(`FETCH 1:2900 (UID) (CHANGEDSINCE ${since})`);
  expect(said.pop()).toBe('OK');
  expect(said.map((line) => Number(/^\* \d+ FETCH .*UID (\d+)/.exec(line)?.[1]))).toEqual(
    Array.from({ length: 2400 }, (_, at) => at + 501),
  );
  expect(await run(`FETCH 1:* (UID) (CHANGEDSINCE ${mailbox.highestModSeq})`)).toEqual(['OK']);
});
