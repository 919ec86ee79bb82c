/** MOVE (RFC 6851 and its dialogues), COPY, UNSELECT, and what `$` names (RFC 5182). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { numbersOf, transcript } from '../support/transcript.ts';

let server: TestServer;
let user = 0;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

async function twoSessions(messages: number): Promise<{ A: Client; B: Client }> {
  user += 1;
  const A = await server.signIn(`user${user}`);
  await A.ok('CREATE foo');
  for (let n = 1; n <= messages; n += 1) await A.append('INBOX', `Subject: message ${n}\r\n\r\nbody ${n}\r\n`);
  await A.ok('SELECT INBOX');
  const B = await server.signIn(`user${user}`);
  await B.ok('SELECT INBOX');
  return { A, B };
}

test('COPYUID comes before the EXPUNGE, here and with another session (RFC 6851 §3.3, §4.3)', async () => {
  await transcript(
    await twoSessions(5),
    `A: a1 STORE 2:4 +FLAGS.SILENT (\\Flagged)
     A> a1 OK …
     A: a2 UID MOVE 2:4 foo
     A> * OK [COPYUID … 2:4 1:3] …
     A> * 4 EXPUNGE
     A> * 3 EXPUNGE
     A> * 2 EXPUNGE
     A> a2 OK …
     B: b1 NOOP
     B> * 4 EXPUNGE
     B> * 3 EXPUNGE
     B> * 2 EXPUNGE
     B> b1 OK …
     A: a3 SELECT foo
     A>> * 3 EXISTS
     A>> a3 OK …
     A: a4 FETCH 1:3 (FLAGS)
     A> * 1 FETCH (FLAGS (\\Flagged…))
     A> * 2 FETCH (FLAGS (\\Flagged…))
     A> * 3 FETCH (FLAGS (\\Flagged…))
     A> a4 OK …`,
  );
});

test('with QRESYNC a MOVE is VANISHED, and says HIGHESTMODSEQ (RFC 6851 §4.4)', async () => {
  const { A, B } = await twoSessions(3);
  const n = await numbersOf(
    { A, B },
    `B: b1 ENABLE QRESYNC
     B> * ENABLED QRESYNC
     B> * OK [HIGHESTMODSEQ «before»] …
     B> b1 OK …
     B: b2 MOVE 1,3 foo
     B> * OK [COPYUID … 1,3 1:2] …
     B> * VANISHED 1,3
     B> b2 OK [HIGHESTMODSEQ «after»] …
     A: a1 NOOP
     A> * 3 EXPUNGE
     A> * 1 EXPUNGE
     A> a1 OK …`,
  );
  expect(n.after).toBeGreaterThan(n.before ?? 0);
});

test('a MOVE that cannot be: nowhere to go, nothing to move, read-only, gone already', async () => {
  await transcript(
    await twoSessions(2),
    `A: a1 MOVE 1 Nowhere
     A> a1 NO [TRYCREATE] …
     A: a2 UID MOVE 77 foo
     A> a2 OK …
     A: a3 MOVE 3 foo
     A> a3 BAD …
     B: b1 EXAMINE INBOX
     B>> b1 OK …
     B: b2 MOVE 1 foo
     B> b2 NO …
     A: a4 MOVE 1 INBOX
     A> * OK [COPYUID … 1 3] …
     A> * 1 EXPUNGE
     A> * 2 EXISTS
     A>> a4 OK …
     B: b3 NOOP
     B> * 1 EXPUNGE
     B> * 2 EXISTS
     B>> b3 OK …`,
  );
});

test('a message that was moved away while the command was on its way is left out', async () => {
  await transcript(
    await twoSessions(3),
    `A: a1 MOVE 1 foo
     A>> a1 OK …
     B: b1 MOVE 1:2 foo
     B> * OK [COPYUID … 2 2] …
     B> * 2 EXPUNGE
     B> * 1 EXPUNGE
     B> b1 OK …
     B: b2 COPY 1 foo
     B> b2 OK [COPYUID … 3 3] …`,
  );
});

test('UNSELECT keeps what is \\Deleted (RFC 3691)', async () => {
  await transcript(
    await twoSessions(2),
    `A: a1 STORE 1 +FLAGS.SILENT (\\Deleted)
     A> a1 OK …
     A: a2 UNSELECT
     A> a2 OK …
     A: a3 UNSELECT
     A> a3 BAD …
     A: a4 STATUS INBOX (MESSAGES)
     A> * STATUS INBOX (MESSAGES 2)
     A> a4 OK …`,
  );
});

test('$ names what the last SEARCH saved, and loses what is expunged (RFC 5182)', async () => {
  await transcript(
    await twoSessions(5),
    `A: a1 FETCH $ (UID)
     A> a1 OK …
     A: a2 STORE 2,4:5 +FLAGS.SILENT (\\Flagged)
     A> a2 OK …
     A: a3 SEARCH RETURN (SAVE) FLAGGED
     A> a3 OK …
     A: a4 FETCH $ (UID)
     A> * 2 FETCH (UID 2)
     A> * 4 FETCH (UID 4)
     A> * 5 FETCH (UID 5)
     A> a4 OK …
     A: a5 UID STORE $ +FLAGS.SILENT (\\Deleted)
     A> a5 OK …
     A: a6 UID EXPUNGE 4
     A> * 4 EXPUNGE
     A> a6 OK …
     A: a7 UID FETCH $ (FLAGS)
     A> * 2 FETCH (UID 2 FLAGS (…))
     A> * 4 FETCH (UID 5 FLAGS (…))
     A> a7 OK …
     A: a8 COPY $ foo
     A> a8 OK [COPYUID … 2,5 1:2] …
     A: a9 MOVE $ foo
     A> * OK [COPYUID … 2,5 3:4] …
     A> * 4 EXPUNGE
     A> * 2 EXPUNGE
     A> a9 OK …
     A: a10 FETCH $ (UID)
     A> a10 OK …`,
  );
});
