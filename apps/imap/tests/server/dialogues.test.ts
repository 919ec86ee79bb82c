/**
 * Dialogues that RFC 9051 and RFC 3501 print and that no other test replays: with this server's delimiter, and with as many
 * messages as it takes. docs/rfc-dialogues.md says of every printed dialogue which test has it.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { PASSWORD, startServer, type TestServer } from '../support/server.ts';
import { transcript } from '../support/transcript.ts';

let server: TestServer;
let users = 0;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

/** Two sessions of a new user, with so many messages in INBOX and it selected in both. A speaks IMAP4rev2, B does not. */
async function sessions(messages: number): Promise<{ A: Client; B: Client }> {
  users += 1;
  const [A, B] = [await server.signIn(`user${users}`), await server.signIn(`user${users}`)];
  for (let n = 1; n <= messages; n += 1) {
    await A.append('INBOX', `Date: Mon, 7 Feb 1994 21:52:25 -0800\r\nSubject: message ${n}\r\n\r\nbody ${n}\r\n`);
  }
  await A.ok('ENABLE IMAP4rev2');
  for (const client of [A, B]) await client.ok('SELECT INBOX');
  return { A, B };
}

test('§6.1.2: NOOP brings what happened', async () => {
  const { A, B } = await sessions(3);
  await transcript(
    { A, B },
    `A: a002 NOOP
     A> a002 OK …
     B: b1 STORE 2 +FLAGS.SILENT (\\Deleted)
     B> b1 OK …
     B: b2 EXPUNGE
     B> * 2 EXPUNGE
     B> b2 OK …
     B: b3 APPEND INBOX {3+}\\r\\nx\\r\\n
     B>> b3 OK …
     B: b4 STORE 1 +FLAGS.SILENT (\\Seen \\Deleted)
     B> b4 OK …
     A: a047 NOOP
     A> * 2 EXPUNGE
     A> * 3 EXISTS
     A> * 1 FETCH (FLAGS (\\Deleted \\Seen))
     A> a047 OK …`,
  );
});

test('§6.3.3: EXAMINE', async () => {
  const { A } = await sessions(0);
  await transcript(
    { A },
    `A: A931 CREATE blurdybloop
     A> A931 OK …
     A: A932 EXAMINE blurdybloop
     A> * OK [CLOSED] …
     A> * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)
     A> * 0 EXISTS
     A> * LIST () "." blurdybloop
     A> * OK [PERMANENTFLAGS ()] …
     A> * OK [UIDVALIDITY …] …
     A> * OK [UIDNEXT 1] …
     A>> A932 OK [READ-ONLY] …`,
  );
});

test('§6.3.6: subscriptions follow a RENAME by commands sent at once', async () => {
  const { A } = await sessions(0);
  await A.ok('CREATE X');
  await A.ok('SUBSCRIBE X');
  await transcript(
    { A },
    `A: 1001 RENAME X Y\\r\\n1002 SUBSCRIBE Y\\r\\n1003 UNSUBSCRIBE X
     A> * LIST (…) "." Y ("OLDNAME" (X))
     A> 1001 OK …
     A> 1002 OK …
     A> 1003 OK …
     A: 1004 LIST (SUBSCRIBED) "" "?"
     A> 1004 OK …
     A: 1005 LIST (SUBSCRIBED) "" "Y"
     A> * LIST (…\\Subscribed…) "." Y
     A> 1005 OK …
     A: 1006 LIST (SUBSCRIBED) "" "X"
     A> 1006 OK …`,
  );
});

test('§6.3.12 (RFC 4315 §3): APPENDUID, COPYUID, and a copy of nothing', async () => {
  const { A } = await sessions(4);
  await transcript(
    { A },
    `A: A001 CREATE meeting
     A> A001 OK …
     A: A003 APPEND meeting (\\Seen) {45+}\\r\\nSubject: afternoon meeting\\r\\n\\r\\nHello Joe, ...\\r\\n
     A> A003 OK [APPENDUID «validity» 1] …
     A: A004 COPY 2:4 meeting
     A> A004 OK [COPYUID «validity» 2:4 2:4] …
     A: A005 UID COPY 305:310 meeting
     A> A005 OK …`,
  );
});

test('§6.3.13: IDLE tells what was kept back and what happens, by the numbers of the moment', async () => {
  const { A, B } = await sessions(3);
  await transcript(
    { A, B },
    `A: A002 IDLE
     A> + …
     B: b1 APPEND INBOX {3+}\\r\\nx\\r\\n
     B>> b1 OK …
     A> * 4 EXISTS
     A: DONE
     A> A002 OK …
     A: A003 FETCH 4 ALL
     A> * 4 FETCH (…)
     A> A003 OK …
     B: b2 STORE 2 +FLAGS.SILENT (\\Deleted)
     B> b2 OK …
     B: b3 EXPUNGE
     B> * 2 EXPUNGE
     B> b3 OK …
     A: A004 IDLE
     A> + …
     A> * 2 EXPUNGE
     B: b4 STORE 3 +FLAGS.SILENT (\\Deleted)
     B> b4 OK …
     A> * 3 FETCH (FLAGS (\\Deleted…))
     B: b5 EXPUNGE
     B> * 3 EXPUNGE
     B> b5 OK …
     A> * 3 EXPUNGE
     B: b6 APPEND INBOX {3+}\\r\\nx\\r\\n
     B>> b6 OK …
     A> * 3 EXISTS
     A: DONE
     A> A004 OK …
     A: A005 FETCH 3 ALL
     A> * 3 FETCH (…)
     A> A005 OK …`,
  );
});

test('§6.4.1, §6.4.3, §6.4.6: STORE, EXPUNGE from the last to the first, CLOSE says nothing', async () => {
  const { A } = await sessions(11);
  await A.ok('STORE 3 +FLAGS.SILENT (\\Seen)');
  await A.ok('STORE 7 +FLAGS.SILENT (\\Flagged \\Seen)');
  await transcript(
    { A },
    `A: A003 STORE 3:4,7,11 +FLAGS (\\Deleted)
     A> * 3 FETCH (FLAGS (\\Deleted \\Seen))
     A> * 4 FETCH (FLAGS (\\Deleted))
     A> * 7 FETCH (FLAGS (\\Flagged \\Deleted \\Seen))
     A> * 11 FETCH (FLAGS (\\Deleted))
     A> A003 OK …
     A: A202 EXPUNGE
     A> * 11 EXPUNGE
     A> * 7 EXPUNGE
     A> * 4 EXPUNGE
     A> * 3 EXPUNGE
     A> A202 OK …
     A: A340 STORE 1:3 +FLAGS.SILENT (\\Deleted)
     A> A340 OK …
     A: A341 CLOSE
     A> A341 OK …
     A: A342 STATUS INBOX (MESSAGES)
     A> * STATUS INBOX (MESSAGES 4)
     A> A342 OK …`,
  );
});

test('§6.4.4: words in UTF-8 by a literal that waits, and what is not there', async () => {
  const { A } = await sessions(1);
  const word = Buffer.from('отпуск').toString('latin1');
  await A.append('INBOX', `Content-Type: text/plain; charset=utf-8\r\n\r\n${word}\r\n`);
  await transcript(
    { A },
    `A: A284 SEARCH TEXT "string not in mailbox"
     A> * ESEARCH (TAG "A284")
     A> A284 OK …
     A: A285 SEARCH CHARSET UTF-8 TEXT {12}
     A> + …
     A: ${word}
     A> * ESEARCH (TAG "A285") ALL 2
     A> A285 OK …`,
  );
});

test('§6.4.9: UID EXPUNGE and UID FETCH of ranges with holes', async () => {
  const { A, B } = await sessions(6);
  await transcript(
    { A, B },
    `B: b1 STORE 2,4 +FLAGS.SILENT (\\Deleted)
     B> b1 OK …
     B: b2 EXPUNGE
     B> * 4 EXPUNGE
     B> * 2 EXPUNGE
     B> b2 OK …
     A: A998 STORE 1 +FLAGS.SILENT (\\Seen)
     A>> A998 OK …
     A: A999 UID FETCH 3:5 FLAGS
     A> * 3 FETCH (UID 3 FLAGS ())
     A> * 5 FETCH (UID 5 FLAGS ())
     A>> A999 OK …
     A: A002 UID STORE 3:5 +FLAGS.SILENT (\\Deleted)
     A> A002 OK …
     A: A003 UID EXPUNGE 3:5
     A> * 3 EXPUNGE
     A> * 2 EXPUNGE
     A> A003 OK …`,
  );
});

test('§6.5, §7.1.3: a command that nobody knows, one that is too long, and an empty line', async () => {
  const { A } = await sessions(0);
  await transcript(
    { A },
    `A: a441 XPIG-LATIN
     A> a441 BAD …
     A: ${''}
     A: a442 NOOP ${'x'.repeat(70_000)}
     A> … BAD …
     A: a443 NOOP
     A> a443 OK …`,
  );
});

test('§7.6: a sign-in by literals, and a literal of a command that nobody knows', async () => {
  const A = await server.connect();
  await transcript(
    { A },
    `A: A001 LOGIN {11}
     A> + …
     A: FRED@FOOBAR {${PASSWORD.length}}
     A> + …
     A: ${PASSWORD}
     A> A001 OK …
     A: A044 BLURDYBLOOP {102856}
     A> A044 BAD …
     A: A045 NOOP
     A> A045 OK …`,
  );
});

test('§8: a session as the RFC has it', async () => {
  const { B } = await sessions(2);
  await B.ok('LOGOUT');
  const A = await server.signIn(`user${users}`);
  await transcript(
    { A },
    `A: babc ENABLE IMAP4rev2
     A> * ENABLED IMAP4rev2
     A> babc OK …
     A: a002 select inbox
     A> * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)
     A> * 2 EXISTS
     A> * LIST () "." INBOX
     A>> a002 OK [READ-WRITE] …
     A: a003 fetch 2 full
     A> * 2 FETCH (FLAGS () INTERNALDATE "…" RFC822.SIZE … ENVELOPE (…) BODY ("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 8 1))
     A> a003 OK …
     A: a004 fetch 2 body[header]
     A> * 2 FETCH (FLAGS (\\Seen) BODY[HEADER] {…}…)
     A> a004 OK …
     A: a005 store 2 +flags \\deleted
     A> * 2 FETCH (FLAGS (\\Deleted \\Seen))
     A> a005 OK …
     A: a006 logout
     A> * BYE …
     A> a006 OK …`,
  );
  expect(await A.line()).toBeUndefined();
});
