/** The protocol, without sockets: what is answered to what, however the octets come. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codes, converse, FakeDelivery, spoolIn, startSession } from './support.ts';

const USERS = ['alice', 'bob', 'carol+x', 'eve@example.org'];
const dialogue = (...lines: string[]) => lines.map((line) => `${line}\r\n`).join('');
const START = 'LHLO mta.example.net\r\nMAIL FROM:<from@example.org>\r\n';

const talk = (text: string, delivery = new FakeDelivery(USERS), more = {}) =>
  converse([text], { delivery, ...more }).then(codes);

const WHOLE = dialogue(
  'LHLO mta.example.net',
  'MAIL FROM:<from@example.org> SIZE=30 BODY=8BITMIME',
  'RCPT TO:<alice@example.net>',
  'RCPT TO:<nobody@example.net>',
  'RCPT TO:<bob+Lists@example.net>',
  'DATA',
  'Subject: one',
  '',
  '..two\n.\nthree',
  '.',
  'RSET',
  'NOOP again',
  'VRFY alice',
  'QUIT',
);

const fields = (to: string) =>
  'Return-Path: <from@example.org>\r\n' +
  `Delivered-To: ${to}\r\n` +
  'Received: from mta.example.net\r\n\tby mail.example.net with LMTP id id1\r\n' +
  `\tfor <${to}>; Sat, 21 Mar 2026 08:00:00 +0000\r\n`;

const STORED = [
  { user: 'alice', detail: undefined, content: `${fields('alice@example.net')}Subject: one\r\n\r\n.two\n.\nthree\r\n` },
  { user: 'bob', detail: 'Lists', content: `${fields('bob+Lists@example.net')}Subject: one\r\n\r\n.two\n.\nthree\r\n` },
];

const ANSWERS = [
  '220 mail.example.net LMTP ready',
  '250-mail.example.net',
  '250-PIPELINING',
  '250-ENHANCEDSTATUSCODES',
  '250-8BITMIME',
  '250-SMTPUTF8',
  '250 SIZE 1000000',
  '250 2.1.0 Sender ok.',
  '250 2.1.5 Recipient ok.',
  '550 5.1.1 There is no such user here.',
  '250 2.1.5 Recipient ok.',
  '354 Send the message; end it with <CRLF>.<CRLF>',
  '250 2.1.5 Stored for alice, id1.',
  '250 2.1.5 Stored for bob, id1.',
  '250 2.0.0 Ok.',
  '250 2.0.0 Ok.',
  '252 2.1.5 Send some mail, and you will see.',
  '221 2.0.0 Bye.',
  '',
].join('\r\n');

describe('a whole dialogue', () => {
  test('pipelined in one piece', async () => {
    const delivery = new FakeDelivery(USERS);
    expect(await converse([WHOLE], { delivery })).toBe(ANSWERS);
    expect(delivery.stored).toEqual(STORED);
  });

  test('octet by octet', async () => {
    const delivery = new FakeDelivery(USERS);
    expect(await converse([...WHOLE], { delivery })).toBe(ANSWERS);
    expect(delivery.stored).toEqual(STORED);
  });

  test('cut in two at every octet', async () => {
    for (let at = 1; at < WHOLE.length; at += 1) {
      const delivery = new FakeDelivery(USERS);
      expect(await converse([WHOLE.slice(0, at), WHOLE.slice(at)], { delivery })).toBe(ANSWERS);
      expect(delivery.stored).toEqual(STORED);
    }
  });

  test('that breaks off at any octet before the end of the message stores nothing', async () => {
    const end = WHOLE.indexOf('\r\n.\r\n') + 5;
    for (let at = 0; at < end; at += 1) {
      const delivery = new FakeDelivery(USERS);
      await converse([WHOLE.slice(0, at)], { delivery });
      expect(delivery.stored).toEqual([]);
    }
  });
});

describe('answers to single commands', () => {
  test.each([
    ['HELO x', '500 5.5.1'],
    ['EHLO x', '500 5.5.1'],
    ['LHLO', '501 5.5.4'],
    ['LHLO two words', '501 5.5.4'],
    ['FROB', '500 5.5.1'],
    ['CONSTRUCTOR', '500 5.5.1'],
    ['', '500 5.5.1'],
    ['BDAT 5 LAST', '502 5.5.1'],
    ['STARTTLS', '502 5.5.1'],
    ['EXPN list', '502 5.5.1'],
    ['HELP', '214 2.0.0'],
    ['noop', '250 2.0.0'],
    ['RSET now', '501 5.5.4'],
    ['DATA', '503 5.5.1'],
    ['MAIL FROM:<>', '503 5.5.1'],
    ['RCPT TO:<alice>', '503 5.5.1'],
    ['NOOP \xff', '501 5.5.4'],
    ['NOOP a\rb', '500 5.5.2'],
    ['NOOP a\0b', '500 5.5.2'],
    ['NOOP a\nNOOP b', '500 5.5.2'],
  ])('%j → %s', async (line, answer) => {
    expect((await talk(`${line}\r\n`)).slice(0, 2)).toEqual(['220', answer]);
  });

  test.each([
    ['MAIL FROM:<>', '250 2.1.0'],
    ['mail from: <a@b> size=5', '250 2.1.0'],
    ['MAIL FROM:<@relay.example,@other.example:a@b>', '250 2.1.0'],
    ['MAIL FROM:<"a b>\\""@b> BODY=7BIT', '250 2.1.0'],
    ['MAIL FROM:a@b', '501 5.1.7'],
    ['MAIL FROM:<a@b', '501 5.1.7'],
    ['MAIL FROM:<a b@c>', '501 5.1.7'],
    ['MAIL FROM:<a@b>x', '501 5.1.7'],
    ['MAIL', '501 5.1.7'],
    ['MAIL FROM:<a@b> AUTH=<>', '555 5.5.4'],
    ['MAIL FROM:<a@b> SIZE=x', '555 5.5.4'],
    ['MAIL FROM:<a@b> SIZE=1 SIZE=1', '555 5.5.4'],
    ['MAIL FROM:<a@b> BODY=BINARYMIME', '555 5.5.4'],
    ['MAIL FROM:<a@b> SIZE=1000001', '552 5.3.4'],
    ['MAIL FROM:<\xc3\xa9@b>', '550 5.6.7'],
    ['MAIL FROM:<\xc3\xa9@b> SMTPUTF8', '250 2.1.0'],
  ])('after LHLO, %j → %s', async (line, answer) => {
    expect(await talk(`LHLO x\r\n${line}\r\n`)).toEqual(['220', '250', answer]);
  });

  test.each([
    ['RCPT TO:<alice@anywhere.example>', '250 2.1.5'],
    ['RCPT TO:<ALICE@anywhere.example>', '250 2.1.5'],
    ['RCPT TO:<alice>', '250 2.1.5'],
    ['RCPT TO:<"alice"@example.net>', '250 2.1.5'],
    ['RCPT TO:<alice+some+thing@example.net>', '250 2.1.5'],
    ['RCPT TO:<+alice@example.net>', '550 5.1.1'],
    ['RCPT TO:<carol+x@example.net>', '250 2.1.5'],
    ['RCPT TO:<carol@example.net>', '550 5.1.1'],
    ['RCPT TO:<eve@example.org>', '250 2.1.5'],
    ['RCPT TO:<eve@example.net>', '550 5.1.1'],
    ['RCPT TO:<>', '501 5.1.3'],
    ['RCPT TO:alice', '501 5.1.3'],
    ['RCPT TO:<alice> NOTIFY=NEVER', '555 5.5.4'],
    ['RCPT TO:<\xc3\xa9@b>', '553 5.6.7'],
    ['RCPT TO:<broken@example.net>', '451 4.3.0'],
    ['MAIL FROM:<a@b>', '503 5.5.1'],
    ['DATA', '503 5.5.1'],
  ])('after MAIL, %j → %s', async (line, answer) => {
    expect(await talk(`${START}${line}\r\n`)).toEqual(['220', '250', '250 2.1.0', answer]);
  });
});

describe('one answer for each recipient that was accepted', () => {
  const to = (...names: string[]) => names.map((name) => `RCPT TO:<${name}>\r\n`).join('');
  const after = async (delivery: FakeDelivery, names: string[], more = {}) =>
    (await talk(`${START}${to(...names)}DATA\r\nx\r\n.\r\n`, delivery, more)).slice(4 + names.length);

  test.each([
    ['quota-exceeded', '452 4.2.2'],
    ['no-space', '452 4.3.1'],
    ['too-large', '552 5.3.4'],
    ['unavailable', '451 4.3.0'],
    ['access-denied', '451 4.3.0'],
    [new Error('odd'), '451 4.3.0'],
  ] as const)('%s of one is not the other’s', async (failure, answer) => {
    const delivery = new FakeDelivery(USERS, { alice: failure });
    expect(await after(delivery, ['alice', 'bob'])).toEqual([answer, '250 2.1.5']);
    expect(delivery.stored.map(({ user }) => user)).toEqual(['bob']);
  });

  test('who is named twice gets two answers and one copy; in two folders, two', async () => {
    const delivery = new FakeDelivery(USERS);
    expect(await after(delivery, ['bob', 'bob', 'bob+a'])).toEqual(['250 2.1.5', '250 2.1.5', '250 2.1.5']);
    expect(delivery.stored.map(({ detail }) => detail)).toEqual([undefined, 'a']);
  });

  test('in the order of RCPT, whichever is stored first', async () => {
    const users = Array.from({ length: 20 }, (_, at) => `u${at}`);
    const delivery = new FakeDelivery(users, { u3: 'no-space' });
    const { deliver } = delivery;
    let running = 0;
    let most = 0;
    delivery.deliver = async (recipient, mail) => {
      running += 1;
      most = Math.max(most, running);
      for (let turns = Number(recipient.user.slice(1)); turns < 20; turns += 1) await new Promise(setImmediate);
      running -= 1;
      return deliver(recipient, mail);
    };
    const { input, ended, until } = startSession({ delivery, limits: { deliveries: 5 } });
    input.push(Buffer.from(`${START}${to(...users)}DATA\r\nx\r\n.\r\nQUIT\r\n`));
    await ended;
    const answers = codes(await until(/221/)).slice(4 + users.length, -1);
    expect(answers).toEqual(users.map((user) => (user === 'u3' ? '452 4.3.1' : '250 2.1.5')));
    expect(most).toBe(5);
  });
});

describe('limits', () => {
  test('a message above the limit is taken to its end and refused, and the next one is in step', async () => {
    const delivery = new FakeDelivery(USERS);
    const big = `${START}RCPT TO:<alice>\r\nRCPT TO:<bob>\r\nDATA\r\n${'MAIL FROM:<a@b>\r\n'.repeat(20)}.\r\n`;
    const small = 'MAIL FROM:<>\r\nRCPT TO:<bob>\r\nDATA\r\nx\r\n.\r\n';
    const answers = await talk(big + small, delivery, { messageSize: 100 });
    expect(answers.slice(5)).toEqual(['354', '552 5.3.4', '552 5.3.4', '250 2.1.0', '250 2.1.5', '354', '250 2.1.5']);
    expect(delivery.stored.map(({ user }) => user)).toEqual(['bob']);
  });

  test('recipients above the limit are put off', async () => {
    const text = `${START}RCPT TO:<alice>\r\nRCPT TO:<bob>\r\n`;
    expect((await talk(text, undefined, { limits: { recipients: 1 } })).at(-1)).toBe('452 4.5.3');
  });

  test('a line above the limit is passed over, and the next one is in step', async () => {
    const text = `NOOP ${'x'.repeat(5000)}\r\nNOOP\r\n`;
    const answers = ['220', '500 5.5.2', '250 2.0.0'];
    expect(await talk(text)).toEqual(answers);
    expect(codes(await converse([...text], { delivery: new FakeDelivery([]) }))).toEqual(answers);
    const fits = `NOOP ${'x'.repeat(2048 - 7)}\r\n`;
    expect(await talk(fits)).toEqual(['220', '250 2.0.0']);
  });

  test('too many mistakes end the dialogue', async () => {
    const answers = await talk('GET / HTTP/1.1\r\n'.repeat(30), undefined, { limits: { errors: 3 } });
    expect(answers).toEqual(['220', '500 5.5.1', '500 5.5.1', '500 5.5.1', '421 4.7.0']);
  });

  test('unknown recipients are no mistakes of the protocol', async () => {
    const answers = await talk(`${START}${'RCPT TO:<nobody>\r\n'.repeat(30)}NOOP\r\n`, undefined, {
      limits: { errors: 3 },
    });
    expect(answers.at(-1)).toBe('250 2.0.0');
  });
});

describe('the spool', () => {
  const message = `${START}RCPT TO:<alice>\r\nRCPT TO:<bob>\r\nDATA\r\n${'line\r\n'.repeat(500)}.\r\nNOOP\r\n`;

  test('a message larger than what is held in memory goes to a file and comes back whole, for each', async () => {
    const delivery = new FakeDelivery(USERS);
    expect((await talk(message, delivery)).slice(-3)).toEqual(['250 2.1.5', '250 2.1.5', '250 2.0.0']);
    expect(delivery.stored.map(({ content }) => content.slice(-3000))).toEqual(Array(2).fill('line\r\n'.repeat(500)));
  });

  test('where it cannot be written, everybody is put off and the dialogue goes on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lmtp-'));
    rmSync(folder, { recursive: true });
    const delivery = new FakeDelivery(USERS);
    const answers = await talk(message, delivery, { openSpool: () => spoolIn(folder) });
    expect(answers.slice(-3)).toEqual(['451 4.3.0', '451 4.3.0', '250 2.0.0']);
    expect(delivery.stored).toEqual([]);
  });
});

describe('the end', () => {
  test.each([
    ['idle', '421 4.4.2'],
    ['stopping', '421 4.3.2'],
  ] as const)('%s between commands, and in the middle of a message', async (reason, answer) => {
    for (const text of ['NOOP\r\n', `${START}RCPT TO:<alice>\r\nDATA\r\nhalf`]) {
      const delivery = new FakeDelivery(USERS);
      const { input, ended, output } = startSession({ delivery });
      input.push(Buffer.from(text));
      for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
      input.end(reason);
      await ended;
      expect(codes(output()).at(-1)).toBe(answer);
      expect(delivery.stored).toEqual([]);
    }
  });

  test('a delivery that has begun is answered before', async () => {
    const delivery = new FakeDelivery(USERS);
    const { deliver } = delivery;
    let go: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    let begun: () => void = () => {};
    const beginning = new Promise<void>((resolve) => {
      begun = resolve;
    });
    delivery.deliver = async (recipient, mail) => {
      begun();
      await held;
      return deliver(recipient, mail);
    };
    const { input, ended, output } = startSession({ delivery });
    input.push(Buffer.from(`${START}RCPT TO:<alice>\r\nDATA\r\nx\r\n.\r\n`));
    await beginning;
    input.end('stopping');
    go();
    await ended;
    expect(codes(output()).slice(-2)).toEqual(['250 2.1.5', '421 4.3.2']);
    expect(delivery.stored).toHaveLength(1);
  });
});
