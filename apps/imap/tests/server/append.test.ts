/**
 * APPEND: the dialogues that RFC 3502 §6.3.11, RFC 9051 §6.3.12 and RFC 7889 §4 print, several messages at once, and what is
 * left where it fails: nothing.
 */
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
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

async function signIn(): Promise<{ readonly A: Client; readonly name: string }> {
  user += 1;
  const name = `appender${user}`;
  const A = await server.signIn(name);
  await A.ok('CREATE saved-messages');
  return { A, name };
}

/** Files anywhere in a mailbox of the user's Maildir. */
async function filesOf(name: string, folder = '.saved-messages'): Promise<string[]> {
  const parts = ['cur', 'new', 'tmp'].map((part) => readdir(join(server.maildir(name), folder, part)));
  return (await Promise.all(parts)).flat();
}

const FIRST = `Date: Mon, 7 Feb 1994 21:52:25 -0800 (PST)
From: Fred Foobar <foobar@Blurdybloop.example.COM>
Subject: afternoon meeting
To: mooch@owatagu.example.net
Message-Id: <B27397-0100000@Blurdybloop.example.COM>
MIME-Version: 1.0
Content-Type: TEXT/PLAIN; CHARSET=US-ASCII

Hello Joe, do you think we can meet at 3:30 tomorrow?
`.replaceAll('\n', '\r\n');

const SECOND = `Date: Mon, 7 Feb 1994 22:43:04 -0800 (PST)
From: Joe Mooch <mooch@OWaTaGu.example.net>
Subject: Re: afternoon meeting
To: foobar@blurdybloop.example.com
Message-Id: <a0434793874930@OWaTaGu.example.net>
MIME-Version: 1.0
Content-Type: TEXT/PLAIN; CHARSET=US-ASCII

3:30 is fine with me.
`.replaceAll('\n', '\r\n');

const wire = (message: string): string => message.replaceAll('\r\n', '\\r\\n');

test('RFC 3502 §6.3.11: several messages, each asked for', async () => {
  const { A } = await signIn();
  await transcript(
    { A },
    `A: A003 APPEND saved-messages (\\Seen) {${FIRST.length}}
     A> + …
     A: ${wire(FIRST)} (\\Seen) " 7-Feb-1994 22:43:04 -0800" {${SECOND.length}}
     A> + …
     A: ${wire(SECOND)}
     A> A003 OK [APPENDUID … 1:2] …
     A: A004 APPEND bogusname (\\Flagged) {1023}
     A> A004 NO [TRYCREATE] …
     A: x1 EXAMINE saved-messages
     A>> x1 OK …
     A: x2 FETCH 1:2 (FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (SUBJECT)])
     A> * 1 FETCH (FLAGS (\\Seen…) INTERNALDATE … RFC822.SIZE ${FIRST.length} …Subject: afternoon meeting…)
     A> * 2 FETCH (FLAGS (\\Seen…) INTERNALDATE " 8-Feb-1994 06:43:04 +0000" RFC822.SIZE ${SECOND.length} …Re: afternoon…)
     A> x2 OK …`,
  );
});

test('RFC 3502 §6.3.11: without room for the last message none is stored', async () => {
  const { A, name } = await signIn();
  const store = await server.openElsewhere(name);
  await store.setQuota({ storage: 10_000, messages: undefined });
  await store.close();
  await transcript(
    { A },
    `A: A005 APPEND saved-messages (\\Flagged) {${FIRST.length}}
     A> + …
     A: ${wire(FIRST)} {35403}
     A> A005 NO [OVERQUOTA] …
     A: A006 STATUS saved-messages (MESSAGES)
     A> * STATUS saved-messages (MESSAGES 0)
     A> A006 OK …`,
  );
  expect(await filesOf(name)).toEqual([]);
});

test('RFC 3502 §6.3.11: a message of no octets takes everything back', async () => {
  const { A, name } = await signIn();
  await transcript(
    { A },
    `A: a1 APPEND saved-messages {3+}\\r\\nx\\r\\n {0}
     A> a1 NO …
     A: a2 APPEND saved-messages {0}
     A> a2 NO …
     A: a3 APPEND saved-messages {0+}\\r\\n
     A> a3 NO …
     A: a4 APPEND saved-messages {3+}\\r\\nx\\r\\n {0+}\\r\\n
     A> a4 NO …
     A: a5 STATUS saved-messages (MESSAGES UIDNEXT)
     A> * STATUS saved-messages (MESSAGES 0 UIDNEXT 1)
     A> a5 OK …`,
  );
  expect(await filesOf(name)).toEqual([]);
});

test('RFC 9051 §6.3.12: without being asked, and to the mailbox that is selected', async () => {
  const { A } = await signIn();
  await transcript(
    { A },
    `A: a1 SELECT saved-messages
     A>> a1 OK …
     A: A003 APPEND saved-messages (\\Seen) {${FIRST.length}+}\\r\\n${wire(FIRST)}
     A> * 1 EXISTS
     A> * 1 RECENT
     A> A003 OK [APPENDUID … 1] …
     A: A004 APPEND saved-messages {3+}\\r\\na\\r\\n {3+}\\r\\nb\\r\\n (\\Draft) {3+}\\r\\nc\\r\\n
     A> * 4 EXISTS
     A> * 4 RECENT
     A> A004 OK [APPENDUID … 2:4] …`,
  );
});

test('another session in IDLE hears of all of them', async () => {
  const { A, name } = await signIn();
  const B = await server.signIn(name);
  await transcript(
    { A, B },
    `B: b1 SELECT saved-messages
     B>> b1 OK …
     B: b2 IDLE
     B> + …
     A: a1 APPEND saved-messages {3+}\\r\\na\\r\\n {3+}\\r\\nb\\r\\n
     A> a1 OK [APPENDUID … 1:2] …
     B>> * 2 EXISTS
     B: DONE
     B>> b2 OK …`,
  );
});

test('RFC 7889 §4: a message above the limit is not asked for', async () => {
  const { A, name } = await signIn();
  await transcript(
    { A },
    `A: a1 APPEND saved-messages {268435457}
     A> a1 NO [TOOBIG] …
     A: a2 APPEND saved-messages {3+}\\r\\nx\\r\\n {268435457}
     A> a2 NO [TOOBIG] …
     A: a3 NOOP
     A> a3 OK …`,
  );
  expect(await filesOf(name)).toEqual([]);
});

test('what is illegal after a message stores none', async () => {
  const { A, name } = await signIn();
  await transcript(
    { A },
    `A: a1 APPEND saved-messages {3+}\\r\\nx\\r\\n nonsense
     A> a1 BAD …
     A: a2 APPEND saved-messages {3+}\\r\\nx\\r\\n (\\Nonsense) {3+}\\r\\ny\\r\\n
     A> a2 BAD …
     A: a3 NOOP
     A>> a3 OK …`,
  );
  expect(await filesOf(name)).toEqual([]);
});

test('a client that goes away in the midst of the second message leaves nothing', async () => {
  const { A, name } = await signIn();
  A.send('a1 APPEND saved-messages {3+}\r\nx\r\n {100}\r\n');
  expect(await A.line()).toMatch(/^\+/);
  A.send('half of it');
  A.close();
  const B = await server.signIn(name);
  await expect.poll(() => filesOf(name)).toEqual([]);
  expect(await B.ok('STATUS saved-messages (MESSAGES)')).toEqual(['* STATUS saved-messages (MESSAGES 0)']);
});

test('RFC 3516 §4.4, RFC 6855 §4: NULs in a literal8, UTF-8 where it was enabled', async () => {
  const { A } = await signIn();
  const utf8 = Buffer.from('Subject: grüße\r\n\r\n').toString('latin1');
  await transcript(
    { A },
    `A: a1 APPEND saved-messages ~{9+}\\r\\n\\r\\n\\r\\n\0\x01\xff\\r\\n
     A> a1 OK [APPENDUID … 1] …
     A: a2 APPEND saved-messages UTF8 (~{${utf8.length}+}\\r\\n${wire(utf8)})
     A> a2 NO [CANNOT] …
     A: a3 ENABLE UTF8=ACCEPT
     A>> a3 OK …
     A: a4 APPEND saved-messages UTF8 (~{${utf8.length}}
     A> + …
     A: ${wire(utf8)})
     A> a4 OK [APPENDUID … 2] …
     A: a5 APPEND saved-messages (\\Seen) UTF8 (~{${utf8.length}+}\\r\\n${wire(utf8)}) ~{3+}\\r\\nx\\r\\n
     A> a5 OK [APPENDUID … 3:4] …`,
  );
});

test('8-bit headers are taken without UTF8=ACCEPT: old mail has them', async () => {
  const { A } = await signIn();
  const message = Buffer.from('Subject: Gr\u00fc\u00dfe\r\n\r\nx\r\n', 'latin1').toString('latin1');
  expect(await A.append('saved-messages', message)).toMatch(/^OK \[APPENDUID \d+ 1\]/);
  await A.ok('EXAMINE saved-messages');
  const [fetched] = await A.ok('FETCH 1 BODY.PEEK[]');
  expect(fetched).toContain(message);
});

test('dates of every zone, and those that a file cannot have', async () => {
  const { A } = await signIn();
  await transcript(
    { A },
    `A: a1 APPEND saved-messages " 1-Mar-2024 00:30:00 +0530" {1+}\\r\\nx "31-Dec-1969 23:59:59 +0000" {1+}\\r\\nx
     A> a1 OK [APPENDUID … 1:2] …
     A: a2 APPEND saved-messages (\\Seen $Forwarded) "31-Dec-9999 23:59:59 -1200" {1+}\\r\\nx
     A> a2 OK [APPENDUID … 3] …
     A: a3 APPEND saved-messages "30-Feb-2024 00:00:00 +0000" {1+}\\r\\nx
     A> a3 BAD …
     A: a4 EXAMINE saved-messages
     A>> a4 OK …
     A: a5 FETCH 1:3 INTERNALDATE
     A> * 1 FETCH (INTERNALDATE "29-Feb-2024 19:00:00 +0000")
     A> * 2 FETCH (INTERNALDATE " 1-Jan-1970 00:00:00 +0000")
     A> * 3 FETCH (INTERNALDATE "31-Dec-9999 23:59:59 +0000")
     A> a5 OK …
     A: a6 FETCH 3 FLAGS
     A> * 3 FETCH (FLAGS (\\Seen $Forwarded…))
     A> a6 OK …`,
  );
});

test('more keywords than a mailbox may hold take the messages before them back', async () => {
  const { A, name } = await signIn();
  const keywords = Array.from({ length: 501 }, (_, n) => `k${n}`).join(' ');
  await transcript(
    { A },
    `A: a1 APPEND saved-messages {1+}\\r\\nx (${keywords}) {1}
     A> a1 NO [LIMIT] …`,
  );
  expect(await filesOf(name)).toEqual([]);
});

test('messages of some megabytes arrive whole, and in step', async () => {
  const { A, name } = await signIn();
  const bodies = [3_000_000, 1, 2_000_001].map((length) =>
    randomBytes(length / 2 + 1)
      .toString('hex')
      .slice(0, length),
  );
  A.send('a1 APPEND saved-messages');
  for (const body of bodies) A.send(` {${body.length}+}\r\n${body}`);
  A.send('\r\na2 NOOP\r\n');
  expect((await A.reply('a1')).result).toMatch(/^OK \[APPENDUID \d+ 1:3\]/);
  expect((await A.reply('a2')).result).toMatch(/^OK/);
  await A.ok('EXAMINE saved-messages');
  for (const [at, body] of bodies.entries()) {
    const [fetched] = await A.ok(`UID FETCH ${at + 1} (BODY.PEEK[])`);
    expect(fetched?.includes(body)).toBe(true);
  }
  expect(await filesOf(name)).toHaveLength(3);
});

test('more messages than one APPEND may hold', async () => {
  const { A, name } = await signIn();
  A.send(`a1 APPEND saved-messages${' {1+}\r\nx'.repeat(1001)}\r\na2 NOOP\r\n`);
  expect((await A.reply('a1')).result).toMatch(/^NO \[LIMIT\]/);
  expect((await A.reply('a2')).result).toMatch(/^OK/);
  expect(await filesOf(name)).toEqual([]);
});
