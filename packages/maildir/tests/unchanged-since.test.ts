import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { INBOX, type Uid } from '../src/index.ts';
import { mail, newHome, openInbox, value } from './helpers.ts';

async function threeMessages() {
  const home = newHome();
  const store = await home.store();
  const uids: Uid[] = [];
  for (const subject of ['one', 'two', 'three']) {
    uids.push(value(await store.append(INBOX, { content: mail(subject), flags: ['\\Draft'] })).uid);
  }
  const inbox = await openInbox(store);
  const [one, two, three] = uids;
  if (one === undefined || two === undefined || three === undefined) throw new Error('A message is missing.');
  return { home, inbox, one, two, three };
}

const ADD = { operation: 'add', flags: ['\\Seen'] } as const;

test('only messages that did not change since are changed; the others are named (RFC 7162 §3.1.3)', async () => {
  const { inbox, one, two, three } = await threeMessages();
  const unchangedSince = inbox.highestModSeq;
  value(await inbox.store([two], { operation: 'add', flags: ['\\Flagged'] }));
  const result = value(await inbox.store([three, two, one], { ...ADD, unchangedSince }));
  expect(result.modified).toEqual([two]);
  expect(result.changed.map(({ uid }) => uid)).toEqual([one, three]);
  expect(inbox.state(two)?.flags.has('\\Seen')).toBe(false);
  expect(inbox.state(one)?.flags.has('\\Seen')).toBe(true);
  const now = value(await inbox.store([one, two], { ...ADD, unchangedSince: inbox.highestModSeq }));
  expect(now.modified).toEqual([]);
});

test('the boundary itself counts as unchanged, and 0 leaves everything', async () => {
  const { inbox, one } = await threeMessages();
  const modSeq = inbox.state(one)?.modSeq ?? 0;
  expect(value(await inbox.store([one], { ...ADD, unchangedSince: modSeq - 1 })).modified).toEqual([one]);
  expect(value(await inbox.store([one], { ...ADD, unchangedSince: 0 })).modified).toEqual([one]);
  expect(value(await inbox.store([one], { ...ADD, unchangedSince: modSeq })).changed).toHaveLength(1);
});

test('a flag that another program has just set counts as a change, though nobody has looked yet', async () => {
  const { home, inbox, one } = await threeMessages();
  const unchangedSince = inbox.highestModSeq;
  const cur = join(home.maildir, 'cur');
  const [file = ''] = readdirSync(cur).sort();
  renameSync(join(cur, file), join(cur, file.replace(':2,D', ':2,DF')));
  const result = value(await inbox.store([one], { ...ADD, unchangedSince }));
  expect(result).toEqual({ changed: [], modified: [one] });
  expect([...(inbox.state(one)?.flags ?? [])].sort()).toEqual(['\\Draft', '\\Flagged']);
});
