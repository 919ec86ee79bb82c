/**
 * Commands over each limit, with the next one in the same packet: the RFC's answer, and the next one is understood. In these
 * tests are also the faults that other servers had: floods of parentheses, literals without number, base64 that is none.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { PASSWORD, startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  const client = await server.signIn('ann');
  await client.append('INBOX', 'Subject: x\r\n\r\nhi\r\n');
  client.close();
});
afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

const literal = (length: number, fill = 'x') => `{${length}+}\r\n${fill.repeat(length)}`;
const many = (count: number, text: string) => Array<string>(count).fill(text).join(' ');

/** What is answered to a command that has another one behind it; that one is answered rightly. */
async function answered(client: Client, command: string): Promise<string> {
  client.send(`o ${command}\r\nn NOOP\r\n`);
  const said = await client.until('n ');
  expect(said.at(-1)).toMatch(/^n OK/);
  return said.at(-2) ?? '';
}

describe('before sign-in', () => {
  test.each([
    ['a line', `LOGIN ann ${'x'.repeat(8_192)}`, /^o BAD/],
    ['a line of parentheses', `ID ${'('.repeat(9_000)}`, /^o BAD/],
    ['a literal', `LOGIN ann ${literal(4_097)}`, /^o BAD/],
    ['literals together', `ID (${many(3, literal(3_000))} NIL)`, /^o BAD/],
    ['literals in number', `ID (${many(5, literal(1))} NIL)`, /^o BAD/],
    ['an initial response', `AUTHENTICATE PLAIN ${'QUFB'.repeat(513)}`, /^o BAD/],
    ['fields of ID', `ID (${many(31, '"a" "b"')})`, /^o BAD/],
    ['a field of ID', `ID ("${'a'.repeat(31)}" "b")`, /^o BAD/],
    ['a value of ID', `ID ("a" "${'b'.repeat(1_025)}")`, /^o BAD/],
  ])('%s over the limit', async (_, command, expected) => {
    const client = await server.connect();
    expect(await answered(client, command)).toMatch(expected);
    await client.ok(`LOGIN ann "${PASSWORD}"`);
    client.close();
  });

  test('a tag over the limit', async () => {
    const client = await server.connect();
    client.send(`${'t'.repeat(129)} NOOP\r\nn NOOP\r\n`);
    expect(await client.until('n OK')).toEqual([expect.stringMatching(/^\* BAD/), expect.anything()]);
    client.close();
  });

  test('a literal past counting is the end: nobody can tell where the next command begins', async () => {
    const client = await server.connect();
    client.send('o LOGIN {99999999999999999999+}\r\nn NOOP\r\n');
    expect(await client.until('* BYE')).toEqual([expect.stringMatching(/^o BAD/), '* BYE The stream is out of step.']);
    expect(await client.line()).toBeUndefined();
  });

  test('a literal that waits is refused without being asked for, and nothing of it is waited for', async () => {
    const client = await server.connect();
    client.send('o LOGIN ann {4097}\r\n');
    expect(await client.until('o ')).toEqual([expect.stringMatching(/^o BAD/)]);
    expect((await client.command('NOOP')).result).toMatch(/^OK/);
    client.close();
  });

  test.each([
    ['too long', 'QUFB'.repeat(513)],
    ['longer than a line', 'QUFB'.repeat(4_000)],
    ['no base64', 'a=b*c'],
    ['base64 with junk behind it', 'AGFubgBz\x00\xff'],
    ['base64 cut short', 'AGF'],
    ['empty', ''],
    ['a literal', '{5+}'],
    ['a command', 'x NOOP'],
  ])('an answer in AUTHENTICATE that is %s ends it, and the next command is one again', async (_, line) => {
    const client = await server.connect();
    client.send(`o AUTHENTICATE PLAIN\r\n${line}\r\nn NOOP\r\n`);
    const said = await client.until('n OK');
    expect(said.slice(0, -1)).toEqual(['+ ', expect.stringMatching(/^o BAD/)]);
    await client.ok(`LOGIN ann "${PASSWORD}"`);
    client.close();
  });

  test('bad commands in a row end the connection, and good ones in between begin the count anew', async () => {
    const client = await server.connect();
    for (let n = 0; n < 4; n += 1) expect((await client.command('FROB')).result).toMatch(/^BAD/);
    await client.ok('NOOP');
    for (let n = 0; n < 5; n += 1) expect((await client.command('FROB')).result).toMatch(/^BAD/);
    expect(await client.line()).toBe('* BYE Too many bad commands.');
    expect(await client.line()).toBeUndefined();
  });

  test('refused sign-ins end the connection', async () => {
    const client = await server.connect();
    for (let n = 0; n < 5; n += 1) expect((await client.command('LOGIN eve wrong')).result).toMatch(/^NO/);
    expect(await client.line()).toBe('* BYE Too many refused sign-ins.');
    expect(await client.line()).toBeUndefined();
  });
});

describe('after sign-in', () => {
  let client: Client;
  beforeAll(async () => {
    client = await server.signIn('ann');
    await client.ok('SELECT INBOX');
  });
  afterAll(() => client.close());

  test.each([
    ['a line', `SEARCH ${'x'.repeat(65_536)}`, /^o BAD/],
    ['a line of parentheses', `SEARCH ${'('.repeat(60_000)}`, /^o BAD/],
    ['a list of parentheses', `FETCH 1 ${'('.repeat(60_000)}`, /^o BAD/],
    ['parentheses around flags', `STORE 1 FLAGS ${'('.repeat(60_000)}`, /^o BAD/],
    ['a literal', `SEARCH TEXT ${literal(102_401)}`, /^o BAD/],
    ['literals together', `SEARCH ${many(11, `TEXT ${literal(100_000)}`)}`, /^o BAD/],
    ['literals in number', `SEARCH ${many(101, `TEXT ${literal(1)}`)}`, /^o BAD/],
    ['keys inside each other', `SEARCH ${'('.repeat(51)}ALL${')'.repeat(51)}`, /^o BAD/],
    ['NOT inside each other', `SEARCH ${many(51, 'NOT')} ALL`, /^o BAD/],
    ['OR inside each other', `SEARCH ${many(51, 'OR SEEN')} ALL`, /^o BAD/],
    ['keys', `SEARCH ${many(2_001, 'ALL')}`, /^o BAD/],
    ['items', `FETCH 1 (${many(1_001, 'UID')})`, /^o BAD/],
    ['levels of a part', `FETCH 1 BODY[${Array(101).fill(1).join('.')}]`, /^o BAD/],
    ['a mailbox name', `STATUS "${'a'.repeat(1_025)}" (MESSAGES)`, /^o (BAD|NO \[CANNOT\])/],
    ['a folder name', `CREATE ${'a'.repeat(300)}`, /^o NO \[CANNOT\]/],
    ['an object id', `SEARCH EMAILID ${'M'.repeat(256)}`, /^o BAD/],
    ['patterns', `LIST "" (${many(101, '%')})`, /^o BAD/],
    ['a keyword', `STORE 1 +FLAGS (${'k'.repeat(256)})`, /^o (NO|BAD)/],
    ['keywords', `STORE 1 +FLAGS (${Array.from({ length: 501 }, (_, n) => `k${n}`).join(' ')})`, /^o NO \[LIMIT\]/],
    ['messages', `APPEND INBOX ${many(1_001, '{1+}\r\nm')}`, /^o NO \[LIMIT\]/],
  ])('%s over the limit', async (_, command, expected) => {
    expect(await answered(client, command)).toMatch(expected);
    expect(await client.ok('STATUS INBOX (MESSAGES)')).toEqual(['* STATUS INBOX (MESSAGES 1)']);
  });

  test('what is just below the limits is done', async () => {
    const below = [
      `SEARCH ${'('.repeat(50)}ALL${')'.repeat(50)}`,
      `SEARCH ${many(1_999, 'ALL')}`,
      `UID FETCH ${Array.from({ length: 10_900 }, (_, n) => n + 1).join(',')} (UID)`,
      `UID FETCH ${Array.from({ length: 5_400 }, (_, n) => `${5_400 - n}:*`).join(',')} (UID)`,
      `SEARCH TEXT ${literal(102_400)}`,
      `FETCH 1 BODY.PEEK[${Array(100).fill(1).join('.')}]`,
    ];
    for (const command of below) expect(await answered(client, command)).toMatch(/^\* (SEARCH|1 FETCH)|^o OK/);
  });

  test('a line in IDLE that is too long ends it, and the next command is one again', async () => {
    client.send(`o IDLE\r\n${'x'.repeat(70_000)}\r\nn NOOP\r\n`);
    expect(await client.until('n OK')).toEqual([
      '+ idling',
      expect.stringMatching(/^o BAD/),
      expect.stringMatching(/^n OK/),
    ]);
  });

  test('bad commands in a row end the connection', async () => {
    const wild = await server.signIn('ann');
    for (let n = 0; n < 20; n += 1) expect((await wild.command('FROB')).result).toMatch(/^BAD/);
    expect(await wild.line()).toBe('* BYE Too many bad commands.');
    expect(await wild.line()).toBeUndefined();
  });
});

test('messages of others’ faults are stored, shown and searched, and the session goes on', async () => {
  const client = await server.signIn('flood');
  await client.ok('SELECT INBOX');
  const numbered = (count: number, text: (n: number) => string) =>
    Array.from({ length: count }, (_, n) => text(n)).join('');
  const headers = [
    `To: ${'('.repeat(300_000)}`,
    `To: ${'"'.repeat(300_001)}`,
    `To: ${'<'.repeat(300_000)}`,
    `To: ${'<a@example.org>,\r\n '.repeat(20_000)}b@example.org`,
    `To: ${'g:'.repeat(100_000)}`,
    `To: ${'g:a@example.org;,'.repeat(20_000)}`,
    'To: undisclosed-recipients:;, g: a@example.org, b;',
    `Content-Type: text/plain${numbered(20_000, (n) => `;\r\n name*${n}*=%20abc`)}`,
    `Content-Type: text/plain${numbered(20_000, (n) => `;\r\n name${n}=abc`)}`,
    `Content-Disposition: attachment; ${'filename*0='.repeat(30_000)}`,
    `${'X-A: b\r\n'.repeat(100_000)}X-B: c`,
    `${'x'.repeat(500_000)}: y`,
    `Subject: ${'=?utf-8?q?=C3=A9?=\r\n '.repeat(20_000)}`,
    `Content-Type: multipart/mixed; boundary=${'b'.repeat(251)}\r\n\r\n--${'b'.repeat(251)}\r\n\r\n--${'b'.repeat(251)}--`,
    numbered(3_000, (n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`),
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\n'.repeat(50_000)}--b--`,
    'Content-Type: message/rfc822\r\n\r\n'.repeat(10_000),
  ];
  for (const [at, header] of headers.entries()) {
    expect(await client.append('INBOX', `${header}\r\nMessage-ID: <${at}@example.org>\r\n\r\nbody\r\n`)).toMatch(/^OK/);
    const seq = at + 1;
    const fetched = await client.ok(`FETCH ${seq} (ENVELOPE BODY BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (TO)]<0.10>)`);
    expect(fetched).toEqual([expect.stringMatching(new RegExp(`^\\* ${seq} FETCH \\(ENVELOPE \\(`))]);
    expect(await client.ok(`SEARCH ${seq} OR TO nobody-of-that-name TEXT nothing-like-that`)).toEqual(['* SEARCH']);
    expect((await client.command('NOOP')).result).toMatch(/^OK/);
  }
  client.close();
});
