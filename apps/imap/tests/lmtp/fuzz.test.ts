/** Nonsense in every state of LMTP: it is answered or hung up on, and another client does not notice. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMailStore } from '@scorpiox/maildir';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMailDelivery } from '../../src/lmtp/mail-delivery.ts';
import { Spool } from '../../src/lmtp/spool.ts';
import { createMail } from '../../src/mailbox/user-mail.ts';
import { LmtpListener } from '../../src/server/lmtp-listener.ts';
import { type Random, randomFrom } from '../support/random.ts';
import { silent } from './support.ts';

let folder: string;
let listener: LmtpListener;
let port: number | undefined;
const troubles: unknown[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lmtp-fuzz-'));
  const mail = createMail((user) =>
    openMailStore({ maildir: join(folder, user), indexFile: join(folder, `${user}.db`) }),
  );
  listener = new LmtpListener({
    port: 0,
    socket: undefined,
    delivery: createMailDelivery({ find: (name) => (name === 'alice' ? { name } : undefined) }, mail),
    observer: {
      ...silent,
      failed: (delivery) => troubles.push(delivery),
      trouble: (message, error) => troubles.push([message, error]),
    },
    messageSize: 100_000,
    host: 'mail.example.net',
    openSpool: () => new Spool({ folder, inMemory: 1000, chunk: 4096 }),
    newId: () => 'id',
    clock: Date.now,
    now: () => performance.now(),
  });
  port = await listener.start();
});
afterAll(async () => {
  await listener.stop();
  rmSync(folder, { recursive: true, force: true });
  expect(troubles).toEqual([]);
});

const STATES = [
  ['at the greeting', ''],
  ['after LHLO', 'LHLO t\r\n'],
  ['after MAIL', 'LHLO t\r\nMAIL FROM:<>\r\n'],
  ['after RCPT', 'LHLO t\r\nMAIL FROM:<>\r\nRCPT TO:<alice>\r\n'],
  ['in DATA', 'LHLO t\r\nMAIL FROM:<>\r\nRCPT TO:<alice>\r\nDATA\r\n'],
  ['in a stuffed line', 'LHLO t\r\nMAIL FROM:<>\r\nRCPT TO:<alice>\r\nDATA\r\n.'],
] as const;

const LINES = [
  'LHLO test',
  'EHLO test',
  'MAIL FROM:<a@example.org> SIZE=10 BODY=8BITMIME SMTPUTF8',
  'MAIL FROM:<>',
  'RCPT TO:<alice@example.net>',
  'RCPT TO:<alice+Work@example.net>',
  'RCPT TO:<"a b"@example.net> NOTIFY=NEVER',
  'RCPT TO:<nobody>',
  'DATA',
  '.',
  '..',
  'RSET',
  'NOOP',
  'VRFY alice',
  'HELP',
  'BDAT 3 LAST',
  '',
] as const;

function nonsense({ below, pick }: Random): string {
  const line = pick(LINES);
  const at = below(line.length + 1);
  const end = pick(['\r\n', '\r\n', '\r\n', '\n', '\r', '\0\r\n', '']);
  switch (below(5)) {
    case 0:
      return `${line.slice(0, at)}${pick(['<', '>', '\0', '\xff', '"', '\\', ' ', ':'])}${line.slice(at)}${end}`;
    case 1:
      return String.fromCharCode(...Array.from({ length: below(80) }, () => below(256)));
    case 2:
      return `${line}${'x'.repeat(below(4000))}${end}`;
    default:
      return `${line}${end}`;
  }
}

async function say(text: string): Promise<string> {
  const socket = connect(port ?? 0, '127.0.0.1');
  socket.on('error', () => {});
  let said = '';
  socket.on('data', (chunk) => {
    said += chunk.toString('latin1');
  });
  socket.end(Buffer.from(text, 'latin1'));
  await once(socket, 'close');
  return said;
}

describe.each(STATES)('nonsense %s', (_, before) => {
  test.each(Array.from({ length: 15 }, (_, n) => n + 1))('%i', async (seed) => {
    const random = randomFrom(seed * 31_337);
    const text = Array.from({ length: 30 }, () => nonsense(random)).join('');
    for (const line of (await say(before + text)).split('\r\n').slice(0, -1)) expect(line).toMatch(/^[2-5]\d\d[ -]/);
    expect(await say('LHLO t\r\nMAIL FROM:<>\r\nRCPT TO:<alice>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n')).toMatch(
      /\r\n250 2\.1\.5 .*\r\n221 /,
    );
  });
});
