import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { sendByLmtp } from '../../src/alerts/mail/lmtp.ts';
import { encodeWords, quotedPrintable, renderMail } from '../../src/alerts/mail/render.ts';
import type { Notice } from '../../src/alerts/stored.ts';

const notice: Notice = {
  version: 1,
  id: '11111111-2222-4333-8444-555555555555',
  kind: 'alert',
  rule: { id: 'rule-1', name: 'Zu viele Fehler ä€😀' },
  at: '2026-01-02T03:04:05.678Z',
  dashboard: 'https://insights.example.net/alerts',
  alerts: [
    { subject: 'shop', status: 'firing', since: '2026-01-02T03:00:00.000Z', message: '11 % of 100 requests failed.' },
    { subject: 'blog', status: 'resolved', since: '2026-01-02T02:00:00.000Z', message: '0 % of 100 requests failed.' },
  ],
  more: 0,
};

const decodeBody = (text: string) =>
  Buffer.from(
    text
      .replaceAll('=\r\n', '')
      .replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString();

test('a mail says what happened, in one thread for its rule, in lines that every server takes', () => {
  const { text } = renderMail(notice, 'alice');
  const [head = '', body = ''] = text.split('\r\n\r\n', 2);
  expect(head).toContain('Message-ID: <11111111-2222-4333-8444-555555555555@insights.example.net>');
  expect(head).toContain('References: <alert-rule.rule-1@insights.example.net>');
  expect(head).toContain('Date: Fri, 02 Jan 2026 03:04:05 +0000');
  expect(head).toContain('To: <alice@insights.example.net>');
  const subject = /Subject: ((?:.|\r\n )*)/.exec(head)?.[1] ?? '';
  const words = [...subject.matchAll(/=\?utf-8\?B\?(.*?)\?=/g)].map(([, word = '']) =>
    Buffer.from(word, 'base64').toString(),
  );
  expect(words.join('')).toBe('[Scorpiox] Firing and resolved: Zu viele Fehler ä€😀 (shop and 1 more)');
  expect(decodeBody(text.slice(text.indexOf('\r\n\r\n') + 4))).toContain(
    'FIRING  shop\r\n11 % of 100 requests failed.',
  );
  expect(body.length).toBeGreaterThan(0);
  for (const line of text.split('\r\n')) expect(line).toMatch(/^[\x20-\x7e]{0,200}$/);
});

test('a name cannot end a header, nor a text its line', () => {
  expect(encodeWords('a\r\nBcc: evil@example.net')).not.toMatch(/[\r\n]Bcc/);
  expect(
    quotedPrintable(`${'x'.repeat(200)} \n.`)
      .split('\r\n')
      .every((line) => line.length <= 76),
  ).toBe(true);
  expect(decodeBody(quotedPrintable('1 + 1 = 2 \nä'))).toBe('1 + 1 = 2 \r\nä');
});

/** An LMTP server that answers each command as told, and keeps what it heard. */
async function peer(
  answers: Readonly<Record<string, string>>,
): Promise<{ port: number; heard: () => string; server: Server }> {
  let heard = '';
  const server = createServer((socket) => {
    let inData = false;
    let pending = '';
    socket.on('error', () => {});
    socket.write(answers.greeting ?? '220 here\r\n');
    socket.on('data', (chunk) => {
      heard += String(chunk);
      pending += String(chunk);
      for (;;) {
        const end = inData ? pending.indexOf('\r\n.\r\n') : pending.indexOf('\r\n');
        if (end < 0) return;
        const line = pending.slice(0, end);
        pending = pending.slice(end + (inData ? 5 : 2));
        const verb = inData ? 'dot' : (line.split(' ')[0] ?? '');
        inData = verb === 'DATA';
        const usual = verb === 'DATA' ? '354 go on\r\n' : '250-more\r\n250 ok\r\n';
        socket.write(answers[verb] ?? usual);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  // A server that listens on TCP has an address of this kind.
  return { port: (server.address() as AddressInfo).port, heard: () => heard, server };
}

const mail = { to: 'alice', text: 'Subject: x\r\n\r\n.a dot\r\n..two' };
const send = (port: number, signal = AbortSignal.timeout(20_000)) =>
  sendByLmtp({ host: '127.0.0.1', port }, mail, signal);

test('a mail is handed on with its dots, and counts as delivered when the server has it', async () => {
  const { port, heard } = await peer({});
  expect(await send(port)).toEqual({ kind: 'delivered' });
  expect(heard()).toContain('RCPT TO:<alice>\r\nDATA\r\nSubject: x\r\n\r\n..a dot\r\n...two\r\n.\r\n');
});

test.each([
  [{ RCPT: '550 5.1.1 nobody\r\n' }, true, '550 5.1.1 nobody'],
  [{ dot: '452 4.3.1 the disk is full\r\n' }, false, '452 4.3.1'],
  [{ greeting: '421 busy\r\n' }, false, '421 busy'],
  [{ greeting: 'SSH-2.0\r\n' }, false, 'cannot be spoken to'],
])('an answer of %j is a failure, for good: %s', async (answers, permanent, says) => {
  const { port } = await peer(answers);
  const outcome = await send(port);
  expect(outcome).toMatchObject({ kind: 'failed', permanent });
  expect(JSON.stringify(outcome)).toContain(says);
});

test('a server that says nothing, or is not there, is left after a while', async () => {
  const silent = await peer({ greeting: '' });
  const abort = new AbortController();
  silent.server.once('connection', () => abort.abort());
  expect(await send(silent.port, abort.signal)).toMatchObject({ kind: 'failed', permanent: false });
  const gone = await peer({});
  gone.server.close();
  await once(gone.server, 'close');
  expect(await send(gone.port)).toMatchObject({
    kind: 'failed',
    permanent: false,
    problem: expect.stringContaining('ECONNREFUSED'),
  });
});
