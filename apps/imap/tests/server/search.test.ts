// SEARCH as clients see it: the dialogues of RFC 9051 §6.4.4, RFC 4731, RFC 5032 and RFC 5182, with numbers of our own where
// theirs would take thousands of messages, and what else the RFCs ask for.
import { join } from 'node:path';
import { type Mailbox, openMailStore, parseMailboxName, textWorker } from '@scorpiox/maildir';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Client } from '../support/client.ts';
import { overriding } from '../support/overriding.ts';
import { PASSWORD, startServer, type TestServer } from '../support/server.ts';
import { transcript } from '../support/transcript.ts';

let server: TestServer;
/** Where texts are searched instead, and no message is read. */
let searched: Mailbox | undefined;

/** What a search of texts does instead that does not come to its end. */
let stuck: ((signal: AbortSignal | undefined) => Promise<never>) | undefined;

/** A mailbox that asks `searched` where there is one. */
const searching = (mailbox: Mailbox): Mailbox =>
  overriding(mailbox, {
    findText: (...asked) => (stuck === undefined ? (searched ?? mailbox).findText(...asked) : stuck(asked[2]?.signal)),
    open: (uid) => {
      if (searched !== undefined) throw new Error('A file was opened.');
      return mailbox.open(uid);
    },
  });

beforeAll(async () => {
  server = await startServer(undefined, (store) =>
    overriding(store, {
      open: async (name) => {
        const opened = await store.open(name);
        return opened.ok ? { ok: true, value: searching(opened.value) } : opened;
      },
    }),
  );
});
afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

const utf8 = (text: string): string => Buffer.from(text).toString('latin1');
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

interface Given {
  readonly from?: string;
  readonly date?: string;
  readonly flags?: string;
  readonly body?: string;
}

async function put(client: Client, mailbox: string, { from, date, flags = '', body = 'text' }: Given): Promise<void> {
  const when = date === undefined ? '' : `"${date} 12:00:00 +0000" `;
  const message = utf8(`From: ${from ?? 'Bob <bob@x>'}\r\nSubject: letter\r\n\r\n${body}\r\n`);
  const result = await client.append(mailbox, message, `(${flags}) ${when}`);
  if (!result.startsWith('OK')) throw new Error(result);
}

/** Message n of the mailbox that the RFCs' examples are asked of. */
function example(n: number): Given {
  const flags = [
    ...([2, 5, 7, 10, 11].includes(n) ? ['\\Flagged'] : []),
    ...(n <= 3 ? ['\\Seen'] : []),
    ...(n >= 20 && n <= 34 ? ['\\Deleted'] : []),
    ...(n === 3 || n === 9 ? ['$Junk'] : []),
  ].join(' ');
  const body = [
    n === 43 ? 'отпуск' : '',
    [2, 25, 30, 43].includes(n) ? 'мать' : '',
    'x'.repeat(5000 * +(n > 9 && n < 16)),
  ];
  const given = { flags, body: body.join(' ') };
  if ([2, 10, 11, 12, 13, 14, 15, 21].includes(n)) return { ...given, date: ' 1-Mar-2006' };
  if ([16, 17, 27].includes(n)) return { ...given, date: '28-Oct-2006', from: 'Eric Smith <eric@x>' };
  return n === 5 ? { ...given, date: ' 1-Mar-2006', from: '"J. Smith" <j@x>' } : { ...given, date: ' 1-Jan-1990' };
}

describe('the examples of RFC 9051 §6.4.4, RFC 4731 and RFC 5182', () => {
  let A: Client;
  beforeAll(async () => {
    A = await server.signIn('examples');
    for (const n of range(1, 43)) await put(A, 'INBOX', example(n));
    await A.ok('CREATE "Other Messages"');
    await A.ok('SELECT INBOX');
  });
  const play = async (script: string): Promise<void> => {
    await transcript({ A }, script);
  };

  test('RFC 4731 §3.1', () =>
    play(`A: A282 SEARCH RETURN (MIN COUNT) FLAGGED SINCE 1-Feb-1994 NOT FROM "Smith"
      A> * ESEARCH (TAG "A282") MIN 2 COUNT 3
      A> A282 OK …
      A: A283 SEARCH RETURN () FLAGGED SINCE 1-Feb-1994 NOT FROM "Smith"
      A> * ESEARCH (TAG "A283") ALL 2,10:11
      A> A283 OK …
      A: A284 SEARCH RETURN (MIN) UNSEEN
      A> * ESEARCH (TAG "A284") MIN 4
      A> A284 OK …
      A: A285 UID SEARCH RETURN (MIN MAX) 1:5000
      A> * ESEARCH (TAG "A285") UID MIN 1 MAX 43
      A> A285 OK …
      A: A286 SEARCH RETURN (COUNT) DELETED
      A> * ESEARCH (TAG "A286") COUNT 15
      A> A286 OK …
      A: A287 SEARCH RETURN (MIN MAX ALL COUNT) ANSWERED
      A> * ESEARCH (TAG "A287") COUNT 0
      A> A287 OK …`));

  test('RFC 5182 examples 1, 2 and 3', () =>
    play(`A: A282 SEARCH RETURN (SAVE) FLAGGED SINCE 1-Feb-1994 NOT FROM "Smith"
      A> A282 OK …
      A: A283 FETCH $ (UID INTERNALDATE FLAGS RFC822.HEADER)
      A> * 2 FETCH (UID 2 FLAGS (\\Flagged…) INTERNALDATE "…" RFC822.HEADER {…}…)
      A> * 10 FETCH (UID 10 …)
      A> * 11 FETCH (UID 11 …)
      A> A283 OK …
      A: A282 SEARCH RETURN (SAVE) FLAGGED SINCE 1-Feb-1994 NOT FROM "Smith"\\r\\nA283 FETCH $ (UID)
      A> A282 OK …
      A> * 2 FETCH (UID 2)
      A> * 10 FETCH (UID 10)
      A> * 11 FETCH (UID 11)
      A> A283 OK …
      A: A300 SEARCH RETURN (SAVE) SINCE 1-Jan-2004 NOT FROM "Smith"
      A> A300 OK …
      A: A301 UID SEARCH UID $ SMALLER 4096
      A> * SEARCH 2 21
      A> A301 OK …
      A: A301 UID SEARCH $ SMALLER 4096
      A> * SEARCH 2 21
      A> A301 OK …`));

  test('RFC 5182 example 4: $ beside other numbers', () =>
    play(`A: P282 SEARCH RETURN (SAVE) SINCE 1-Feb-1994 NOT FROM "Smith"
      A> P282 OK …
      A: P283 SEARCH CHARSET UTF-8 (OR $ 1,30:3021) TEXT {8}
      A> + …
      A: ${utf8('мать')}
      A> * SEARCH 2 30 43
      A> P283 OK …`));

  test('RFC 5182 examples 6 and 7: $ may be empty', () =>
    play(`A: E282 SEARCH RETURN (SAVE) SINCE 28-Oct-2006 NOT FROM "Eric"
      A: E283 COPY $ "Other Messages"
      A> E282 OK …
      A> E283 OK …
      A: F282 SEARCH RETURN (SAVE) KEYWORD $Junk
      A: F283 COPY $ "Other Messages"
      A: F284 STORE $ +FLAGS.Silent (\\Answered)
      A: F285 STORE $ -FLAGS.Silent (\\Answered)
      A> F282 OK …
      A> F283 OK [COPYUID … 3,9 1:2] …
      A> F284 OK …
      A> F285 OK …`));

  test('RFC 5182 examples 8 and 9', () =>
    play(`A: G282 SEARCH RETURN (SAVE) KEYWORD $Junk
      A: G283 SEARCH RETURN (ALL) SINCE 28-Oct-2006 FROM "Eric"
      A> G282 OK …
      A> * ESEARCH (TAG "G283") ALL 16:17,27
      A> G283 OK …
      A: G284 FETCH $ (UID)
      A> * 3 FETCH (UID 3)
      A> * 9 FETCH (UID 9)
      A> G284 OK …
      A: H282 SEARCH RETURN (SAVE) KEYWORD $Junk
      A: H283 SEARCH RETURN (SAVE) SINCE 28-Oct-2006 FROM "Eric"
      A> H282 OK …
      A> H283 OK …
      A: H284 SEARCH $
      A> * SEARCH 16 17 27
      A> H284 OK …`));

  const CRITERIA = 'SINCE 12-Feb-2006 NOT FROM "Smith"';
  test.each([
    ['ALL', 'ALL 2,10:15,21', '3 9'],
    ['ALL SAVE', 'ALL 2,10:15,21', '2 10 11 12 13 14 15 21'],
    ['SAVE MIN', 'MIN 2', '2'],
    ['SAVE MAX', 'MAX 21', '21'],
    ['MAX SAVE MIN', 'MIN 2 MAX 21', '2 21'],
    ['MAX SAVE MIN COUNT', 'MIN 2 MAX 21 COUNT 8', '2 10 11 12 13 14 15 21'],
    ['ALL SAVE MIN', 'MIN 2 ALL 2,10:15,21', '2 10 11 12 13 14 15 21'],
  ])('RFC 5182 example 10: RETURN (%s)', (options, told, saved) =>
    play(`A: b0 SEARCH RETURN (SAVE) KEYWORD $Junk
      A> b0 OK …
      A: C283 SEARCH RETURN (${options}) ${CRITERIA}
      A> * ESEARCH (TAG "C283") ${told}
      A> C283 OK …
      A: b1 UID SEARCH UID $
      A> * SEARCH ${saved}
      A> b1 OK …`));

  test('RFC 4731 §3.2: which modification sequence is told', async () => {
    const modSeqs = new Map<number, number>();
    for (const line of await A.ok('FETCH 1:43 (MODSEQ)')) {
      const [, seq, modSeq] = /^\* (\d+) FETCH .*MODSEQ \((\d+)\)/.exec(line) ?? [];
      modSeqs.set(Number(seq), Number(modSeq));
    }
    const since = modSeqs.get(2) ?? 0;
    await A.ok('STORE 10 +FLAGS.SILENT (\\Answered)');
    const [told] = await A.ok('FETCH 10 (MODSEQ)');
    const top = Number(/MODSEQ \((\d+)\)/.exec(told ?? '')?.[1]);
    const last = modSeqs.get(43) ?? 0;
    await play(`A: a1 SEARCH RETURN (MIN) MODSEQ "/flags/\\\\draft" all ${since}
      A> * ESEARCH (TAG "a1") MIN 2 MODSEQ ${since}
      A> a1 OK …
      A: a2 SEARCH RETURN (MAX) MODSEQ "/flags/\\\\draft" all ${since}
      A> * ESEARCH (TAG "a2") MAX 43 MODSEQ ${last}
      A> a2 OK …
      A: a3 SEARCH RETURN (MIN MAX) MODSEQ "/flags/\\\\draft" all ${since}
      A> * ESEARCH (TAG "a3") MIN 2 MAX 43 MODSEQ ${last}
      A> a3 OK …
      A: a4 SEARCH RETURN (MIN COUNT) MODSEQ "/flags/\\\\draft" all ${since}
      A> * ESEARCH (TAG "a4") MIN 2 COUNT 42 MODSEQ ${top}
      A> a4 OK …
      A: a5 SEARCH 1:20 MODSEQ ${top}
      A> * SEARCH 10 (MODSEQ ${top})
      A> a5 OK …
      A: a6 SEARCH OR NOT MODSEQ ${since} UID 43
      A> * SEARCH 1 43 (MODSEQ ${last})
      A> a6 OK …
      A: a7 SEARCH MODSEQ ${top + 1_000_000}
      A> * SEARCH
      A> a7 OK …
      A: a8 SEARCH RETURN (ALL) MODSEQ ${top + 1_000_000}
      A> * ESEARCH (TAG "a8")
      A> a8 OK …`);
  });

  test('RFC 9051 §6.4.4: with IMAP4rev2 on, every SEARCH answers ESEARCH', async () => {
    const B = await server.signIn('examples');
    await B.ok('ENABLE IMAP4rev2');
    await B.ok('EXAMINE INBOX');
    await transcript(
      { A: B },
      `A: A284 SEARCH TEXT "string not in mailbox"
      A> * ESEARCH (TAG "A284")
      A> A284 OK …
      A: A285 SEARCH CHARSET UTF-8 TEXT {12}
      A> + …
      A: ${utf8('отпуск')}
      A> * ESEARCH (TAG "A285") ALL 43
      A> A285 OK …
      A: A286 UID SEARCH FLAGGED
      A> * ESEARCH (TAG "A286") UID ALL 2,5,7,10:11
      A> A286 OK …
      A: A300 SEARCH RETURN (SAVE) SINCE 1-Jan-2004 NOT FROM "Smith"
      A> A300 OK …
      A: A301 UID SEARCH UID $ SMALLER 4096
      A> * ESEARCH (TAG "A301") UID ALL 2,21
      A> A301 OK …
      A: P283 SEARCH CHARSET UTF-8 (OR $ 1,30:3021) TEXT {8+}\\r\\n${utf8('мать')}
      A> * ESEARCH (TAG "P283") ALL 2,30,43
      A> P283 OK …`,
    );
  });
});

test('RFC 5032 §4: what came within the last days', async () => {
  const A = await server.signIn('within');
  const young = new Set([4, 8, 15, 16, 23, 42]);
  for (const n of range(1, 42)) await put(A, 'INBOX', young.has(n) ? {} : { date: '17-Jul-1996' });
  await put(A, 'INBOX', { flags: '\\Seen' });
  await A.ok('SELECT INBOX');
  await transcript(
    { A },
    `A: a1 SEARCH UNSEEN YOUNGER 259200
     A> * SEARCH 4 8 15 16 23 42
     A> a1 OK …
     A: a2 SEARCH 40:43 OLDER 259200
     A> * SEARCH 40 41
     A> a2 OK …`,
  );
});

test('a message that is expunged leaves $ when the client is told', async () => {
  const [A, B] = [await server.signIn('gone'), await server.signIn('gone')];
  for (const _ of range(1, 4)) await put(A, 'INBOX', {});
  await A.ok('SELECT INBOX');
  await B.ok('SELECT INBOX');
  await transcript(
    { A, B },
    `A: a1 SEARCH RETURN (SAVE) 2:4
     A> a1 OK …
     B: b1 STORE 1,3 +FLAGS.SILENT (\\Deleted)
     B> b1 OK …
     B: b2 EXPUNGE
     B>> b2 OK …
     A: a2 SEARCH $
     A> * SEARCH 2 4
     A>> a2 OK …
     A: a3 NOOP
     A> * 3 EXPUNGE
     A> * 1 EXPUNGE
     A>> a3 OK …
     A: a4 SEARCH RETURN (ALL) $
     A> * ESEARCH (TAG "a4") ALL 1:2
     A> a4 OK …
     A: a5 SELECT INBOX
     A>> a5 OK …
     A: a6 UID SEARCH $
     A> * SEARCH
     A> a6 OK …`,
  );
});

describe('texts', () => {
  let A: Client;
  beforeAll(async () => {
    A = await server.signIn('texts');
    const messages = [
      'From: =?iso-8859-1?q?J=F6rg_M=FCller?= <j@x>\r\nSubject: plain\r\n\r\nnothing here\r\n',
      'Subject: =?utf-8?b?zpPOtc65zqwgz4POv8+F?=\r\nX-Mark: \r\n\r\nthe needle is in the hay\r\n',
      'Content-Type: text/plain; charset=koi8-r\r\nContent-Transfer-Encoding: base64\r\n\r\n7+30\r\n',
      "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/pdf;\r\n name*=utf-8''%c3%9cbersicht.pdf\r\n" +
        'Content-Transfer-Encoding: base64\r\n\r\nbmVlZGxl\r\n--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nstra=C3=9Fe and nee=\r\ndle\r\n--b--\r\n',
    ];
    for (const message of messages) await A.append('INBOX', message);
    await A.ok('SELECT INBOX');
  });

  const cases: readonly [string, string][] = [
    ['FROM "JÖRG m"', '1'],
    ['SUBJECT "γειά ΣΟΥ"', '2'],
    ['HEADER X-Mark ""', '2'],
    ['HEADER Content-Type "KOI8"', '3'],
    ['BODY "needle"', '2 4'],
    ['BODY "Straße"', '4'],
    ['TEXT "übersicht"', '4'],
    ['BODY "übersicht"', ''],
    ['BODY ""', '1 2 3 4'],
    ['NOT BODY "needle" NOT FROM "x"', '3'],
    ['OR SUBJECT "plain" (BODY "needle" TEXT "pdf")', '1 4'],
    ['OR (BODY "needle" NOT TEXT "pdf") 3', '2 3'],
  ];
  const found = async (keys: string): Promise<string> => {
    const octets = utf8(keys).replace(/"((?:[^"\\]|\\.)*)"/g, (_, text: string) => `{${text.length}+}\r\n${text}`);
    const [line = ''] = await A.ok(`SEARCH CHARSET UTF-8 ${octets}`);
    return line.replace(/^\* SEARCH ?/, '');
  };

  test.each(cases)('%s, read from the messages', async (keys, expected) => {
    expect(await found(keys)).toBe(expected);
  });

  test('the same with the text index, and no file is opened', async () => {
    const text = textWorker();
    const maildir = server.maildir('texts');
    const opened = await openMailStore({ maildir, indexFile: join(maildir, '../index.db'), text });
    if (!opened.ok) throw new Error(opened.error.message);
    const built = await opened.value.buildTextIndex();
    expect(built.ok && built.value.mailboxes.find(({ name }) => name === 'INBOX')?.indexed).toBe(4);
    const inbox = parseMailboxName('INBOX');
    const indexed = inbox.ok ? await opened.value.open(inbox.value) : inbox;
    if (!indexed.ok) throw new Error(indexed.error.message);
    onTestFinished(async () => {
      searched = undefined;
      await opened.value.close();
      await text.close();
    });
    searched = indexed.value;
    for (const [keys, expected] of cases) expect(await found(keys), keys).toBe(expected);
  });

  test('other charsets, and one that nobody knows (RFC 5182 example 5)', async () => {
    await transcript(
      { A },
      `A: a1 SEARCH CHARSET KOI8-R BODY {3+}\\r\\n\xef\xed\xf4
       A> * SEARCH 3
       A> a1 OK …
       A: a2 SEARCH CHARSET US-ASCII BODY needle
       A> * SEARCH 2 4
       A> a2 OK …
       A: B282 SEARCH RETURN (SAVE) BODY needle
       A> B282 OK …
       A: B283 SEARCH CHARSET X-NOBODY (OR $ 1,3000:3021) TEXT {4}
       A> + …
       A: XXXX
       A> B283 NO [BADCHARSET (…UTF-8…)] …
       A: a3 SEARCH $
       A> * SEARCH 2 4
       A> a3 OK …
       A: B283 SEARCH RETURN (SAVE) CHARSET X-NOBODY (OR $ 1,3000:3021) TEXT {4+}\\r\\nXXXX
       A> B283 NO [BADCHARSET (…UTF-8…)] …
       A: a4 SEARCH RETURN (COUNT) $
       A> * ESEARCH (TAG "a4") COUNT 0
       A> a4 OK …`,
    );
  });

  test('by object ids', async () => {
    const [line = ''] = await A.ok('FETCH 2 (EMAILID THREADID)');
    const id = /^\* 2 FETCH \(EMAILID \((.*)\) THREADID NIL\)$/.exec(line)?.[1];
    expect(await A.ok(`UID SEARCH EMAILID ${id}`)).toEqual(['* SEARCH 2']);
    expect(await A.ok(`SEARCH NOT THREADID ${id}`)).toEqual(['* SEARCH 1 2 3 4']);
    expect(await A.ok('SEARCH EMAILID nobody')).toEqual(['* SEARCH']);
  });
});

test('a search that nobody waits for any more is given up', async () => {
  const A = await Client.plain(server.port);
  await A.line();
  await A.ok(`LOGIN impatient "${PASSWORD}"`);
  await put(A, 'INBOX', {});
  await A.ok('SELECT INBOX');
  const aborted = new Promise<void>((resolve) => {
    stuck = (signal) => {
      A.socket.resetAndDestroy(); // a mere end of what it sends would not say that it reads no more
      return new Promise((_, reject) => {
        signal?.addEventListener('abort', () => {
          reject(signal.reason);
          resolve();
        });
      });
    };
  });
  A.send('a1 SEARCH BODY never\r\n');
  await aborted;
  stuck = undefined;
});
