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

/** Two connections of a new user, INBOX holding so many messages, both with it selected. */
async function twoSessions(messages: number): Promise<{ A: Client; B: Client }> {
  user += 1;
  const A = await server.signIn(`user${user}`);
  for (let n = 1; n <= messages; n += 1) await A.append('INBOX', `Subject: message ${n}\r\n\r\nbody ${n}\r\n`);
  await A.ok('SELECT INBOX');
  const B = await server.signIn(`user${user}`);
  await B.ok('SELECT INBOX');
  return { A, B };
}

test('a session from greeting to logout', async () => {
  const A = await server.connect();
  await transcript(
    { A },
    `A: a1 CAPABILITY
     A> * CAPABILITY IMAP4rev1 IMAP4rev2 … AUTH=PLAIN…
     A> a1 OK …
     A: a2 LOGIN wanda "correct horse"
     A> a2 OK [CAPABILITY IMAP4rev1 IMAP4rev2 …] …
     A: a3 APPEND INBOX (\\Flagged) "17-Jul-1996 02:44:25 -0700" {26+}\\r\\nSubject: hello\\r\\n\\r\\nworld\\r\\n\\r\\n
     A> a3 OK [APPENDUID … 1] …
     A: a4 SELECT INBOX
     A> * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)
     A> * 1 EXISTS
     A> * 1 RECENT
     A> * OK [UNSEEN 1] …
     A> * OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*)] …
     A> * OK [UIDVALIDITY …] …
     A> * OK [UIDNEXT 2] …
     A> * OK [MAILBOXID (…)] …
     A> * OK [HIGHESTMODSEQ …] …
     A> a4 OK [READ-WRITE] …
     A: a5 FETCH 1 (FLAGS INTERNALDATE RFC822.SIZE BODY[TEXT])
     A> * 1 FETCH (FLAGS (\\Flagged \\Seen \\Recent) INTERNALDATE "17-Jul-1996 09:44:25 +0000" RFC822.SIZE 26 BODY[TEXT] {8}…world…)
     A> a5 OK …
     A: a6 LOGOUT
     A> * BYE …
     A> a6 OK …`,
  );
  expect(await A.line()).toBeUndefined();
});

test('an expunge by another session waits until numbers may shift', async () => {
  await transcript(
    await twoSessions(3),
    `A: a1 STORE 2 +FLAGS.SILENT (\\Deleted)
     A> a1 OK …
     A: a2 EXPUNGE
     A> * 2 EXPUNGE
     A> a2 OK …
     B: b1 FETCH 1:3 (UID)
     B> * 1 FETCH (UID 1)
     B> * 3 FETCH (UID 3)
     B> b1 OK [EXPUNGEISSUED] …
     B: b2 FETCH 2 (UID BODY.PEEK[])
     B> * 2 FETCH (UID 2 BODY[] NIL)
     B> b2 NO [EXPUNGEISSUED] …
     B: b3 SEARCH ALL
     B> * SEARCH 1 3
     B> b3 OK …
     B: b4 STORE 3 +FLAGS (\\Answered)
     B> * 3 FETCH (FLAGS (\\Answered…))
     B> b4 OK …
     B: b5 NOOP
     B> * 2 EXPUNGE
     B> b5 OK …
     B: b6 FETCH 2 (UID)
     B> * 2 FETCH (UID 3)
     B> b6 OK …`,
  );
});

test('a UID command may bring the expunge', async () => {
  await transcript(
    await twoSessions(2),
    `A: a1 UID STORE 1 +FLAGS.SILENT (\\Deleted)
     A> a1 OK …
     A: a2 UID EXPUNGE 1
     A> * 1 EXPUNGE
     A> a2 OK …
     B: b1 UID FETCH 1:2 (FLAGS)
     B> * 2 FETCH (UID 2 FLAGS (…))
     B> * 1 EXPUNGE
     B> b1 OK [EXPUNGEISSUED] …`,
  );
});

test('EXPUNGE comes before EXISTS, and flags of known messages only', async () => {
  await transcript(
    await twoSessions(2),
    `A: a1 STORE 1 +FLAGS.SILENT (\\Deleted)
     A> a1 OK …
     A: a2 EXPUNGE
     A> * 1 EXPUNGE
     A> a2 OK …
     A: a3 APPEND INBOX {3+}\\r\\nx\\r\\n
     A> * 2 EXISTS
     A> * 2 RECENT
     A> a3 OK …
     A: a4 STORE 1:2 +FLAGS.SILENT (\\Flagged)
     A> a4 OK …
     B: b1 NOOP
     B> * 1 EXPUNGE
     B> * 2 EXISTS
     B> * 1 FETCH (FLAGS (\\Flagged))
     B> b1 OK …`,
  );
});

test('.SILENT is silent for its own session only', async () => {
  await transcript(
    await twoSessions(1),
    `A: a1 STORE 1 +FLAGS.SILENT (\\Seen)
     A> a1 OK …
     A: a2 NOOP
     A> a2 OK …
     B: b1 NOOP
     B> * 1 FETCH (FLAGS (\\Seen))
     B> b1 OK …`,
  );
});

test('.SILENT does not hide what another session changed meanwhile', async () => {
  await transcript(
    await twoSessions(1),
    `B: b1 STORE 1 +FLAGS.SILENT (\\Flagged)
     B> b1 OK …
     A: a1 STORE 1 +FLAGS.SILENT (\\Seen)
     A> * 1 FETCH (FLAGS (\\Flagged \\Seen…))
     A> a1 OK …`,
  );
});

test('IDLE tells of another session as it happens, and DONE may come with the next command', async () => {
  await transcript(
    await twoSessions(1),
    `B: b1 IDLE
     B> + idling
     A: a1 STORE 1 +FLAGS (\\Flagged)
     A>> a1 OK …
     B> * 1 FETCH (FLAGS (\\Flagged))
     A: a2 APPEND INBOX {3+}\\r\\nx\\r\\n
     A>> a2 OK …
     B>> * 2 EXISTS
     A: a3 STORE 1 +FLAGS.SILENT (\\Deleted)
     A> a3 OK …
     A: a4 EXPUNGE
     A> * 1 EXPUNGE
     A> a4 OK …
     B>> * 1 EXPUNGE
     B: DONE\\r\\nb2 NOOP
     B> b1 OK …
     B> b2 OK …`,
  );
});

test('a mailbox that another session deletes ends with BYE, not with an error for ever', async () => {
  const { A, B } = await twoSessions(0);
  await transcript(
    { A, B },
    `A: a1 CREATE Work
     A> a1 OK …
     B: b1 SELECT Work
     B>> b1 OK …
     A: a2 DELETE Work
     A> a2 OK …
     B: b2 NOOP
     B> * BYE …`,
  );
  expect(await B.line()).toBeUndefined();
});

test('a deleted mailbox that is made again is a new one for whoever selects it', async () => {
  await transcript(
    await twoSessions(0),
    `A: a1 CREATE Work
     A> a1 OK …
     B: b1 SELECT Work
     B>> b1 OK …
     A: a2 DELETE Work
     A> a2 OK …
     A: a3 CREATE Work
     A> a3 OK …
     A: a4 APPEND Work {3+}\\r\\nx\\r\\n
     A> a4 OK …
     A: a5 SELECT Work
     A> * OK [CLOSED] …
     A> * FLAGS …
     A> * 1 EXISTS
     A>> a5 OK …
     B: b2 FETCH 1 (UID)
     B> * BYE …`,
  );
});

test('mailboxes: create, list, subscribe, rename, status, delete', async () => {
  await transcript(
    await twoSessions(1),
    `A: a1 CREATE Archive.2026.
     A> a1 OK …
     A: a2 CREATE INBOX
     A> a2 NO [ALREADYEXISTS] …
     A: a3 LIST "" ""
     A> * LIST (\\Noselect) "." ""
     A> a3 OK …
     A: a4 LIST "" "%"
     A> * LIST (\\HasNoChildren) "." INBOX
     A> * LIST (…\\HasChildren) "." Archive
     A> a4 OK …
     A: a5 LIST "Archive." "*"
     A> * LIST (\\HasNoChildren) "." Archive.2026
     A> a5 OK …
     A: a6 SUBSCRIBE Archive.2026
     A> a6 OK …
     A: a7 LSUB "" "%"
     A> * LSUB (\\Noselect) "." Archive
     A> a7 OK …
     A: a8 COPY 1 Archive.2026
     A> a8 OK [COPYUID … 1 1] …
     A: a9 RENAME Archive.2026 Old
     A> a9 OK …
     A: a10 STATUS Old (MESSAGES UNSEEN UIDNEXT)
     A> * STATUS Old (MESSAGES 1 UNSEEN 1 UIDNEXT 2)
     A> a10 OK …
     A: a11 COPY 1 Nowhere
     A> a11 NO [TRYCREATE] …
     A: a12 DELETE INBOX
     A> a12 NO …
     A: a13 DELETE Old
     A> a13 OK …
     A: a14 SELECT Old
     A> * OK [CLOSED] …
     A> a14 NO [NONEXISTENT] …
     A: a15 FETCH 1 (UID)
     A> a15 BAD …`,
  );
});

test('EXAMINE changes nothing', async () => {
  await transcript(
    await twoSessions(1),
    `A: a1 EXAMINE INBOX
     A>> a1 OK [READ-ONLY] …
     A: a2 FETCH 1 (BODY[])
     A> * 1 FETCH (BODY[] {…
     A> a2 OK …
     A: a3 STORE 1 +FLAGS (\\Seen)
     A> a3 NO …
     A: a4 EXPUNGE
     A> a4 NO …
     A: a5 SEARCH UNSEEN
     A> * SEARCH 1
     A> a5 OK …`,
  );
});

test('sets that name nothing, partial fetches past the end, literals within commands', async () => {
  await transcript(
    await twoSessions(1),
    `A: a1 FETCH 2 (UID)
     A> a1 BAD …
     A: a2 UID FETCH 77 (UID)
     A> a2 OK …
     A: a3 FETCH 1 (BODY.PEEK[TEXT]<9999.10>)
     A> * 1 FETCH (BODY[TEXT]<9999> …)
     A> a3 OK …
     A: a4 FETCH 1 (BODY.PEEK[7])
     A> * 1 FETCH (BODY[7] NIL)
     A> a4 OK …
     A: a5 SEARCH SUBJECT {9}
     A> + …
     A: message 1 FROM nobody
     A> * SEARCH
     A> a5 OK …
     A: a6 SEARCH NOT DELETED SUBJECT "MESSAGE 1" BODY bod
     A> * SEARCH 1
     A> a6 OK …`,
  );
});

test('APPEND asks for the message only where it can go somewhere', async () => {
  await transcript(
    await twoSessions(0),
    `A: a1 APPEND Nowhere {4}
     A> a1 NO [TRYCREATE] …
     A: a2 APPEND INBOX {99999999999}
     A> a2 … …
     A: a3 APPEND INBOX {4}
     A> + …
     A: abcd
     A> * 1 EXISTS
     A>> a3 OK [APPENDUID … 1] …`,
  );
});
