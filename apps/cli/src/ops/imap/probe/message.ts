/** Messages to probe a server with: each unlike all others, and every part of it unlike the rest, so that what is lost, doubled or mixed up shows. */
import { createCipheriv, createHash, randomBytes } from 'node:crypto';

export interface ProbeMessage {
  /** Its Message-ID, by which it is found again. */
  readonly id: string;
  readonly octets: number;
  /** SHA-256 of all of it. */
  readonly digest: string;
  /** The same octets each time. */
  chunks(): Iterable<Buffer>;
}

/** Octets that a line of base64 stands for, and has with its end (RFC 2045 §6.8). */
const [LINE_HOLDS, LINE_LENGTH] = [57, 78];
/** Lines that are made at once. */
const LINES = 512;

/** A message of about this many octets, at least those of its header. */
export function makeMessage(octets: number, date = new Date()): ProbeMessage {
  const id = `<${randomBytes(12).toString('hex')}@scorpiox-probe.invalid>`;
  const header = headerOf(id, date);
  const lines = Math.max(1, Math.ceil((octets - header.length) / LINE_LENGTH));
  const key = randomBytes(16);
  const chunks = () => chunksOf(header, key, lines);
  const hash = createHash('sha256');
  for (const chunk of chunks()) hash.update(chunk);
  return { id, octets: header.length + lines * LINE_LENGTH, digest: hash.digest('hex'), chunks };
}

function headerOf(id: string, date: Date): Buffer {
  return Buffer.from(
    `From: scorpiox imap probe <probe@scorpiox-probe.invalid>\r\nSubject: A probe of this server; it is removed by itself\r\n` +
      `Date: ${date.toUTCString().replace('GMT', '+0000')}\r\nMessage-ID: ${id}\r\nMIME-Version: 1.0\r\n` +
      'Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n',
  );
}

function* chunksOf(header: Buffer, key: Buffer, lines: number): Generator<Buffer> {
  yield header;
  const stream = createCipheriv('aes-128-ctr', key, Buffer.alloc(16));
  for (let left = lines; left > 0; left -= LINES) {
    const octets = stream.update(Buffer.alloc(LINE_HOLDS * Math.min(LINES, left)));
    yield Buffer.from(octets.toString('base64').replace(/.{76}/g, '$&\r\n'));
  }
}
