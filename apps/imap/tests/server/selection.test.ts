/** What a session is told of the mailbox it has selected, and when it no longer has one. */
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type MailStore, parseMailboxName } from '@scorpiox/maildir';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { transcript } from '../support/transcript.ts';

let server: TestServer;
let user = 0;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** Two connections of a new user, nothing selected; INBOX holds so many messages. */
async function twoSessions(messages = 0): Promise<{ A: Client; B: Client; user: string }> {
  user += 1;
  const A = await server.signIn(`user${user}`);
  for (let n = 1; n <= messages; n += 1) await A.append('INBOX', `Subject: message ${n}\r\n\r\nbody ${n}\r\n`);
  return { A, B: await server.signIn(`user${user}`), user: `user${user}` };
}

function nameOf(text: string) {
  const name = parseMailboxName(text);
  if (!name.ok) throw new Error(name.error.message);
  return name.value;
}

test('a DELETE or RENAME that is refused leaves the mailbox selected', async () => {
  const { A } = await twoSessions(1);
  await transcript(
    { A },
    `A: a1 CREATE X
     A> a1 OK …
     A: a2 CREATE Y
     A> a2 OK …
     A: a3 SELECT INBOX
     A>> a3 OK …
     A: a4 DELETE INBOX
     A> a4 NO …
     A: a5 FETCH 1 (UID)
     A> * 1 FETCH (UID 1)
     A> a5 OK …
     A: a6 SELECT X
     A>> a6 OK …
     A: a7 RENAME X Y
     A> a7 NO [ALREADYEXISTS] …
     A: a8 CHECK
     A> a8 OK …`,
  );
});

test.each([
  ['RENAME P Q', 'P.c'],
  ['RENAME P.c Q', 'P.c'],
  ['RENAME inbox.foo Q', 'INBOX.foo'],
  ['DELETE inbox.foo', 'INBOX.foo'],
])('%s leaves %s, which it takes away, and the session goes on', async (command, selected) => {
  const { A } = await twoSessions();
  await transcript(
    { A },
    `A: a1 CREATE P
     A> a1 OK …
     A: a2 CREATE ${selected}
     A> a2 OK …
     A: a3 SELECT ${selected}
     A>> a3 OK …
     A: a4 ${command}
     A> a4 OK …
     A: a5 NOOP
     A> a5 OK …
     A: a6 CHECK
     A> a6 BAD Select a mailbox first.`,
  );
});

test('RENAME of another mailbox whose name begins alike, and DELETE of a parent, leave the selection alone', async () => {
  const { A } = await twoSessions();
  await transcript(
    { A },
    `A: a1 CREATE P
     A> a1 OK …
     A: a2 CREATE Pc.d
     A> a2 OK …
     A: a3 SELECT Pc.d
     A>> a3 OK …
     A: a4 RENAME P Q
     A> a4 OK …
     A: a5 DELETE Q
     A> a5 OK …
     A: a6 CHECK
     A> a6 OK …`,
  );
});

const takers: readonly [string, (mail: { A: Client; store: () => Promise<MailStore> }) => Promise<unknown>][] = [
  ['deletes it', ({ A }) => A.ok('DELETE Work')],
  ['renames it', ({ A }) => A.ok('RENAME Work Play')],
  [
    'of another process deletes it',
    async ({ store }) => {
      const elsewhere = await store();
      expect(await elsewhere.delete(nameOf('Work'))).toEqual({ ok: true, value: undefined });
      await elsewhere.close();
    },
  ],
];
test.each(takers)('IDLE ends with BYE where another session %s', async (_, take) => {
  const { A, B, user: name } = await twoSessions();
  await A.ok('CREATE Work');
  await B.ok('SELECT Work');
  B.send('i IDLE\r\n');
  await B.until('+');
  await take({ A, store: () => server.openElsewhere(name) });
  expect(await B.line()).toMatch(/^\* BYE .*deleted or renamed/);
  expect(await B.line()).toBeUndefined();
});

test('a new keyword is made known before the first message that has it', async () => {
  const { A, B } = await twoSessions(2);
  await transcript(
    { A, B },
    `A: a1 SELECT INBOX
     A>> a1 OK …
     B: b1 SELECT INBOX
     B>> b1 OK …
     A: a2 STORE 1 +FLAGS (Work)
     A> * FLAGS (… Work)
     A> * OK [PERMANENTFLAGS (… Work \\*)] …
     A> * 1 FETCH (FLAGS (Work…))
     A> a2 OK …
     B: b2 FETCH 1:2 (FLAGS)
     B> * FLAGS (… Work)
     B> * OK [PERMANENTFLAGS (… Work \\*)] …
     B> * 1 FETCH (FLAGS (Work…))
     B> * 2 FETCH …
     B> b2 OK …`,
  );
});

test('two partials of one start are two data', async () => {
  const { A } = await twoSessions(1);
  await transcript(
    { A },
    `A: a1 EXAMINE INBOX
     A>> a1 OK …
     A: a2 FETCH 1 (BODY.PEEK[]<0.3> BODY.PEEK[]<0.7> BODY.PEEK[]<0.3>)
     A> * 1 FETCH (BODY[]<0> {3}…Sub BODY[]<0> {7}…Subject)
     A> a2 OK …`,
  );
});

test('EXAMINE counts as \\Recent what nobody has claimed, in this process or another', async () => {
  const { A, B, user: name } = await twoSessions(2);
  await transcript(
    { A, B },
    `A: a1 EXAMINE INBOX
     A>> * 2 RECENT
     A>> a1 OK …
     B: b1 SELECT INBOX
     B>> * 2 RECENT
     B>> b1 OK …
     A: a2 EXAMINE INBOX
     A>> * 0 RECENT
     A>> a2 OK …
     B: b2 CLOSE
     B> b2 OK …
     B: b3 APPEND INBOX {3+}\\r\\nx\\r\\n
     B> b3 OK …
     A: a3 EXAMINE INBOX
     A>> * 1 RECENT
     A>> a3 OK …`,
  );
  const elsewhere = await server.openElsewhere(name);
  const inbox = await elsewhere.open(nameOf('INBOX'));
  expect(inbox.ok && inbox.value.claimRecent()).toEqual([3]);
  await elsewhere.close();
  expect(await B.ok('EXAMINE INBOX')).toContain('* 0 RECENT');
});

const finders: readonly [string, (client: Client) => Promise<unknown>, (client: Client) => Promise<unknown>][] = [
  [
    'a session that waits',
    async (client) => {
      await client.ok('SELECT INBOX');
      client.send('i IDLE\r\n');
      await client.until('+');
    },
    (client) => client.until('i NO [UNAVAILABLE]'),
  ],
  [
    'a session that reads',
    (client) => client.ok('SELECT INBOX'),
    async (client) => expect((await client.command('FETCH 1 (UID)')).result).toMatch(/^NO \[UNAVAILABLE\]/),
  ],
  [
    'a session that writes',
    async () => {},
    async (client) => expect(await client.append('INBOX', 'x\r\n')).toMatch(/^NO \[UNAVAILABLE\]/),
  ],
];
test.each(
  finders,
)('a replaced index, found by %s, ends all sessions of the user with BYE, and the next sign-in works', async (_, prepare, find) => {
  const { A, B, user: name } = await twoSessions(1);
  await prepare(A);
  const folder = dirname(server.maildir(name));
  for (const end of ['', '-wal', '-shm']) await rm(join(folder, `index.db${end}`), { force: true });
  await find(A);
  for (const client of [A, B]) {
    expect(await client.line()).toBe('* BYE The index of this mail store was replaced; please sign in again.');
    expect(await client.line()).toBeUndefined();
  }
  const again = await server.signIn(name);
  expect(await again.append('INBOX', 'x\r\n')).toMatch(/^OK/);
  expect(await again.ok('SELECT INBOX')).toContain('* 2 EXISTS');
  const told = server.errors.splice(0).map((line) => JSON.parse(line).msg);
  expect(told).toEqual([expect.stringMatching(/^The index of a mail store was replaced/)]);
});

test('nothing else was logged as an error', () => {
  expect(server.errors).toEqual([]);
});
