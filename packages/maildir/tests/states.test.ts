/** States are read in bulk where the UIDs lie close together, and one by one where they do not: both say the same. */
import { expect, test } from 'vitest';
import { INBOX } from '../src/index.ts';
import { toUid } from '../src/names/ids.ts';
import { mail, newHome, openInbox, value } from './helpers.ts';

const KEYWORDS = Array.from({ length: 28 }, (_, at) => `keyword${at}`); // the last two have no letter

test('states come by UID, each once, with what each message has, whatever is asked for and in which order', async () => {
  const store = await newHome().store();
  const inbox = await openInbox(store);
  for (let at = 0; at < 12; at += 1) {
    const flags = at % 3 === 0 ? ['\\Seen', ...KEYWORDS] : at % 3 === 1 ? ['\\Flagged'] : [];
    value(await store.append(INBOX, { content: mail(`message ${at}`), flags }));
  }
  expect(inbox.claimRecent(4)).toHaveLength(4);
  value(await inbox.store([toUid(6)], { operation: 'add', flags: ['\\Deleted'] }));
  value(await inbox.expunge());
  value(await inbox.store([toUid(9)], { operation: 'add', flags: ['\\Answered'] }));
  const asked = [
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    [5, 6, 7],
    [12, 1],
    [9, 2, 9, 4, 3],
    [7],
    [6],
    [],
    [1, 3, 4, 6, 7, 8],
  ];
  for (const uids of asked) {
    const there = [...new Set(uids)].sort((a, b) => a - b).filter((uid) => uid !== 6);
    const states = [...inbox.states(uids.map(toUid))];
    expect(states).toEqual(there.map((uid) => inbox.state(toUid(uid))));
    expect(states.map(({ uid }) => uid)).toEqual(there);
  }
  const all = [...inbox.states()];
  expect(all.map(({ recent }) => recent)).toEqual(all.map(({ uid }) => uid > 4));
  expect(all[0]?.flags).toEqual(new Set(['\\Seen', ...KEYWORDS]));
  expect(Math.max(...all.map(({ modSeq }) => modSeq))).toBe(inbox.state(toUid(9))?.modSeq);
});
