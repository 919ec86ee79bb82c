/** What a session that enabled IMAP4rev2 is told otherwise (RFC 9051 appendix E), beside one that did not. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { transcript } from '../support/transcript.ts';

let server: TestServer;
let user = 0;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

/** A speaks IMAP4rev2, B IMAP4rev1. */
async function twoSessions(messages: number): Promise<{ A: Client; B: Client }> {
  user += 1;
  const A = await server.signIn(`user${user}`);
  for (let n = 1; n <= messages; n += 1) await A.append('INBOX', `Subject: message ${n}\r\n\r\nbody ${n}\r\n`);
  await A.ok('ENABLE IMAP4rev2');
  return { A, B: await server.signIn(`user${user}`) };
}

test('SELECT sends LIST, and no RECENT; \\Recent is no flag', async () => {
  await transcript(
    await twoSessions(1),
    `A: a1 SELECT inbox
     A> * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)
     A> * 1 EXISTS
     A> * LIST () "." INBOX
     A> * OK [PERMANENTFLAGS (…)] …
     A> * OK [UIDVALIDITY …] …
     A> * OK [UIDNEXT 2] …
     A> * OK [MAILBOXID (…)] …
     A> * OK [HIGHESTMODSEQ …] …
     A> a1 OK [READ-WRITE] …
     A: a2 FETCH 1 (FLAGS)
     A> * 1 FETCH (FLAGS ())
     A> a2 OK …
     A: a3 APPEND INBOX {3+}\\r\\nx\\r\\n
     A> * 2 EXISTS
     A> a3 OK …
     A: a4 STORE 2 +FLAGS (\\Seen)
     A> * 2 FETCH (FLAGS (\\Seen))
     A> a4 OK …
     A: a5 SELECT Nowhere
     A> * OK [CLOSED] …
     A> a5 NO [NONEXISTENT] …`,
  );
});

test('names are UTF-8 for the one and modified UTF-7 for the other', async () => {
  await transcript(
    await twoSessions(0),
    `A: a1 CREATE "${Buffer.from('Entwürfe 2026').toString('latin1')}"
     A> a1 OK …
     A: a2 SELECT "${Buffer.from('Entwürfe 2026').toString('latin1')}"
     A> * FLAGS …
     A> * 0 EXISTS
     A> * LIST () "." "${Buffer.from('Entwürfe 2026').toString('latin1')}"
     A>> a2 OK …
     B: b1 SELECT "Entw&APw-rfe 2026"
     B>> b1 OK …
     B: b2 LIST "" "Entw*"
     B> * LIST (…) "." "Entw&APw-rfe 2026"
     B> b2 OK …`,
  );
});

test('a command pipelined behind ENABLE is read and answered by what it enabled', async () => {
  const { B } = await twoSessions(0);
  await transcript(
    { B },
    `B: b1 ENABLE UTF8=ACCEPT\\r\\nb2 CREATE "${Buffer.from('Ü').toString('latin1')}"
     B> * ENABLED UTF8=ACCEPT
     B> b1 OK …
     B> b2 OK …
     B: b3 APPEND "${Buffer.from('Ü').toString('latin1')}" {3+}\\r\\nx\\r\\n
     B> b3 OK [APPENDUID …] …`,
  );
});

test('ENABLE names only what it enabled, changes no capability, and wants a session that has signed in', async () => {
  const A = await server.connect();
  await transcript(
    { A },
    `A: a1 ENABLE CONDSTORE
     A> a1 BAD …`,
  );
  const { B } = await twoSessions(0);
  const before = await B.ok('CAPABILITY');
  await transcript(
    { B },
    `B: b1 ENABLE imap4REV2 condstore IDLE X-NONE
     B> * ENABLED IMAP4rev2 CONDSTORE
     B> b1 OK …
     B: b2 ENABLE CONDSTORE QRESYNC
     B> * ENABLED QRESYNC
     B> b2 OK …`,
  );
  expect(await B.ok('CAPABILITY')).toEqual(before);
});

test('NAMESPACE and ID', async () => {
  const { A, B } = await twoSessions(0);
  await transcript(
    { A, B },
    `A: a1 NAMESPACE
     A> * NAMESPACE (("" ".")) NIL NIL
     A> a1 OK …
     B: b1 ID ("name" "Test" "version" NIL)
     B> * ID ("name" "Scorpiox")
     B> b1 OK …
     B: b2 ID NIL
     B> * ID ("name" "Scorpiox")
     B> b2 OK …`,
  );
});
