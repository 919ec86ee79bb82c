/**
 * What mail programs rely on beyond the grammar, over TLS on a real Maildir; docs/imap-support.md lists it, with the tests
 * that stand elsewhere.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { startServer, type TestServer } from '../support/server.ts';
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

const octets = (text: string): string => Buffer.from(text).toString('latin1');

/** A session of a new user with so many messages in INBOX, which is selected. */
async function session(messages: number): Promise<Client> {
  users += 1;
  const A = await server.signIn(`user${users}`);
  for (let n = 1; n <= messages; n += 1) await A.append('INBOX', `Subject: message ${n}\r\n\r\nbody ${n}\r\n`);
  await A.ok('SELECT INBOX');
  return A;
}

test('blank lines before commands and within IDLE, several literals in a command, DONE with what follows in one packet', async () => {
  const A = await session(1);
  await transcript(
    { A },
    `A: \\r\\n\\r\\na1 NOOP
     A> a1 OK …
     A: a2 SEARCH SUBJECT {7+}\\r\\nmessage TEXT {4+}\\r\\nbody NOT FROM {1+}\\r\\nx
     A> * SEARCH 1
     A> a2 OK …
     A: a3 IDLE
     A> + …
     A: \\r\\nDONE\\r\\na4 UID FETCH 1 (FLAGS)\\r\\n\\r\\na5 NOOP
     A> a3 OK …
     A> * 1 FETCH (UID 1 FLAGS (…))
     A> a4 OK …
     A> a5 OK …`,
  );
});

test('FETCH answers with UID first, each message once and in ascending order, whatever the set', async () => {
  const A = await session(4);
  const answers = ['* 1 FETCH (UID 1 FLAGS ())', '* 2 FETCH (UID 2 FLAGS ())', '* 4 FETCH (UID 4 FLAGS ())'];
  const B = await server.signIn(`user${users}`); // \Recent is A's
  await B.ok('SELECT INBOX');
  for (const set of ['4,2:1,1:2', '*,2,1,1,2', '4:4,2:1']) {
    expect(await B.ok(`FETCH ${set} (FLAGS UID)`)).toEqual(answers);
    expect(await B.ok(`UID FETCH ${set} (FLAGS)`)).toEqual(answers);
  }
  const long = Array.from({ length: 12_000 }, (_, n) => (n % 2 === 0 ? 3 : n + 10)).join(',');
  expect(long.length).toBeGreaterThan(40_000);
  expect(await B.ok(`UID FETCH ${long} (FLAGS)`)).toEqual(['* 3 FETCH (UID 3 FLAGS ())']);
  A.close();
});

test('an empty mailbox has no *, and no UID is asked for in vain', async () => {
  const A = await session(0);
  for (const command of ['FETCH * (FLAGS)', 'FETCH 1:* (FLAGS)', 'STORE 1:* +FLAGS (\\Seen)', 'COPY 1:* INBOX']) {
    expect((await A.command(command)).result).toMatch(/^BAD /);
  }
  for (const command of [
    'UID FETCH * (FLAGS)',
    'UID FETCH 1:* (FLAGS)',
    'UID STORE 1:* +FLAGS (\\Seen)',
    'UID COPY 1:* INBOX',
  ]) {
    expect(await A.ok(command)).toEqual([]);
  }
  for (const command of ['SEARCH ALL', 'SEARCH 1:*', 'UID SEARCH UID 1:*', 'UID SEARCH *']) {
    expect(await A.ok(command)).toEqual(['* SEARCH']);
  }
});

test('RFC822, RFC822.HEADER and RFC822.TEXT are still asked for; a part past its end is empty', async () => {
  const A = await session(1);
  await transcript(
    { A },
    `A: a1 FETCH 1 (RFC822.HEADER)
     A> * 1 FETCH (RFC822.HEADER {22}…Subject: message 1…)
     A> a1 OK …
     A: a2 FETCH 1 RFC822.TEXT
     A> * 1 FETCH (FLAGS (…\\Seen…) RFC822.TEXT {8}…body 1…)
     A> a2 OK …
     A: a3 FETCH 1 RFC822
     A> * 1 FETCH (RFC822 {30}…Subject: message 1…body 1…)
     A> a3 OK …
     A: a4 FETCH 1 (BODY.PEEK[1]<393216.1000> BODY.PEEK[]<30.5>)
     A> * 1 FETCH (BODY[1]<393216> {0}… BODY[]<30> {0}…)
     A> a4 OK …`,
  );
});

/** A response without what may be anything: strings and literals. */
const skeleton = (line: string): string =>
  line.replace(/\{\d+\}\r\n[\s\S]*$/, '{}').replace(/"(?:[^"\\]|\\.)*"/g, '""');

test('no response has a blank too many, a code without its text, UIDVALIDITY 0, or octets that have to be a literal', async () => {
  const A = await session(2);
  const said: string[] = [];
  const commands = ['CAPABILITY', 'ID NIL', 'NAMESPACE', 'NOOP', 'CREATE "a\\"b\\\\c"', 'LIST "" *', 'LSUB "" *'];
  commands.push(
    'LIST "" * RETURN (STATUS (MESSAGES UNSEEN SIZE MAILBOXID HIGHESTMODSEQ APPENDLIMIT) SPECIAL-USE SUBSCRIBED)',
  );
  commands.push(
    'STATUS INBOX (MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN)',
    'SELECT "a\\"b\\\\c"',
    'EXAMINE INBOX',
    'SELECT INBOX',
  );
  commands.push(
    'FETCH 1:* ALL',
    'FETCH 1:* (UID FLAGS MODSEQ BODYSTRUCTURE ENVELOPE EMAILID THREADID)',
    'STORE 1 FLAGS ()',
  );
  commands.push(
    'SEARCH DELETED',
    'SEARCH RETURN (ALL COUNT) DELETED',
    'SEARCH RETURN () ALL',
    'UID FETCH 99 (FLAGS)',
    'COPY 1 INBOX',
  );
  commands.push(
    'STORE 1 (UNCHANGEDSINCE 1) +FLAGS ($x)',
    'STORE 2 +FLAGS (\\Deleted)',
    'EXPUNGE',
    'ENABLE CONDSTORE',
    'ENABLE QRESYNC',
  );
  await A.append(
    'INBOX',
    octets('Subject: say "h\\i" to Jürgen\r\nFrom: "q\\"\\\\" <a@b>\r\nTo: Jö <x@y>\r\n\r\nx\r\n'),
  );
  for (const command of [...commands, 'FETCH * ENVELOPE', 'UNSELECT', 'LOGOUT']) {
    const { untagged, result } = await A.command(command);
    said.push(...untagged, `t ${result}`);
  }
  const lines = said.map(skeleton);
  expect(lines.filter((line) => / $| {2}|\( | \)/.test(line))).toEqual([]);
  expect(lines.filter((line) => /^\S+ (?:OK|NO|BAD|BYE|PREAUTH) (?:\[[^\]]*\])?$/.test(line))).toEqual([]);
  expect(said.filter((line) => /UIDVALIDITY 0/.test(line))).toEqual([]);
  expect(lines.filter((line) => /[^\x20-\x7e]/.test(line))).toEqual([]);
  expect(said.some((line) => line.includes('{20}\r\nsay "h\\i" to '))).toBe(true);
  expect(said.some((line) => line.includes('"a\\"b\\\\c"'))).toBe(true);
});

test('names: INBOX in any case, no name with an empty level, and none in an encoding that is none', async () => {
  const A = await session(0);
  await transcript(
    { A },
    `A: a1 STATUS iNbOx (MESSAGES)
     A> * STATUS INBOX (MESSAGES 0)
     A> a1 OK …
     A: a2 CREATE "a..b"
     A> a2 NO [CANNOT] …
     A: a3 CREATE "&bad"
     A> a3 NO …
     A: a4 select "x&AGE-"
     A> * OK [CLOSED] …
     A> a4 NO [CANNOT] …
     A: a4b CLOSE
     A> a4b BAD …
     A: a4c EXAMINE "x&AGE-"
     A> a4c NO [CANNOT] …
     A: a5 ENABLE UTF8=ACCEPT
     A> * ENABLED UTF8=ACCEPT
     A> a5 OK …
     A: a6 CREATE {2+}\\r\\n\xc3\x28
     A> a6 NO …
     A: a7 NOOP
     A> a7 OK …`,
  );
});

test('scripts write a day of one digit, and search words in UTF-8 without saying so', async () => {
  const A = await session(0);
  await transcript(
    { A },
    `A: a1 APPEND INBOX "7-Feb-1994 22:43:04 -0800" {${octets('Subject: Grüße').length + 4}+}\\r\\n${octets('Subject: Grüße')}\\r\\n\\r\\n
     A>> a1 OK …
     A: a2 FETCH 1 INTERNALDATE
     A> * 1 FETCH (INTERNALDATE " 8-Feb-1994 06:43:04 +0000")
     A> a2 OK …
     A: a3 SEARCH SUBJECT "${octets('grüße')}"
     A> * SEARCH 1
     A> a3 OK …`,
  );
});
