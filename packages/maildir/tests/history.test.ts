import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { KEPT_EXPUNGES, SPARE_EXPUNGES } from '../src/limits.ts';
import { closeQuietly, type Home, mail, newHome, openInbox, statesOf, until, value } from './helpers.ts';

/** Makes it look as if that many messages had been expunged from INBOX, one by one, up to its modification sequence. */
function pretendExpunges(home: Home, count: number): { readonly last: number } {
  const db = new DatabaseSync(home.indexFile);
  try {
    db.exec(`UPDATE mailboxes SET highestmodseq = ${count}, uidnext = ${count + 1};
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
      INSERT INTO expunged SELECT mailboxes.id, i, i FROM n, mailboxes`);
    return { last: count };
  } finally {
    db.close();
  }
}

async function madeHome(): Promise<Home> {
  const home = newHome();
  const store = await home.store();
  await openInbox(store);
  await closeQuietly(store);
  return home;
}

test('far more expunges than are kept are cut to the newest, and the history begins there', async () => {
  const home = await madeHome();
  const { last } = pretendExpunges(home, KEPT_EXPUNGES + SPARE_EXPUNGES + 1);
  const inbox = await openInbox(await home.store());
  await until(inbox, () => inbox.historyFrom > 0);
  expect(inbox.historyFrom).toBe(last - KEPT_EXPUNGES + 1);
  const { vanished } = inbox.changesSince(inbox.historyFrom);
  expect(vanished).toHaveLength(KEPT_EXPUNGES - 1); // all that came after it
  expect([vanished[0], vanished.at(-1)]).toEqual([inbox.historyFrom + 1, last]);
});

test('a few more than are kept are left alone', async () => {
  const home = await madeHome();
  const { last } = pretendExpunges(home, KEPT_EXPUNGES + SPARE_EXPUNGES);
  const inbox = await openInbox(await home.store());
  value(await inbox.append({ content: mail('one'), flags: ['\\Deleted'] }));
  value(await inbox.expunge());
  value(await inbox.refresh());
  expect(inbox.historyFrom).toBe(0);
  expect(inbox.changesSince(inbox.historyFrom).vanished).toHaveLength(last + 1);
});

test('expunges of one modification sequence are kept or forgotten together', async () => {
  const home = await madeHome();
  pretendExpunges(home, KEPT_EXPUNGES + SPARE_EXPUNGES + 1);
  const db = new DatabaseSync(home.indexFile);
  db.exec(`UPDATE expunged SET modseq = 5000 + modseq / 4000 * 4000`);
  db.close();
  const inbox = await openInbox(await home.store());
  await until(inbox, () => inbox.historyFrom > 0);
  const { vanished } = inbox.changesSince(inbox.historyFrom);
  const check = new DatabaseSync(home.indexFile);
  const kept = check.prepare('SELECT min(modseq) AS first, count(*) AS count FROM expunged').get();
  check.close();
  expect(kept?.first).toBe(inbox.historyFrom);
  expect(kept?.count).toBeGreaterThanOrEqual(KEPT_EXPUNGES);
  expect(vanished.length).toBeLessThan(KEPT_EXPUNGES + 4000);
  expect(statesOf(inbox)).toEqual([]);
});
