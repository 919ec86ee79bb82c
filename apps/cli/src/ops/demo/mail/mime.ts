/** Writes the messages of the demonstration: CRLF line ends, 7-bit clean (RFC 5322, RFC 2045, RFC 2047). */

interface Address {
  readonly name: string;
  readonly address: string;
}

export interface Attachment {
  readonly fileName: string;
  /** `text/calendar; charset=utf-8`. */
  readonly type: string;
  readonly content: Uint8Array;
}

export interface Draft {
  readonly messageId: string;
  readonly date: Date;
  readonly from: Address;
  readonly to: Address;
  readonly subject: string;
  readonly text: string;
  /** The same as HTML, for readers that prefer it. */
  readonly html?: string;
  readonly attachment?: Attachment;
  /** Message ids of the conversation so far, oldest first. */
  readonly references?: readonly string[];
  readonly listId?: string;
}

/** The message as bytes. */
export function writeMessage(draft: Draft): Uint8Array {
  const references = draft.references ?? [];
  const headers = [
    `Date: ${draft.date.toUTCString().replace('GMT', '+0000')}`,
    `From: ${writeAddress(draft.from)}`,
    `To: ${writeAddress(draft.to)}`,
    `Subject: ${encodeWords(draft.subject)}`,
    `Message-ID: <${draft.messageId}>`,
    ...(references.length === 0 ? [] : [`In-Reply-To: <${references.at(-1)}>`]),
    ...(references.length === 0 ? [] : [`References: ${references.map((id) => `<${id}>`).join('\r\n ')}`]),
    ...(draft.listId === undefined ? [] : [`List-Id: <${draft.listId}>`]),
    'MIME-Version: 1.0',
  ];
  return new TextEncoder().encode(`${headers.join('\r\n')}\r\n${body(draft)}`);
}

/** Headers of the body's kind, the empty line, and the body. */
function body({ text, html, attachment, messageId }: Draft): string {
  const plain = textPart('plain', text);
  const readable = html === undefined ? plain : multipart('alternative', messageId, [plain, textPart('html', html)]);
  return attachment === undefined ? readable : multipart('mixed', messageId, [readable, attachmentPart(attachment)]);
}

function multipart(kind: string, messageId: string, parts: readonly string[]): string {
  const boundary = `=_${kind}_${messageId.replace(/[^a-z0-9]/gi, '')}`;
  const inner = parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('');
  return `Content-Type: multipart/${kind}; boundary="${boundary}"\r\n\r\n${inner}--${boundary}--\r\n`;
}

function textPart(kind: 'plain' | 'html', text: string): string {
  const type = `Content-Type: text/${kind}; charset=utf-8`;
  return `${type}\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${quotedPrintable(text)}`;
}

function attachmentPart({ fileName, type, content }: Attachment): string {
  const lines =
    Buffer.from(content)
      .toString('base64')
      .match(/.{1,76}/g) ?? [];
  const headers = [
    `Content-Type: ${type}`,
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: attachment; filename="${fileName}"`,
  ];
  return `${headers.join('\r\n')}\r\n\r\n${lines.join('\r\n')}\r\n`;
}

const writeAddress = ({ name, address }: Address): string => `${encodeWords(name)} <${address}>`;

/** Text as it stands where it is ASCII, else as encoded words of at most 75 characters (RFC 2047 §2). */
function encodeWords(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const words: string[] = [];
  let word = '';
  for (const character of text) {
    if (Buffer.byteLength(word + character) > 42) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  words.push(word);
  return words.map((part) => `=?utf-8?B?${Buffer.from(part).toString('base64')}?=`).join('\r\n ');
}

const QUOTED_LINE_MAX = 76;

/** RFC 2045 §6.7. */
function quotedPrintable(text: string): string {
  return text.split('\n').map(quotedLine).join('\r\n');
}

function quotedLine(line: string): string {
  const lines: string[] = [];
  let current = '';
  for (const [index, byte] of Buffer.from(line).entries()) {
    const lastBlank = byte === 0x20 && index === Buffer.byteLength(line) - 1;
    const literal = byte >= 0x20 && byte <= 0x7e && byte !== 0x3d && !lastBlank;
    const piece = literal ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    if (current.length + piece.length > QUOTED_LINE_MAX - 1) {
      lines.push(`${current}=`);
      current = '';
    }
    current += piece;
  }
  lines.push(current);
  return lines.join('\r\n');
}
