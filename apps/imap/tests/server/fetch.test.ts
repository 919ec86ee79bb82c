// FETCH as clients see it: the dialogues of RFC 9051, BINARY (RFC 3516), modification sequences (RFC 7162) and object ids.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

/** A client of a new user who has these messages, and INBOX selected. */
async function holding(...messages: readonly string[]): Promise<Client> {
  users += 1;
  const client = await server.signIn(`fetch${users}`);
  for (const message of messages) {
    const result = await client.append('INBOX', message);
    if (!result.startsWith('OK')) throw new Error(result);
  }
  await client.ok('SELECT INBOX');
  return client;
}

const lines = (...all: readonly string[]): string => all.map((line) => `${line}\r\n`).join('');

const MINUTES = lines(
  'Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)',
  'From: Terry Gray <gray@cac.washington.edu>',
  'Subject: IMAP4rev2 WG mtg summary and minutes',
  'To: imap@cac.washington.edu',
  'Cc: minutes@CNRI.Reston.VA.US, "John Klensin" <KLENSIN@MIT.EDU>',
  'Message-Id: <B27397-0100000@cac.washington.edu>',
  'MIME-Version: 1.0',
  'Content-Type: TEXT/PLAIN; CHARSET=UTF-8',
  '',
  'There is no agenda.',
);

test('RFC 9051 §8: a message in full, and its header', async () => {
  const header = MINUTES.slice(0, MINUTES.indexOf('\r\n\r\n') + 4);
  const gray = '(("Terry Gray" NIL "gray" "cac.washington.edu"))';
  await transcript(
    { A: await holding('Subject: one\r\n\r\n', MINUTES) },
    `A: a004 fetch 2 full
     A> * 2 FETCH (FLAGS (…) INTERNALDATE "…" RFC822.SIZE ${MINUTES.length} ENVELOPE ("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)" "IMAP4rev2 WG mtg summary and minutes" ${gray} ${gray} ${gray} ((NIL NIL "imap" "cac.washington.edu")) ((NIL NIL "minutes" "CNRI.Reston.VA.US")("John Klensin" NIL "KLENSIN" "MIT.EDU")) NIL NIL "<B27397-0100000@cac.washington.edu>") BODY ("TEXT" "PLAIN" ("CHARSET" "UTF-8") NIL NIL "7bit" 21 1))
     A> a004 OK …
     A: a005 fetch 2 body[header]
     A> * 2 FETCH (FLAGS (…\\Seen…) BODY[HEADER] {${header.length}}…)
     A> a005 OK …
     A: A654 FETCH 1:2 (FLAGS BODY[HEADER.FIELDS (DATE FROM)])
     A> * 1 FETCH (FLAGS (…\\Seen…) BODY[HEADER.FIELDS (DATE FROM)] {2}…)
     A> * 2 FETCH (FLAGS (…\\Seen…) BODY[HEADER.FIELDS (DATE FROM)] {91}…)
     A> A654 OK …
     A: a1 UID FETCH 2:1 (RFC822.SIZE UID BODY.PEEK[TEXT]<10.5> BODY.PEEK[1]<393216.10> BODY.PEEK[3])
     A> * 1 FETCH (UID 1 RFC822.SIZE 16 BODY[TEXT]<10> {0}… BODY[1]<393216> {0}… BODY[3] NIL)
     A> * 2 FETCH (UID 2 RFC822.SIZE ${MINUTES.length} BODY[TEXT]<10> {5}…o age BODY[1]<393216> {0}… BODY[3] NIL)
     A> a1 OK …`,
  );
});

const BASE64 = Buffer.from('hello, world').toString('base64');
const parts = (...contents: readonly (readonly [header: string, body: string])[]): string =>
  lines(
    'Content-Type: multipart/mixed; boundary=b',
    '',
    ...contents.flatMap(([header, body]) => ['--b', header, '', body]),
    '--b--',
  );

describe('BINARY (RFC 3516, RFC 9051 §6.4.5)', () => {
  const message = parts(
    ['Content-Transfer-Encoding: base64', BASE64],
    ['Content-Transfer-Encoding: quoted-printable', 'caf=C3=A9 =\r\nau lait'],
    ['Content-Transfer-Encoding: base64', 'AAEC'],
    ['Content-Transfer-Encoding: x-uuencode', 'begin 644 x'],
    ['Content-Type: message/rfc822', 'Subject: inner\r\nContent-Transfer-Encoding: base64\r\n\r\naGk='],
  );

  test('content without its encoding, sizes, partials; \\Seen only without PEEK', async () => {
    const A = await holding(message);
    await transcript(
      { A },
      `A: a1 FETCH 1 (BINARY.PEEK[1] BINARY.SIZE[1])
       A> * 1 FETCH (BINARY[1] {12}…hello, world BINARY.SIZE[1] 12)
       A> a1 OK …
       A: a2 FETCH 1 (BINARY.PEEK[2] BINARY.PEEK[2]<3.4> BINARY.PEEK[2]<99.1> BINARY.SIZE[2])
       A> * 1 FETCH (BINARY[2] {13}…caf\xc3\xa9 au lait BINARY[2]<3> {4}…\xc3\xa9 a BINARY[2]<99> {0}… BINARY.SIZE[2] 13)
       A> a2 OK …
       A: a3 FETCH 1 (BINARY.PEEK[3]<1.2> BINARY.PEEK[5.1] BINARY.PEEK[9] BINARY.SIZE[9])
       A> * 1 FETCH (BINARY[3]<1> ~{2}…\x01\x02 BINARY[5.1] {2}…hi BINARY[9] NIL BINARY.SIZE[9] 0)
       A> a3 OK …
       A: a4 FETCH 1 FLAGS
       A> * 1 FETCH (FLAGS (\\Recent))
       A> a4 OK …
       A: a5 UID FETCH 1 (BINARY[1]<0.5>)
       A> * 1 FETCH (UID 1 FLAGS (\\Seen \\Recent) BINARY[1]<0> {5}…hello)
       A> a5 OK …`,
    );
  });

  test('an encoding that nobody knows is refused, and what else was asked for is there', async () => {
    await transcript(
      { A: await holding(message) },
      `A: a1 FETCH 1 (UID BINARY.PEEK[4] BINARY.PEEK[1]<0.5>)
       A> * 1 FETCH (UID 1 BINARY[1]<0> {5}…hello)
       A> a1 NO [UNKNOWN-CTE] …
       A: a2 FETCH 1 BINARY.SIZE[4]
       A> a2 NO [UNKNOWN-CTE] …`,
    );
  });

  test('of what is no leaf, and of the whole message, the octets as they are', async () => {
    const [A, size] = [await holding(message), message.length];
    const [whole = ''] = await A.ok('FETCH 1 (BINARY.SIZE[] BINARY.PEEK[] BINARY.PEEK[5] BODY.PEEK[5])');
    expect(whole).toContain(`BINARY.SIZE[] ${size} BINARY[] {${size}}\r\n${message} `);
    const [, binary, body] = /BINARY\[5\] (.*) BODY\[5\] (.*)\)$/s.exec(whole) ?? [];
    expect(binary).toBe(body);
  });

  test('a large part, whole and in pieces, is as long as its size says', async () => {
    const content = Buffer.alloc(3_000_001, 'The quick brown fox jumps over the lazy dog. 0123456789\n');
    content[2_500_000] = 0;
    const encoded = content.toString('base64').replace(/.{76}/g, '$&\r\n');
    const quoted = content.toString('latin1').replace(/[o\0]/g, (char) => (char === 'o' ? '=6F' : '=00'));
    const A = await holding(
      parts(
        ['Content-Transfer-Encoding: base64', encoded],
        ['Content-Transfer-Encoding: quoted-printable', quoted.replaceAll('\n', '=0A=\r\n')],
      ),
    );
    for (const part of [1, 2]) {
      expect(await A.ok(`FETCH 1 BINARY.SIZE[${part}]`)).toEqual([
        `* 1 FETCH (BINARY.SIZE[${part}] ${content.length})`,
      ]);
      const [whole = ''] = await A.ok(`FETCH 1 BINARY.PEEK[${part}]`);
      const head = `* 1 FETCH (BINARY[${part}] ~{${content.length}}\r\n`;
      expect(whole.slice(0, head.length)).toBe(head);
      expect(whole.slice(head.length, -1) === content.toString('latin1')).toBe(true);
      for (const start of [0, 1_048_570, 1_999_999, 2_900_000, 2_999_999, 3_000_001]) {
        const [piece = ''] = await A.ok(`FETCH 1 BINARY.PEEK[${part}]<${start}.100000>`);
        const wanted = content.subarray(start, start + 100_000);
        expect(
          piece === `* 1 FETCH (BINARY[${part}]<${start}> ~{${wanted.length}}\r\n${wanted.toString('latin1')})`,
        ).toBe(true);
      }
    }
  });
});

describe('modification sequences (RFC 7162 §3.1)', () => {
  const modSeqOf = (line = ''): number => Number(/MODSEQ \((\d+)\)/.exec(line)?.[1]);
  const highest = async (client: Client): Promise<number> =>
    Math.max(...(await client.ok('FETCH 1:* (MODSEQ)')).filter((line) => line.includes('FETCH')).map(modSeqOf));

  test('CHANGEDSINCE passes over what has not changed, and tells since when', async () => {
    const A = await holding('Subject: 1\r\n\r\n', 'Subject: 2\r\n\r\n', 'Subject: 3\r\n\r\n');
    const before = await highest(A);
    const [stored] = await A.ok('STORE 2 +FLAGS (\\Flagged)');
    const now = modSeqOf(stored);
    expect(now).toBeGreaterThan(before);
    await transcript(
      { A },
      `A: s100 UID FETCH 1:* (FLAGS) (CHANGEDSINCE ${before})
       A> * 2 FETCH (UID 2 FLAGS (…) MODSEQ (${now}))
       A> s100 OK …
       A: s101 FETCH 1:3 (UID RFC822.SIZE) (CHANGEDSINCE ${before})
       A> * 2 FETCH (UID 2 MODSEQ (${now}) RFC822.SIZE 14)
       A> s101 OK …
       A: s102 UID FETCH 1:* (FLAGS) (CHANGEDSINCE ${now})
       A> s102 OK …
       A: s103 UID FETCH 1:* (FLAGS) (CHANGEDSINCE ${now + 1_000_000})
       A> s103 OK …
       A: s104 UID FETCH 1:* (FLAGS) (CHANGEDSINCE ${before} VANISHED)
       A> s104 BAD …`,
    );
  });

  test('what reading marks as seen has its new modification sequence', async () => {
    const A = await holding('Subject: 1\r\n\r\n');
    const before = modSeqOf((await A.ok('FETCH 1 (MODSEQ)'))[0]);
    const [line = ''] = await A.ok('FETCH 1 (BODY[TEXT])');
    expect(line).toMatch(/^\* 1 FETCH \(UID 1 FLAGS \(\\Seen \\Recent\) MODSEQ \(\d+\) BODY\[TEXT\] /);
    expect(modSeqOf(line)).toBeGreaterThan(before);
    expect(await A.ok('FETCH 1 (BODY[TEXT])')).toEqual(['* 1 FETCH (BODY[TEXT] {0}\r\n)']);
  });

  test('a message that is gone has no content, and VANISHED (EARLIER) comes before what is there', async () => {
    const [A, B] = [await holding('Subject: 1\r\n\r\n', 'Subject: 2\r\n\r\n'), await server.signIn(`fetch${users}`)];
    const before = await highest(A);
    await B.ok('SELECT INBOX');
    await A.ok('STORE 1 +FLAGS.SILENT (\\Deleted)');
    await A.ok('EXPUNGE');
    await transcript(
      { A, B },
      `B: b1 FETCH 1 (UID BINARY.PEEK[1] BODY.PEEK[1]<0.3>)
       B> * 1 FETCH (UID 1 BINARY[1] NIL BODY[1]<0> NIL)
       B> b1 NO [EXPUNGEISSUED] …
       A: a1 ENABLE QRESYNC
       A>> a1 OK …
       A: a2 UID STORE 2 +FLAGS.SILENT (\\Flagged)
       A>> a2 OK …
       A: a3 UID FETCH 1:* (FLAGS) (CHANGEDSINCE ${before} VANISHED)
       A> * VANISHED (EARLIER) 1
       A> * 1 FETCH (UID 2 FLAGS (…\\Flagged…) MODSEQ (…))
       A> a3 OK …`,
    );
  });
});

test('an object id stays with a message wherever it is copied (RFC 8474 §5)', async () => {
  const A = await holding('Subject: 1\r\n\r\n');
  const [line = ''] = await A.ok('FETCH 1 (EMAILID THREADID UID)');
  expect(line).toMatch(/^\* 1 FETCH \(UID 1 EMAILID \([A-Za-z0-9_-]{1,255}\) THREADID NIL\)$/);
  await A.ok('COPY 1 INBOX');
  const [copied] = (await A.ok('UID FETCH 2 (EMAILID THREADID)')).slice(-1);
  expect(copied).toBe(line.replace('1 FETCH (UID 1', '2 FETCH (UID 2'));
});
