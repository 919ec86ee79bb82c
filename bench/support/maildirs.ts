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
