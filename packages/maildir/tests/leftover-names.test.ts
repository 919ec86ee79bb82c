import { linkSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Uid } from '../src/index.ts';
import { MAX_FILE_NAME } from '../src/limits.ts';
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
