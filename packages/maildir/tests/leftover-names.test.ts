import { linkSync, mkdirSync, readdirSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { StoreLogEntry, Uid } from '../src/index.ts';
import { LEFTOVER, MAX_FILE_NAME } from '../src/limits.ts';
import { mail, name, newHome, onlyFile, openInbox, recordsOf, statesOf, textOf, value } from './helpers.ts';

/** An open mailbox with one message whose file another program has left under a second name, with \Seen. */
async function withTwoNames() {
  const home = newHome();
  const store = await home.store();
  const cur = join(home.maildir, 'cur');
  {
    const inbox = await openInbox(store);
    value(await inbox.append({ content: mail('one'), flags: ['\\Flagged'] }));
    await inbox.close();
  }
  const file = onlyFile(cur);
  linkSync(join(cur, file), join(cur, `${file}S`));
  const inbox = await openInbox(store);
  value(await inbox.refresh());
  const [state] = statesOf(inbox);
  if (state === undefined) throw new Error('The message is not shown.');
  return { store, inbox, cur, state };
}

test('a flag whose name the file has already is set at once, and the other name goes', async () => {
  const { store, inbox, cur, state } = await withTwoNames();
  const operation = state.flags.has('\\Seen') ? 'remove' : 'add';
  const { scans } = store.stats();
  value(await inbox.store([state.uid], { operation, flags: ['\\Seen'] }));
  expect(store.stats().scans).toBe(scans);
  expect(readdirSync(cur)).toHaveLength(1);
  expect(onlyFile(cur).endsWith(operation === 'add' ? ':2,FS' : ':2,F')).toBe(true);
  value(await inbox.refresh());
  expect(statesOf(inbox)).toMatchObject([{ uid: state.uid }]);
});

test('a message that is expunged does not come back under a name that was left over', async () => {
  const { inbox, cur, state } = await withTwoNames();
  value(await inbox.store([state.uid], { operation: 'add', flags: ['\\Deleted'] }));
  expect(value(await inbox.expunge())).toEqual([state.uid]);
  expect(readdirSync(cur)).toEqual([]);
  value(await inbox.refresh());
  expect(statesOf(inbox)).toEqual([]);
});

test('nor does one that is moved', async () => {
  const { store, inbox, cur, state } = await withTwoNames();
  value(await store.create(name('D')));
  value(await inbox.move([state.uid], name('D')));
  value(await inbox.refresh());
  expect([readdirSync(cur), statesOf(inbox)]).toEqual([[], []]);
  expect(value(await store.status(name('D'))).messages).toBe(1);
});

test('a message in whose name there is no room for a flag gets a shorter one, and stays the message that it was', async () => {
  const home = newHome();
  const cur = join(home.maildir, 'cur');
  mkdirSync(cur, { recursive: true });
  const base = `1700000000.M1P1.${'x'.repeat(MAX_FILE_NAME)}`.slice(0, MAX_FILE_NAME - 3);
  writeFileSync(join(cur, `${base}:2,`), mail('long'));
  writeFileSync(join(cur, '1700000001.M1P1.host:2,'), mail('short'));
  const store = await home.store();
  const inbox = await openInbox(store);
  const before = await recordsOf(inbox);
  const uids = before.map(({ uid }) => uid);
  value(await inbox.store(uids, { operation: 'add', flags: ['\\Seen'] }));
  value(await inbox.refresh());
  const after = await recordsOf(inbox);
  expect(after.map(({ uid, emailId }) => [uid, emailId])).toEqual(before.map(({ uid, emailId }) => [uid, emailId]));
  expect(after.map(({ flags }) => flags.has('\\Seen'))).toEqual([true, true]);
  const [first] = after;
  expect(first === undefined ? '' : await textOf(inbox, first)).toContain('long');
});

test('a UID that is named twice is answered once', async () => {
  const store = await newHome().store();
  const inbox = await openInbox(store);
  const { uid } = value(await inbox.append({ content: mail('one') }));
  const unchangedSince = inbox.highestModSeq;
  const twice: Uid[] = [uid, uid];
  const { changed, modified } = value(
    await inbox.store(twice, { operation: 'add', flags: ['\\Seen'], unchangedSince }),
  );
  expect([changed.map((state) => state.uid), modified]).toEqual([[uid], []]);
});

/** A clock of durations that the test sets forward. */
function clock(): (milliseconds: number) => void {
  const real = performance.now.bind(performance);
  let ahead = 0;
  const spy = vi.spyOn(performance, 'now').mockImplementation(() => real() + ahead);
  onTestFinished(() => spy.mockRestore());
  return (milliseconds) => {
    ahead += milliseconds;
  };
}

/** Makes a folder look as if nothing had happened for long: a look at it is stable, and settled, at once. */
const settle = (cur: string): void => utimesSync(cur, 1_700_000_000, 1_700_000_000);

/** Two names of one file, one of which is going to be removed, and a mailbox that has seen them. */
async function withLeftover() {
  const home = newHome();
  const cur = join(home.maildir, 'cur');
  for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(home.maildir, part), { recursive: true });
  const [file, other] = [join(cur, '1700000000.M1P1.host:2,'), join(cur, '1700000000.M1P1.host:2,S')];
  writeFileSync(file, mail('one'));
  linkSync(file, other);
  for (const part of ['new', 'cur']) settle(join(home.maildir, part));
  const said: StoreLogEntry[] = [];
  const store = await home.store({ log: (entry) => said.push(entry) });
  const goOn = clock();
  const inbox = await openInbox(store);
  const [state] = statesOf(inbox);
  if (state === undefined) throw new Error('The message is not shown.');
  const [kept, extra] = state.flags.has('\\Seen') ? [other, file] : [file, other];
  return { store, inbox, cur, state, said, goOn, kept, extra };
}

test('a second name that two looks a minute apart have seen is removed, told and counted', async () => {
  const { store, inbox, cur, state, said, goOn, kept } = await withLeftover();
  goOn(LEFTOVER - 30_000);
  value(await inbox.refresh());
  expect([readdirSync(cur).length, store.stats().leftoverNames]).toEqual([2, 0]);
  goOn(30_000);
  value(await inbox.refresh());
  expect(join(cur, onlyFile(cur))).toBe(kept);
  expect(store.stats().leftoverNames).toBe(1);
  expect(said.map(({ code }) => code)).toEqual(['leftover-removed']);
  value(await inbox.refresh());
  expect(statesOf(inbox)).toMatchObject([{ uid: state.uid, modSeq: state.modSeq }]);
  expect(await textOf(inbox, state)).toContain('one');
});

test('a second name that went and came back in between is another program’s, which may still be at it', async () => {
  const { store, inbox, cur, goOn, kept, extra } = await withLeftover();
  goOn(LEFTOVER - 30_000);
  unlinkSync(extra);
  linkSync(kept, extra);
  settle(cur);
  goOn(30_000);
  value(await inbox.refresh());
  expect([readdirSync(cur).length, store.stats().leftoverNames]).toEqual([2, 0]);
  settle(cur);
  goOn(LEFTOVER);
  value(await inbox.refresh());
  expect(join(cur, onlyFile(cur))).toBe(kept);
});
