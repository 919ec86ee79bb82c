/** The dialogues of RFC 7162 §3.1, each by its example number, with several connections on one mailbox. */
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

/** Connections of a new user, INBOX holding so many messages; the first has it selected, with CONDSTORE. */
async function sessions(messages: number): Promise<{ A: Client; B: Client; C: Client }> {
  user += 1;
  const A = await server.signIn(`user${user}`);
  for (let n = 1; n <= messages; n += 1) await A.append('INBOX', `Subject: message ${n}\r\n\r\nbody ${n}\r\n`);
  await A.ok('SELECT INBOX (CONDSTORE)');
  const [B, C] = await Promise.all([server.signIn(`user${user}`), server.signIn(`user${user}`)]);
  return { A, B, C };
}

test('examples 1 and 18: SELECT says HIGHESTMODSEQ, with the parameter and without', async () => {
  const { B, C } = await sessions(2);
  await transcript(
    { B, C },
    `B: A142 SELECT INBOX
     B> * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)
     B> * 2 EXISTS
     B> * 0 RECENT
     B> * OK [UNSEEN 1] …
     B> * OK [PERMANENTFLAGS …] …
     B> * OK [UIDVALIDITY …] …
     B> * OK [UIDNEXT 3] …
     B> * OK [MAILBOXID (…)] …
     B> * OK [HIGHESTMODSEQ «highest»] …
     B> A142 OK [READ-WRITE] …
     C: A142 EXAMINE INBOX (CONDSTORE)
     C>> * OK [HIGHESTMODSEQ «highest»] …
     C> A142 OK [READ-ONLY] …`,
  );
});

test('examples 3 and 4: a conditional STORE that passes tells MODSEQ, silent or not', async () => {
  const { A } = await sessions(4);
  const n = await numbersOf(
    { A },
    `A: a102 STATUS INBOX (HIGHESTMODSEQ)
     A> * STATUS INBOX (HIGHESTMODSEQ «known»)
     A> a102 OK …
     A: a103 UID STORE 3,2,4 (UNCHANGEDSINCE «known») +FLAGS.SILENT (\\Deleted)
     A> * 2 FETCH (UID 2 MODSEQ («m2»))
     A> * 3 FETCH (UID 3 MODSEQ («m3»))
     A> * 4 FETCH (UID 4 MODSEQ («m4»))
     A> a103 OK …
     A: a104 STORE * (UNCHANGEDSINCE «m4») +FLAGS.SILENT (\\Deleted $Processed)
     A>> * 4 FETCH (UID 4 MODSEQ («later»))
     A>> a104 OK …
     A: a105 STORE 4 (UNCHANGEDSINCE «later») -FLAGS ($Processed)
     A> * 4 FETCH (UID 4 FLAGS (\\Deleted…) MODSEQ («last»))
     A> a105 OK …`,
  );
  expect(n.m2).toBeGreaterThan(n.known ?? 0);
  expect(n.later).toBeGreaterThan(n.m4 ?? 0);
  expect(n.last).toBeGreaterThan(n.later ?? 0);
});

test('example 5: the first enabling command with a mailbox selected brings HIGHESTMODSEQ, once', async () => {
  const { B } = await sessions(3);
  const n = await numbersOf(
    { B },
    `B: c100 SELECT INBOX
     B>> * OK [HIGHESTMODSEQ «selected»] …
     B> c100 OK …
     B: c101 STORE 3 (UNCHANGEDSINCE «selected») -FLAGS.SILENT (\\Deleted)
     B>> * OK [HIGHESTMODSEQ «first»] …
     B> c101 OK …
     B: c102 STORE 3 +FLAGS.SILENT (\\Deleted)
     B> * 3 FETCH (UID 3 MODSEQ («next»))
     B> c102 OK …`,
  );
  expect(n.next).toBeGreaterThan(n.first ?? 0);
});

test.each([
  'STATUS INBOX (HIGHESTMODSEQ)',
  'FETCH 1 (MODSEQ)',
  'SEARCH MODSEQ 1',
  'UID FETCH 1 (FLAGS) (CHANGEDSINCE 1)',
])('%s is an enabling command', async (command) => {
  const { B } = await sessions(1);
  await transcript(
    { B },
    `B: b1 SELECT INBOX
       B>> b1 OK …
       B: b2 ${command}
       B>> * OK [HIGHESTMODSEQ …] …
       B> b2 OK …
       B: b3 STORE 1 +FLAGS (\\Seen)
       B> * 1 FETCH (UID 1 FLAGS (…) MODSEQ (…))
       B> b3 OK …`,
  );
});

test('ENABLE CONDSTORE is one as well, and names what it enabled', async () => {
  const { B } = await sessions(1);
  await transcript(
    { B },
    `B: a1 ENABLE X-GOOD-IDEA condstore
     B> * ENABLED CONDSTORE
     B> a1 OK …
     B: a2 ENABLE CONDSTORE
     B> * ENABLED
     B> a2 OK …
     B: a3 SELECT INBOX
     B>> a3 OK …
     B: a4 ENABLE
     B> a4 BAD …`,
  );
});

test('examples 6 and 7: what somebody else changed is MODIFIED, and told', async () => {
  const { A, B } = await sessions(9);
  await transcript(
    { A, B },
    `A: d101 STATUS INBOX (HIGHESTMODSEQ)
     A> * STATUS INBOX (HIGHESTMODSEQ «known»)
     A> d101 OK …
     B: b1 SELECT INBOX
     B>> b1 OK …
     B: b2 STORE 7 +FLAGS.SILENT (\\Seen \\Deleted)
     B> b2 OK …
     B: b3 STORE 9 +FLAGS.SILENT (\\Answered)
     B> b3 OK …
     A: d105 STORE 7,5,9 (UNCHANGEDSINCE «known») +FLAGS.SILENT (\\Deleted)
     A> * 5 FETCH (UID 5 MODSEQ («m5»))
     A> * 7 FETCH (UID 7 FLAGS (…\\Seen…) MODSEQ («m7»))
     A> * 9 FETCH (UID 9 FLAGS (…\\Answered…) MODSEQ («m9»))
     A> d105 OK [MODIFIED 7,9] …
     A: d106 UID STORE 7,5,9 (UNCHANGEDSINCE «known») +FLAGS (\\Flagged)
     A>> d106 OK [MODIFIED 5,7,9] …
     A: d107 FETCH 7,9 (FLAGS)
     A> * 7 FETCH (…FLAGS (\\Deleted \\Seen…)…)
     A> * 9 FETCH (…FLAGS (\\Answered…)…)
     A> d107 OK …`,
  );
});

test('example 8: UNCHANGEDSINCE 0 always fails', async () => {
  const { A } = await sessions(1);
  await transcript(
    { A },
    `A: a102 STORE 1 (UNCHANGEDSINCE 0) +FLAGS.SILENT ($MDNSent)
     A>> a102 OK [MODIFIED 1] …
     A: a103 FETCH 1 (FLAGS)
     A> * 1 FETCH (…FLAGS (…)…)
     A> a103 OK …
     A: a104 SEARCH KEYWORD $MDNSent
     A> * SEARCH
     A> a104 OK …`,
  );
});

test('examples 9 and 10: the client tries again with the value that it was told', async () => {
  const { A, B } = await sessions(5);
  await transcript(
    { A, B },
    `A: a105 STATUS INBOX (HIGHESTMODSEQ)
     A> * STATUS INBOX (HIGHESTMODSEQ «known»)
     A> a105 OK …
     B: b1 SELECT INBOX
     B>> b1 OK …
     B: b2 STORE 3 +FLAGS.SILENT (\\Deleted \\Answered)
     B> b2 OK …
     A: a106 STORE 2:4 (UNCHANGEDSINCE «known») +FLAGS.SILENT ($Processed)
     A>> * 2 FETCH (UID 2 MODSEQ (…))
     A> * 4 FETCH (UID 4 MODSEQ (…))
     A>> * 3 FETCH (UID 3 FLAGS (…\\Deleted…) MODSEQ («m3»))
     A> a106 OK [MODIFIED 3] …
     A: b107 NOOP
     A> b107 OK …
     A: b108 STORE 3 (UNCHANGEDSINCE «m3») +FLAGS.SILENT ($Processed)
     A> * 3 FETCH (UID 3 MODSEQ (…))
     A> b108 OK …`,
  );
});

test('example 11: expunged, changed and free messages in one conditional STORE', async () => {
  const { A, B } = await sessions(7);
  await transcript(
    { A, B },
    `A: b000 STATUS INBOX (HIGHESTMODSEQ)
     A> * STATUS INBOX (HIGHESTMODSEQ «known»)
     A> b000 OK …
     B: b1 SELECT INBOX
     B>> b1 OK …
     B: b2 STORE 2 +FLAGS.SILENT (\\Answered)
     B> b2 OK …
     B: b3 STORE 4:7 +FLAGS.SILENT (\\Deleted)
     B> b3 OK …
     B: b4 EXPUNGE
     B>> b4 OK …
     A: B001 STORE 1:7 (UNCHANGEDSINCE «known») +FLAGS (\\Seen)
     A> * 1 FETCH (UID 1 FLAGS (…\\Seen…) MODSEQ («m1»))
     A> * 3 FETCH (UID 3 FLAGS (…\\Seen…) MODSEQ («m3»))
     A> * 2 FETCH (UID 2 FLAGS (…\\Answered…) MODSEQ («m2»))
     A> * OK [HIGHESTMODSEQ «told»] …
     A> B001 NO [MODIFIED 2] …
     A: B002 NOOP
     A> * 7 EXPUNGE
     A> * 6 EXPUNGE
     A> * 5 EXPUNGE
     A> * 4 EXPUNGE
     A> * OK [HIGHESTMODSEQ «m3»] …
     A> B002 OK …
     A: b003 STORE 2 (UNCHANGEDSINCE «m2») +FLAGS (\\Seen)
     A> * 2 FETCH (UID 2 FLAGS (…\\Seen…) MODSEQ (…))
     A> b003 OK …`,
  );
});

test('a message that a set names twice fails no condition by its first occurrence', async () => {
  const { A } = await sessions(9);
  await transcript(
    { A },
    `A: e104 STATUS INBOX (HIGHESTMODSEQ)
     A> * STATUS INBOX (HIGHESTMODSEQ «known»)
     A> e104 OK …
     A: e105 STORE 7,3:9 (UNCHANGEDSINCE «known») +FLAGS.SILENT (\\Deleted)
     A>> * 9 FETCH (UID 9 MODSEQ (…))
     A> e105 OK STORE …`,
  );
});

test('flags that are there already change no modification sequence (§3.1.11)', async () => {
  const { A } = await sessions(1);
  await transcript(
    { A },
    `A: a1 STORE 1 +FLAGS (\\Flagged)
     A> * 1 FETCH (UID 1 FLAGS (\\Flagged…) MODSEQ («m»))
     A> a1 OK …
     A: a2 STORE 1 +FLAGS (\\Flagged)
     A> * 1 FETCH (UID 1 FLAGS (\\Flagged…) MODSEQ («m»))
     A> a2 OK …
     A: a3 STORE 1 -FLAGS.SILENT (\\Draft)
     A> * 1 FETCH (UID 1 MODSEQ («m»))
     A> a3 OK …`,
  );
});

test('examples 12 and 13: FETCH CHANGEDSINCE and MODSEQ', async () => {
  const { A, B } = await sessions(3);
  await transcript(
    { A, B },
    `A: a0 FETCH 1:3 (MODSEQ)
     A> * 1 FETCH (MODSEQ («m1»))
     A> * 2 FETCH (MODSEQ («m2»))
     A> * 3 FETCH (MODSEQ («m3»))
     A> a0 OK …
     B: b1 SELECT INBOX
     B>> b1 OK …
     B: b2 STORE 2 +FLAGS.SILENT (\\Seen)
     B> b2 OK …
     A: s100 UID FETCH 1:* (FLAGS) (CHANGEDSINCE «m3»)
     A> * 2 FETCH (UID 2 FLAGS (…\\Seen…) MODSEQ («later»))
     A> s100 OK …
     A: s101 UID FETCH 1:* (FLAGS) (CHANGEDSINCE «later»)
     A> s101 OK …`,
  );
});

test('example 14: what one session changes silently, others are told with its MODSEQ', async () => {
  const { A, B, C } = await sessions(7);
  await transcript(
    { A, B, C },
    `B: b0 SELECT INBOX (CONDSTORE)
     B>> b0 OK …
     C: c0 SELECT INBOX
     C>> c0 OK …
     A: A160 STORE 7 +FLAGS.SILENT (\\Deleted)
     A> * 7 FETCH (UID 7 MODSEQ («first»))
     A> A160 OK …
     B: C180 NOOP
     B> * 7 FETCH (UID 7 FLAGS (\\Deleted) MODSEQ («first»))
     B> C180 OK …
     C: D210 NOOP
     C> * 7 FETCH (FLAGS (\\Deleted))
     C> D210 OK …
     A: A240 STORE 7 +FLAGS.SILENT (\\Seen)
     A> * 7 FETCH (UID 7 MODSEQ («second»))
     A> A240 OK …
     B: C270 NOOP
     B> * 7 FETCH (UID 7 FLAGS (\\Deleted \\Seen) MODSEQ («second»))
     B> C270 OK …
     A: A330 STORE 7 -FLAGS.SILENT (\\Answered \\Seen)
     A> * 7 FETCH (UID 7 MODSEQ («third»))
     A> A330 OK …
     B: C360 NOOP
     B> * 7 FETCH (UID 7 FLAGS (\\Deleted) MODSEQ («third»))
     B> C360 OK …`,
  );
});

test('examples 15, 16 and 19: SEARCH by MODSEQ', async () => {
  const { A } = await sessions(5);
  await transcript(
    { A },
    `A: a1 STORE 2,4 +FLAGS.SILENT (\\Draft)
     A> * 2 FETCH (UID 2 MODSEQ («m2»))
     A> * 4 FETCH (UID 4 MODSEQ («m4»))
     A> a1 OK …
     A: a2 SEARCH MODSEQ "/flags/\\\\draft" all «m2»
     A> * SEARCH 2 4 (MODSEQ «m4»)
     A> a2 OK …
     A: t SEARCH OR NOT MODSEQ 1 LARGER 50000
     A> * SEARCH
     A> t OK …
     A: a3 SEARCH RETURN (ALL) MODSEQ «m2»
     A> * ESEARCH (TAG "a3") ALL 2,4 MODSEQ «m4»
     A> a3 OK …`,
  );
});

test('example 17: STATUS says the value that SELECT would', async () => {
  const { A, B } = await sessions(2);
  await transcript(
    { A, B },
    `A: A042 STATUS INBOX (UIDNEXT MESSAGES HIGHESTMODSEQ)
     A> * STATUS INBOX (UIDNEXT 3 MESSAGES 2 HIGHESTMODSEQ «highest»)
     A> A042 OK …
     B: b1 EXAMINE INBOX
     B>> * OK [HIGHESTMODSEQ «highest»] …
     B> b1 OK …`,
  );
});

test('a mailbox that never had a message has a HIGHESTMODSEQ above 0', async () => {
  const { A } = await sessions(0);
  const n = await numbersOf(
    { A },
    `A: a1 CREATE Empty
     A> a1 OK …
     A: a2 STATUS Empty (HIGHESTMODSEQ)
     A> * STATUS Empty (HIGHESTMODSEQ «status»)
     A> a2 OK …
     A: a3 SELECT Empty
     A>> * OK [HIGHESTMODSEQ «status»] …
     A> a3 OK …`,
  );
  expect(n.status).toBeGreaterThan(0);
});

test('the \\Seen that a FETCH sets is told with UID and MODSEQ (§3.2.4)', async () => {
  const { A } = await sessions(1);
  await transcript(
    { A },
    `A: a1 FETCH 1 (BODY[TEXT])
     A> * 1 FETCH (UID 1 FLAGS (\\Seen…) MODSEQ (…) BODY[TEXT] …)
     A> a1 OK …`,
  );
});
