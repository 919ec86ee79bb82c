import { readdirSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type EventsOptions, INBOX, type Mailbox, type MailboxEvent, type ModSeq } from '../src/index.ts';
import { mail, name, newHome, onlyFile, openInbox, statesOf, until, value } from './helpers.ts';

/** An event in a few words. */
const brief = (event: MailboxEvent): string => {
  switch (event.kind) {
    case 'arrived':
    case 'flags':
      return `${event.kind} ${event.message.uid} ${[...event.message.flags].sort().join(' ')}`.trim();
    case 'expunged':
      return `expunged ${event.uid}`;
    case 'keywords':
      return `keywords ${event.keywords.join(' ')}`;
    case 'upTo':
      return `upTo ${event.modSeq} ${event.uidNext}`;
    case 'lost':
      return `lost ${event.error.code}`;
  }
};

/** Reads events one by one. */
function reader(mailbox: Mailbox, options?: EventsOptions) {
  const events = mailbox.events(options)[Symbol.asyncIterator]();
  return async (): Promise<string | undefined> => {
    let next = await events.next();
    while (next.value?.kind === 'upTo') next = await events.next();
    return next.done === true ? undefined : brief(next.value);
  };
}

/** The events up to the end of the next look, and where to resume. */
async function lookOf(events: AsyncIterator<MailboxEvent>) {
  const told: string[] = [];
  for (;;) {
    const next = await events.next();
    if (next.done === true) throw new Error('The stream has ended.');
    if (next.value.kind === 'upTo') return { told, since: next.value.modSeq, uidNext: next.value.uidNext };
    told.push(brief(next.value));
  }
}

const deliver = (maildir: string, file: string): void => {
  writeFileSync(join(maildir, 'tmp', file), mail(file));
  renameSync(join(maildir, 'tmp', file), join(maildir, 'new', file));
};

test('what other programs do is told: a delivery, a flag, a removal', async () => {
  const home = newHome();
  const store = await home.store();
  const inbox = await openInbox(store);
  const next = reader(inbox);
  deliver(home.maildir, '1700000000.a.host');
  expect(await next()).toBe('arrived 1');
  value(await inbox.refresh()); // by then it is in cur/
  const cur = join(home.maildir, 'cur');
  renameSync(join(cur, onlyFile(cur)), join(cur, `${onlyFile(cur)}F`));
  expect(await next()).toBe('flags 1 \\Flagged');
  unlinkSync(join(cur, onlyFile(cur)));
  expect(await next()).toBe('expunged 1');
});

test('what this process does is told in the order of the index, keywords before the flags that use them', async () => {
  const home = newHome();
  const store = await home.store();
  const inbox = await openInbox(store);
  const next = reader(inbox);
  const { uid } = value(await inbox.append({ content: mail('one'), flags: ['\\Seen'] }));
  const second = value(await inbox.append({ content: mail('two'), flags: ['\\Seen'] }));
  value(await inbox.store([uid], { operation: 'add', flags: ['$Work', '\\Deleted'] }));
  value(await inbox.expunge([uid]));
  value(await inbox.store([second.uid], { operation: 'add', flags: ['\\Draft'] }));
  // One of the two came and went between two looks, unless the reader was quick enough to see it.
  expect([await next(), await next()]).toEqual(['keywords $Work', 'arrived 2 \\Draft \\Seen']);
});

test('the stream begins where it was asked for, not where it is first read', async () => {
  const home = newHome();
  const inbox = await openInbox(await home.store());
  const next = reader(inbox);
  value(await inbox.append({ content: mail('one') }));
  value(await inbox.append({ content: mail('two') }));
  expect([await next(), await next()]).toEqual(['arrived 1', 'arrived 2']);
});

test('a reader that comes back is told what it missed', async () => {
  const home = newHome();
  const inbox = await openInbox(await home.store());
  for (const subject of ['one', 'two', 'three'])
    value(await inbox.append({ content: mail(subject), flags: ['\\Seen'] }));
  const since = inbox.highestModSeq;
  const [one, two] = statesOf(inbox);
  value(await inbox.store([one?.uid ?? expect.fail()], { operation: 'replace', flags: [] }));
  value(await inbox.store([two?.uid ?? expect.fail()], { operation: 'add', flags: ['\\Deleted'] }));
  value(await inbox.expunge());
  value(await inbox.append({ content: mail('four'), flags: ['\\Seen'] }));
  const next = reader(inbox, { since });
  expect([await next(), await next(), await next()]).toEqual(['arrived 4 \\Seen', 'flags 1', 'expunged 2']);
});

test('a slow reader gets the newest state, and nothing of what came and went', async () => {
  const home = newHome();
  const inbox = await openInbox(await home.store());
  const next = reader(inbox);
  const { uid } = value(await inbox.append({ content: mail('one'), flags: ['\\Seen'] }));
  expect(await next()).toBe('arrived 1 \\Seen');
  for (let round = 0; round < 5; round += 1) {
    value(await inbox.store([uid], { operation: round % 2 === 0 ? 'add' : 'remove', flags: ['\\Flagged'] }));
    value(await inbox.append({ content: mail('gone'), flags: ['\\Deleted'] }));
    value(await inbox.expunge());
  }
  expect(await next()).toBe('flags 1 \\Flagged \\Seen');
  value(await inbox.append({ content: mail('last'), flags: ['\\Seen'] }));
  expect(await next()).toBe('arrived 7 \\Seen');
});

test('arrivals come by their UIDs and before the flags of messages known before, whatever was changed last', async () => {
  const inbox = await openInbox(await newHome().store());
  const known = value(await inbox.append({ content: mail('known'), flags: ['\\Seen'] }));
  const events = inbox.events()[Symbol.asyncIterator]();
  const appended = [];
  for (const subject of ['one', 'two', 'three'])
    appended.push(value(await inbox.append({ content: mail(subject), flags: ['\\Seen'] })));
  value(await inbox.store([known.uid], { operation: 'add', flags: ['\\Draft'] }));
  value(await inbox.store([appended[0]?.uid ?? expect.fail()], { operation: 'add', flags: ['\\Flagged'] }));
  const { told } = await lookOf(events);
  expect(told).toEqual([
    'arrived 2 \\Flagged \\Seen',
    'arrived 3 \\Seen',
    'arrived 4 \\Seen',
    'flags 1 \\Draft \\Seen',
  ]);
});

test('a reader that resumes with both numbers is told exactly what it missed', async () => {
  const inbox = await openInbox(await newHome().store());
  const events = inbox.events()[Symbol.asyncIterator]();
  for (const subject of ['one', 'two', 'three'])
    value(await inbox.append({ content: mail(subject), flags: ['\\Seen'] }));
  const { since, uidNext } = await lookOf(events);
  const all = statesOf(inbox).map(({ uid }) => uid);
  value(await inbox.store(all, { operation: 'add', flags: ['\\Flagged'] })); // no message is as it was at `since`
  const gone = value(await inbox.append({ content: mail('four'), flags: ['\\Deleted'] }));
  value(await inbox.expunge([gone.uid])); // never told of
  value(await inbox.append({ content: mail('five'), flags: ['\\Seen'] }));
  const resumed = await lookOf(inbox.events({ since, uidNext })[Symbol.asyncIterator]());
  expect(resumed.told).toEqual([
    'arrived 5 \\Seen',
    'flags 1 \\Flagged \\Seen',
    'flags 2 \\Flagged \\Seen',
    'flags 3 \\Flagged \\Seen',
  ]);
  expect(resumed.since).toBe(inbox.highestModSeq);
  expect(resumed.uidNext).toBe(6);
});

test('an abort ends the stream, before, between and while waiting', async () => {
  const home = newHome();
  const inbox = await openInbox(await home.store());
  expect(await reader(inbox, { signal: AbortSignal.abort() })()).toBeUndefined();
  const abort = new AbortController();
  const next = reader(inbox, { signal: abort.signal });
  value(await inbox.append({ content: mail('one') }));
  value(await inbox.append({ content: mail('two') }));
  expect(await next()).toBe('arrived 1');
  abort.abort();
  expect(await next()).toBeUndefined();
  const other = new AbortController();
  const waiting = reader(inbox, { signal: other.signal })();
  other.abort();
  expect(await waiting).toBeUndefined();
});

test('closing the mailbox ends its streams, and later ones', async () => {
  const home = newHome();
  const inbox = await openInbox(await home.store());
  const next = reader(inbox);
  const waiting = next();
  await inbox.close();
  expect(await waiting).toBeUndefined();
  expect(await next()).toBeUndefined();
});

test.each(['delete', 'rename'] as const)('a %s of the mailbox is the last event', async (how) => {
  const home = newHome();
  const store = await home.store();
  value(await store.create(name('work')));
  const mailbox = value(await store.open(name('work')));
  const next = reader(mailbox);
  const waiting = next();
  value(how === 'delete' ? await store.delete(name('work')) : await store.rename(name('work'), name('play')));
  expect(await waiting).toBe('lost no-such-mailbox');
  expect(await next()).toBeUndefined();
});

test('a mailbox whose folder another program takes away is lost', async () => {
  const home = newHome();
  const store = await home.store();
  value(await store.create(name('work')));
  const mailbox = value(await store.open(name('work')));
  const next = reader(mailbox);
  const waiting = next();
  renameSync(join(home.maildir, '.work'), join(home.maildir, 'elsewhere'));
  expect(await waiting).toBe('lost no-such-mailbox');
});

test('a replaced index is the last event', async () => {
  const home = newHome();
  const inbox = await openInbox(await home.store());
  const waiting = reader(inbox)();
  for (const suffix of ['', '-wal', '-shm']) renameSync(home.indexFile + suffix, `${home.indexFile}.away${suffix}`);
  expect(await waiting).toBe('lost index-replaced');
});

test('a reader that leaves is not called any more, and others go on', async () => {
  const home = newHome();
  const store = await home.store();
  const inbox = await openInbox(store);
  const seen: string[] = [];
  const other = reader(inbox);
  value(await store.append(INBOX, { content: mail('one'), flags: ['\\Seen'] }));
  for await (const event of inbox.events({ since: 0 as ModSeq })) {
    seen.push(brief(event));
    break;
  }
  expect(seen).toEqual(['arrived 1 \\Seen']);
  expect(await other()).toBe('arrived 1 \\Seen');
  expect(readdirSync(join(home.maildir, 'cur'))).toHaveLength(1);
});

test('what another process did is told also where a reading has come upon it first', async () => {
  const home = newHome();
  const mine = await openInbox(await home.store());
  const other = await openInbox(await home.store()); // a connection of its own, as another process has
  const { uid } = value(await other.append({ content: mail('one') }));
  const letters = Array.from({ length: 26 }, (_, at) => `letter-${at}`);
  value(await other.store([uid], { operation: 'add', flags: letters }));
  await until(mine, () => mine.keywords().length === 26 && mine.state(uid)?.flags.size === 26);
  value(await mine.refresh());
  value(await other.store([uid], { operation: 'add', flags: ['in-the-index-alone'] })); // no file tells of it
  const told = new Promise<void>((resolve) => void mine.onChange(resolve));
  expect(mine.changesSince(mine.highestModSeq).highestModSeq).toBe(other.highestModSeq); // comes upon it
  await told;
});
