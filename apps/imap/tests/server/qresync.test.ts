/** The dialogues of RFC 7162 §3.2 and §6, with several connections on one mailbox, and what may befall a client that comes back. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mailbox, MailStore } from '@scorpiox/maildir';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { overriding } from '../support/overriding.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { type Numbers, numbersOf, transcript } from '../support/transcript.ts';

let server: TestServer;
let user = 0;
/** Whether the store remembers expunges at all. */
let forgetful = false;

beforeAll(async () => {
  server = await startServer(undefined, forgetting);
});
afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

/** A store that, while `forgetful`, has forgotten every expunge there was. */
function forgetting(store: MailStore): MailStore {
  const open: MailStore['open'] = async (name) => {
    const opened = await store.open(name);
    return opened.ok ? { ok: true, value: mailboxOf(opened.value) } : opened;
  };
  return overriding(store, { open });
}

const mailboxOf = (mailbox: Mailbox): Mailbox =>
  overriding(mailbox, {
    get historyFrom() {
      return forgetful ? mailbox.highestModSeq : mailbox.historyFrom;
    },
  });

interface Sessions {
  readonly name: string;
  readonly A: Client;
  readonly B: Client;
  readonly known: Numbers;
}

/** A has INBOX selected with QRESYNC, B plainly; `known` is what A would remember: validity and modseq. */
async function sessions(messages: number): Promise<Sessions> {
  user += 1;
  const name = `user${user}`;
  const B = await server.signIn(name);
  for (let n = 1; n <= messages; n += 1) await B.append('INBOX', `Subject: message ${n}\r\n\r\nbody ${n}\r\n`);
  const A = await comesBack(name);
  const known = await numbersOf(
    { A, B },
    `B: b0 SELECT INBOX
     B>> b0 OK …
     A: a0 SELECT INBOX
     A>> * OK [UIDVALIDITY «validity»] …
     A>> * OK [HIGHESTMODSEQ «modseq»] …
     A> a0 OK …`,
  );
  return { name, A, B, known };
}

async function comesBack(name: string): Promise<Client> {
  const client = await server.signIn(name);
  expect(await client.ok('ENABLE QRESYNC')).toEqual(['* ENABLED QRESYNC']);
  return client;
}

async function expunge(client: Client, uids: string): Promise<void> {
  await client.ok(`UID STORE ${uids} +FLAGS.SILENT (\\Deleted)`);
  await client.ok(`UID EXPUNGE ${uids}`);
}

test('without ENABLE QRESYNC its parameters are BAD, and the mailbox stays selected (§3.2.3, §3.2.5)', async () => {
  const { B, known } = await sessions(1);
  await transcript(
    { B },
    `B: b1 SELECT INBOX (QRESYNC («validity» «modseq»))
     B> b1 BAD …
     B: b2 UID FETCH 1:* (FLAGS) (CHANGEDSINCE «modseq» VANISHED)
     B> b2 BAD …
     B: b3 NOOP
     B> b3 OK …
     B: b4 FETCH 1 (UID)
     B> * 1 FETCH (UID 1)
     B> b4 OK …`,
    known,
  );
});

test('ENABLE QRESYNC CONDSTORE, in any order and at once with SELECT', async () => {
  const { name } = await sessions(1);
  const C = await server.signIn(name);
  await transcript(
    { C },
    `C: c1 ENABLE CONDSTORE QRESYNC\\r\\nc2 SELECT INBOX (QRESYNC (1 1))
     C> * ENABLED CONDSTORE QRESYNC
     C> c1 OK …
     C>> c2 OK [READ-WRITE] …
     C: c3 STORE 1 +FLAGS (\\Flagged)
     C> * 1 FETCH (UID 1 FLAGS (…) MODSEQ (…))
     C> c3 OK …`,
  );
});

test('§3.2.5: another UIDVALIDITY, and nothing of what changed is told', async () => {
  const { name, B } = await sessions(3);
  await expunge(B, '1');
  const C = await comesBack(name);
  await transcript(
    { C },
    `C: A02 SELECT INBOX (QRESYNC (67890007 20050715194045000 41,43:211,214:541))
     C> * FLAGS …
     C> * 2 EXISTS
     C> * 0 RECENT
     C> * OK [UNSEEN 1] …
     C> * OK [PERMANENTFLAGS …] …
     C> * OK [UIDVALIDITY …] …
     C> * OK [UIDNEXT 4] …
     C> * OK [MAILBOXID (…)] …
     C> * OK [HIGHESTMODSEQ …] …
     C> A02 OK [READ-WRITE] …`,
  );
});

test('§3.2.5.1: expunges and flags since then, of the messages that the client knows, after CLOSED', async () => {
  const { name, A, B, known } = await sessions(9);
  await expunge(B, '1,3:4,9');
  await B.ok('UID STORE 5 +FLAGS.SILENT (\\Seen \\Answered)');
  await B.ok('UID STORE 7 +FLAGS.SILENT (\\Draft $MDNSent)');
  await B.append('INBOX', 'Subject: new\r\n\r\n');
  const C = await comesBack(name);
  await transcript(
    { A, C },
    `C: A01 CREATE Other
     C> A01 OK …
     C: A02 SELECT Other
     C>> A02 OK …
     C: A03 SELECT INBOX (QRESYNC («validity» «modseq» 2:5,7:9))
     C> * OK [CLOSED] …
     C> * FLAGS …
     C> * 6 EXISTS
     C>> * OK [HIGHESTMODSEQ «now»] …
     C> * VANISHED (EARLIER) 3:4,9
     C> * 2 FETCH (UID 5 FLAGS (\\Answered \\Seen) MODSEQ (…))
     C> * 4 FETCH (UID 7 FLAGS (\\Draft $MDNSent) MODSEQ (…))
     C> A03 OK [READ-WRITE] …
     The same without known UIDs: all of them, the new message as well.
     C: A04 EXAMINE INBOX (QRESYNC («validity» «modseq»))
     C>> * VANISHED (EARLIER) 1,3:4,9
     C> * 2 FETCH (UID 5 …)
     C> * 4 FETCH (UID 7 …)
     C> * 6 FETCH (UID 10 FLAGS (…) MODSEQ (…))
     C> A04 OK [READ-ONLY] …
     Nothing is left to tell.
     C: A05 SELECT INBOX (QRESYNC («validity» «now»))
     C>> * OK [HIGHESTMODSEQ «now»] …
     C> A05 OK [READ-WRITE] …`,
    known,
  );
});

test('§3.2.5.2: a store that remembers no expunges, without sequence match data and with it', async () => {
  const { name, B, known } = await sessions(30);
  const gone = Array.from({ length: 30 }, (_, index) => index + 1).filter((uid) => uid % 3 !== 0);
  await expunge(B, gone.join(','));
  await B.ok('UID STORE 3,30 +FLAGS.SILENT (\\Seen)');
  forgetful = true;
  try {
    const C = await comesBack(name);
    await transcript(
      { C },
      `C: A04 SELECT INBOX (QRESYNC («validity» «modseq» 1:29))
       C>> * OK [HIGHESTMODSEQ …] …
       C> * VANISHED (EARLIER) 1:2,4:5,7:8,10:11,13:14,16:17,19:20,22:23,25:26,28:29
       C> * 1 FETCH (UID 3 FLAGS (\\Seen) MODSEQ (…))
       C> A04 OK …
       C: B04 SELECT INBOX (QRESYNC («validity» «modseq» 1:29 (2,5,7:9 6,15,21,24,27)))
       C>> * OK [HIGHESTMODSEQ …] …
       C> * VANISHED (EARLIER) 28:29
       C> * 1 FETCH (UID 3 FLAGS (\\Seen) MODSEQ (…))
       C> B04 OK …
       Up to the last pair that fits: the third sample is what it was before an expunge.
       C: B05 SELECT INBOX (QRESYNC («validity» «modseq» 1:29 (2,5,8 6,15,22)))
       C>> * VANISHED (EARLIER) 16:17,19:20,22:23,25:26,28:29
       C> * 1 FETCH (UID 3 FLAGS (\\Seen) MODSEQ (…))
       C> B05 OK …
       C: B06 SELECT INBOX (QRESYNC («validity» «modseq» 1:4294967295))
       C>> * VANISHED (EARLIER) 1:2,4:5,7:8,10:11,13:14,16:17,19:20,22:23,25:26,28:29
       C>> B06 OK …`,
      known,
    );
  } finally {
    forgetful = false;
  }
});

test('§3.2.6: UID FETCH with VANISHED, and where that is BAD', async () => {
  const { A, B, known } = await sessions(12);
  await expunge(B, '2,5,11');
  await B.ok('UID STORE 6 +FLAGS.SILENT (\\Deleted)');
  await transcript(
    { A },
    `A: s99 NOOP
     A> * VANISHED 2,5,11
     A> * 4 FETCH (UID 6 FLAGS (\\Deleted) MODSEQ («m6»))
     A> s99 OK …
     A: s100 UID FETCH 3:9 (FLAGS) (CHANGEDSINCE «modseq» VANISHED)
     A> * VANISHED (EARLIER) 5
     A> * 4 FETCH (UID 6 FLAGS (\\Deleted) MODSEQ («m6»))
     A> s100 OK …
     A: s101 UID FETCH 1:* (FLAGS) (CHANGEDSINCE «modseq» VANISHED)
     A> * VANISHED (EARLIER) 2,5,11
     A> * 4 FETCH (UID 6 FLAGS (\\Deleted) MODSEQ («m6»))
     A> s101 OK …
     A: s102 FETCH 1:3 (FLAGS) (CHANGEDSINCE «modseq» VANISHED)
     A> s102 BAD …
     A: s103 UID FETCH 1:3 (FLAGS) (VANISHED)
     A> s103 BAD …`,
    known,
  );
});

test('§3.2.6: an expunge that the session has not been told of is VANISHED, not VANISHED (EARLIER)', async () => {
  const { A, B, known } = await sessions(4);
  await expunge(B, '2');
  await transcript(
    { A },
    `A: s100 UID FETCH 1:* (FLAGS) (CHANGEDSINCE «modseq» VANISHED)
     A> * VANISHED 2
     A> s100 OK …`,
    known,
  );
});

test('§3.2.7, §3.2.9, §3.2.10: EXPUNGE and UID EXPUNGE, with QRESYNC and without', async () => {
  const { A, B } = await sessions(11);
  await transcript(
    { A, B },
    `A: A201 STORE 3,4,7,11 +FLAGS.SILENT (\\Deleted)
     A>> A201 OK …
     A: B202 EXPUNGE
     A> * VANISHED 3:4,7,11
     A> B202 OK [HIGHESTMODSEQ «now»] …
     B: b1 NOOP
     B> * 11 EXPUNGE
     B> * 7 EXPUNGE
     B> * 4 EXPUNGE
     B> * 3 EXPUNGE
     B> b1 OK …
     A: A209 UID STORE 2,6 +FLAGS.SILENT (\\Deleted)
     A>> A209 OK …
     A: A210 UID EXPUNGE 1:4
     A> * VANISHED 2
     A> A210 OK [HIGHESTMODSEQ …] …
     A: A211 EXPUNGE
     A> * VANISHED 6
     A> A211 OK [HIGHESTMODSEQ …] …
     A: A212 EXPUNGE
     A> A212 OK EXPUNGE …`,
  );
});

test('§3.2.8: CLOSE says nothing of what it removes, and UNSELECT removes nothing', async () => {
  const { name, A, known } = await sessions(3);
  const C = await comesBack(name);
  await transcript(
    { A, C },
    `A: a1 STORE 2 +FLAGS.SILENT (\\Deleted)
     A>> a1 OK …
     A: a2 UNSELECT
     A> a2 OK UNSELECT …
     A: a3 FETCH 1 (UID)
     A> a3 BAD …
     A: a4 SELECT INBOX
     A> * FLAGS …
     A> * 3 EXISTS
     A>> a4 OK …
     A: A202 CLOSE
     A> A202 OK CLOSE …
     C: c1 SELECT INBOX (QRESYNC («validity» «modseq»))
     C>> * VANISHED (EARLIER) 2
     C> c1 OK …`,
    known,
  );
});

test('§3.2.11: CLOSED stands between two mailboxes, also where the second is none', async () => {
  const { A, B } = await sessions(1);
  await transcript(
    { A, B },
    `B: b1 STORE 1 +FLAGS.SILENT (\\Seen)
     B> b1 OK …
     A: a1 SELECT Nowhere
     A> * OK [CLOSED] …
     A> a1 NO [NONEXISTENT] …
     A: a2 SELECT INBOX
     A> * FLAGS …
     A>> a2 OK …`,
  );
});

test('§6: while VANISHED is kept back HIGHESTMODSEQ says so, and says the true value afterwards', async () => {
  const { A, B } = await sessions(8);
  const n = await numbersOf(
    { A, B },
    `A: A149 STATUS INBOX (HIGHESTMODSEQ)
     A> * STATUS INBOX (HIGHESTMODSEQ «known»)
     A> A149 OK …
     B: b1 STORE 3 +FLAGS.SILENT (\\Answered)
     B> b1 OK …
     B: b2 STORE 8 +FLAGS.SILENT (\\Deleted)
     B> b2 OK …
     B: b3 EXPUNGE
     B> * 8 EXPUNGE
     B> b3 OK …
     A: A150 STORE 1:3 (UNCHANGEDSINCE «known») +FLAGS.SILENT (\\Seen)
     A> * 1 FETCH (UID 1 MODSEQ («m1»))
     A> * 2 FETCH (UID 2 MODSEQ («m2»))
     A> * 3 FETCH (UID 3 FLAGS (\\Answered) MODSEQ («m3»))
     A> * OK [HIGHESTMODSEQ «held»] …
     A> A150 OK [MODIFIED 3] …
     A: A151 STORE 3 +FLAGS.SILENT (\\Seen)
     A> * 3 FETCH (UID 3 MODSEQ («last»))
     A> * OK [HIGHESTMODSEQ «held»] …
     A> A151 OK …
     A: A152 NOOP
     A> * VANISHED 8
     A> * OK [HIGHESTMODSEQ «last»] …
     A> A152 OK …
     A: A153 NOOP
     A> A153 OK …`,
  );
  expect(n.held).toBeLessThan(n.m1 ?? 0);
});

test('§6: HIGHESTMODSEQ is another one, and what the client knows is brought up to date', async () => {
  const { name, A, B, known } = await sessions(20);
  await A.ok('LOGOUT');
  await expunge(B, '1:5,7:8,10:15');
  await B.ok('UID STORE 9 +FLAGS.SILENT ($NoJunk $AutoJunk $MDNSent)');
  await B.ok('UID STORE 6 +FLAGS.SILENT (\\Deleted)');
  await B.append('INBOX', 'Subject: new\r\n\r\n');
  const C = await comesBack(name);
  await transcript(
    { C },
    `C: A142 SELECT INBOX (QRESYNC («validity» «modseq» 1:19))
     C> * FLAGS …
     C> * 8 EXISTS
     C>> * OK [UIDVALIDITY «validity»] …
     C> * OK [UIDNEXT 22] …
     C>> * OK [HIGHESTMODSEQ …] …
     C> * VANISHED (EARLIER) 1:5,7:8,10:15
     C> * 1 FETCH (UID 6 FLAGS (\\Deleted) MODSEQ («m6»))
     C> * 2 FETCH (UID 9 FLAGS ($NoJunk $AutoJunk $MDNSent) MODSEQ («m9»))
     C> A142 OK [READ-WRITE] …`,
    known,
  );
});

test('§3.2.10.2: a UID SEARCH that names numbers keeps VANISHED back, one that does not may bring it', async () => {
  const { A, B } = await sessions(4);
  await expunge(B, '2');
  await transcript(
    { A },
    `A: a1 UID SEARCH OR 1:3 NOT 1:4
     A> * SEARCH 1 3
     A> * OK [HIGHESTMODSEQ …] …
     A> a1 OK …
     A: a2 UID SEARCH ALL
     A> * SEARCH 1 3 4
     A> * VANISHED 2
     A> * OK [HIGHESTMODSEQ …] …
     A> a2 OK …`,
  );
});

test('a client whose connection broke while VANISHED was kept back learns of it when it comes back', async () => {
  const { name, A, B, known } = await sessions(5);
  await expunge(B, '5');
  await transcript(
    { A },
    `A: a1 STORE 1 +FLAGS (\\Seen)
     A> * 1 FETCH (UID 1 FLAGS (\\Seen) MODSEQ (…))
     A> * OK [HIGHESTMODSEQ «held»] …
     A> a1 OK …`,
    known,
  );
  A.close();
  const C = await comesBack(name);
  await transcript(
    { C },
    `C: c1 SELECT INBOX (QRESYNC («validity» «held»))
     C>> * VANISHED (EARLIER) 5
     C> * 1 FETCH (UID 1 FLAGS (\\Seen) MODSEQ (…))
     C> c1 OK …`,
    known,
  );
});

test('a message that came and went between is never VANISHED', async () => {
  const { A, B } = await sessions(1);
  await B.append('INBOX', 'Subject: short life\r\n\r\n');
  await expunge(B, '2');
  await transcript(
    { A },
    `A: a1 NOOP
     A> a1 OK …`,
  );
});

test('IDLE tells VANISHED, and flags with UID and MODSEQ', async () => {
  const { A, B } = await sessions(3);
  await transcript(
    { A, B },
    `A: a1 IDLE
     A> + idling
     B: b1 STORE 2 +FLAGS.SILENT (\\Deleted)
     B> b1 OK …
     A> * 2 FETCH (UID 2 FLAGS (\\Deleted) MODSEQ (…))
     B: b2 EXPUNGE
     B> * 2 EXPUNGE
     B> b2 OK …
     A> * VANISHED 2
     A: DONE
     A> a1 OK …`,
  );
});

test('a modification sequence from the future: all that the client may know is told', async () => {
  const { name, B, known } = await sessions(4);
  await expunge(B, '2');
  const C = await comesBack(name);
  await transcript(
    { C },
    `C: c1 SELECT INBOX (QRESYNC («validity» 9223372036854775807))
     C>> * OK [HIGHESTMODSEQ «now»] …
     C> * VANISHED (EARLIER) 2
     C> * 1 FETCH (UID 1 FLAGS () MODSEQ (…))
     C> * 2 FETCH (UID 3 FLAGS () MODSEQ (…))
     C> * 3 FETCH (UID 4 FLAGS () MODSEQ (…))
     C> c1 OK …`,
    known,
  );
});

test('an empty mailbox, and one that never had a message', async () => {
  const { name, B, known } = await sessions(2);
  await expunge(B, '1:2');
  await B.ok('CREATE Empty');
  const C = await comesBack(name);
  await transcript(
    { C },
    `C: c1 SELECT INBOX (QRESYNC («validity» «modseq»))
     C> * FLAGS …
     C> * 0 EXISTS
     C>> * VANISHED (EARLIER) 1:2
     C> c1 OK …
     C: c2 UID FETCH 1:* (FLAGS) (CHANGEDSINCE «modseq» VANISHED)
     C> * VANISHED (EARLIER) 1:2
     C> c2 OK …
     C: c3 SELECT Empty
     C>> * OK [UIDVALIDITY «empty»] …
     C>> * OK [HIGHESTMODSEQ «highest»] …
     C> c3 OK …
     C: c4 SELECT Empty (QRESYNC («empty» «highest» 1:77 (1:7 1:7)))
     C>> * OK [HIGHESTMODSEQ «highest»] …
     C> c4 OK …
     C: c5 UID FETCH 1:* (FLAGS) (CHANGEDSINCE 1 VANISHED)
     C> c5 OK …`,
    known,
  );
});

test('another UIDVALIDITY: the index was lost, and the client is told nothing that it could misread', async () => {
  const { name, A, B, known } = await sessions(3);
  await expunge(B, '2');
  await Promise.all([A, B].map((client) => client.ok('LOGOUT')));
  const folder = join(server.maildir(name), '..');
  for (const file of ['index.db', 'index.db-wal', 'index.db-shm', 'index.db.copy'])
    await rm(join(folder, file), { force: true });
  const C = await comesBack(name);
  const n = await numbersOf(
    { C },
    `C: c1 SELECT INBOX (QRESYNC («validity» «modseq»))
     C> * FLAGS …
     C> * 2 EXISTS
     C>> * OK [UIDVALIDITY «other»] …
     C>> * OK [HIGHESTMODSEQ …] …
     C> c1 OK [READ-WRITE] …`,
    { ...known },
  );
  expect(n.other).not.toBe(known.validity);
});

test('after a restart of the server a client learns what it missed before and since', async () => {
  let own = await startServer();
  try {
    const B = await own.signIn('wanda');
    for (let n = 1; n <= 4; n += 1) await B.append('INBOX', `Subject: ${n}\r\n\r\n`);
    const known = await numbersOf(
      { B },
      `B: b1 SELECT INBOX
       B>> * OK [UIDVALIDITY «validity»] …
       B>> * OK [HIGHESTMODSEQ «modseq»] …
       B> b1 OK …
       B: b2 STORE 2 +FLAGS.SILENT (\\Deleted)
       B> b2 OK …
       B: b3 EXPUNGE
       B>> b3 OK …`,
    );
    own = await own.restart();
    const [C, D] = [await own.signIn('wanda'), await own.signIn('wanda')];
    await D.ok('SELECT INBOX');
    await D.ok('STORE 3 +FLAGS (\\Seen)');
    await C.ok('ENABLE QRESYNC');
    await transcript(
      { C },
      `C: c1 SELECT INBOX (QRESYNC («validity» «modseq»))
       C>> * OK [UIDVALIDITY «validity»] …
       C>> * VANISHED (EARLIER) 2
       C> * 3 FETCH (UID 4 FLAGS (\\Seen) MODSEQ (…))
       C> c1 OK …`,
      known,
    );
  } finally {
    await own.stop();
  }
});
