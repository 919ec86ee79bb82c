/** What is done in slices of a large mailbox comes out as if it were done at once. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { INBOX } from '../src/index.ts';
import { FLAGS_READ } from '../src/limits.ts';
import { SEEN } from '../src/names/flags.ts';
import { Child, type Home, newHome, openInbox, value } from './helpers.ts';

function fill(home: Home, directory: 'cur' | 'new', count: number): void {
  for (const each of ['cur', 'new', 'tmp']) mkdirSync(join(home.maildir, each), { recursive: true });
  const info = directory === 'cur' ? ':2,' : '';
  for (let at = 0; at < count; at += 1)
    writeFileSync(join(home.maildir, directory, `${1_600_000_000 + at}.M1.host,S=2,W=2${info}`), '\r\n');
}

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

test('two processes that claim in slices get each message exactly once', async () => {
  const home = newHome();
  fill(home, 'new', 1_000);
  await openInbox(await home.store()); // the UIDs are given
  const children = [0, 1].map(() => new Child('claimer.ts', [home.maildir, home.indexFile]));
  for (const child of children) expect(await child.line()).toBe('ready');
  for (const child of children) child.say('claim');
  const claims = await Promise.all(
    children.map(async (child): Promise<number[]> => JSON.parse((await child.line()) ?? '')),
  );
  expect(claims.flat().sort((a, b) => a - b)).toEqual(upTo(1_000));
});

test('a claim of some takes the oldest, and leaves the rest to the next', async () => {
  const home = newHome();
  fill(home, 'new', 10);
  const inbox = await openInbox(await home.store());
  expect(inbox.claimRecent(4)).toEqual([1, 2, 3, 4]);
  expect(inbox.recent()).toEqual([5, 6, 7, 8, 9, 10]);
  expect(inbox.claimRecent(0)).toEqual([5]);
  expect(inbox.claimRecent()).toEqual([6, 7, 8, 9, 10]);
});

const MANY = FLAGS_READ + 1;

test('STATUS counts what belongs together while others change flags all the time', async () => {
  const home = newHome();
  fill(home, 'cur', MANY);
  const store = await home.store();
  expect(value(await store.status(INBOX))).toMatchObject({ messages: MANY, unseen: MANY, size: 2 * MANY, recent: 0 });
  const db = new DatabaseSync(home.indexFile);
  onTestFinished(() => db.close());
  db.exec('PRAGMA synchronous = OFF');
  const see = db.prepare(`UPDATE messages SET mask = iif(uid = ?, ${SEEN}, 0) WHERE uid IN (1, ${MANY})`);
  // One message is seen at any moment: now the last one, now the first one.
  let made = 0;
  const change = (): void => {
    db.exec('BEGIN IMMEDIATE');
    see.run(made % 2 === 0 ? MANY : 1);
    db.exec('UPDATE mailboxes SET highestmodseq = highestmodseq + 1; COMMIT');
    made += 1;
  };
  change();
  let turning = setImmediate(function turn() {
    change();
    turning = setImmediate(turn);
  });
  const status = value(await store.status(INBOX));
  clearImmediate(turning);
  expect(made).toBeGreaterThan(1);
  expect(status).toMatchObject({ messages: MANY, unseen: MANY - 1, size: 2 * MANY });
});
