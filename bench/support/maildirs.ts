// Maildirs to measure on, as a mail server of years would leave them.
import { linkSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const WORDS =
  'mail server folder letter report meeting invoice summer garden winter coffee answer question people number'.split(
    ' ',
  );

/** A message of about this many octets; the same number makes the same message. */
export function messageOf(number: number, octets = 10_000): Buffer {
  let seed = number + 1;
  const word = (): string => {
    seed = (seed * 48_271) % 2_147_483_647;
    return `${WORDS[seed % WORDS.length] ?? ''}${seed % 997 === 0 ? ` rare${seed % 1000}` : ''}`;
  };
  let body = '';
  while (body.length < octets - 300) body += `${Array.from({ length: 10 }, word).join(' ')}\r\n`;
  return Buffer.from(
    `From: Sender ${number % 50} <s${number % 50}@example.org>\r\nTo: bench@example.org\r\nSubject: ${word()} ${number}\r\n` +
      `Date: Tue, 17 Nov 2026 10:00:00 +0000\r\nMessage-ID: <${number}@example.org>\r\n\r\n${body}`,
  );
}

/** A temporary folder, and how to be rid of it. */
export function temporary(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'bench-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A Maildir with this many seen messages in cur/, named as an MTA names them. Files are hard links to the first `originals`. */
export function fill(maildir: string, messages: number, octets = 2_000, originals = Math.min(messages, 200)): void {
  for (const name of ['cur', 'new', 'tmp']) mkdirSync(join(maildir, name), { recursive: true });
  for (let number = 0; number < messages; number += 1) {
    const second = 1_600_000_000 + number * 60;
    const path = join(maildir, 'cur', `${second}.M${number % 1_000_000}P1.host:2,${number % 3 === 0 ? 'S' : 'RS'}`);
    if (number < originals) {
      writeFileSync(path, messageOf(number, octets));
      utimesSync(path, second, second);
    } else {
      const first = number % originals;
      const from = `${1_600_000_000 + first * 60}.M${first}P1.host:2,${first % 3 === 0 ? 'S' : 'RS'}`;
      linkSync(join(maildir, 'cur', from), path);
    }
  }
}

/** What a mail of today carries besides its text: the fields that those add who pass it on, and often an attachment. */
function mailOf(number: number, octets: number): Buffer {
  const received = Array.from(
    { length: 4 },
    (_, hop) =>
      `Received: from relay${hop}.example.org (relay${hop}.example.org [192.0.2.${hop + 1}])\r\n\tby mx.example.net (Postfix) with ESMTPS id ${number}A${hop}\r\n\tfor <bench@example.org>; Tue, 17 Nov 2026 10:00:0${hop} +0000 (UTC)\r\n`,
  ).join('');
  const signature = `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org;\r\n\th=from:to:subject:date; bh=${'A'.repeat(43)}=;\r\n\tb=${'B'.repeat(300)}\r\n`;
  const plain = messageOf(number, number % 2 === 0 ? octets - 1_500 : Math.floor(octets / 3)).toString();
  if (number % 2 === 0) return Buffer.from(`${received}${signature}${plain}`);
  const [head = '', text = ''] = plain.split('\r\n\r\n');
  const line = `${Buffer.from(`attachment ${number} `.repeat(4)).toString('base64').slice(0, 72)}\r\n`;
  const attached = line.repeat(Math.ceil((octets * 2) / 3 / line.length));
  return Buffer.from(
    `${received}${signature}${head}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="part${number}"\r\n\r\n` +
      `--part${number}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n` +
      `--part${number}\r\nContent-Type: application/pdf; name="paper.pdf"\r\nContent-Disposition: attachment; filename="paper.pdf"\r\n` +
      `Content-Transfer-Encoding: base64\r\n\r\n${attached}\r\n--part${number}--\r\n`,
  );
}

/** A folder of different messages, to be linked into Maildirs. */
export function originals(folder: string, messages: number, octets: number): void {
  mkdirSync(folder, { recursive: true });
  for (let number = 0; number < messages; number += 1) {
    const path = join(folder, String(number));
    writeFileSync(path, mailOf(number, octets));
    utimesSync(path, 1_600_000_000 + number * 60, 1_600_000_000 + number * 60);
  }
}

/** A Maildir of `messages` seen messages, which are links to the first `different` of `folder`. */
export function fillWithLinks(maildir: string, messages: number, folder: string, different: number): void {
  for (const name of ['cur', 'new', 'tmp']) mkdirSync(join(maildir, name), { recursive: true });
  for (let number = 0; number < messages; number += 1) {
    const name = `${1_600_000_000 + number * 60}.M${number % 1_000_000}P1.host:2,${number % 3 === 0 ? 'S' : 'RS'}`;
    linkSync(join(folder, String(number % different)), join(maildir, 'cur', name));
  }
}
