import { isIP } from 'node:net';
import { titleOf } from '../notices.ts';
import type { Notice } from '../stored.ts';

/** A message as it is handed on (RFC 5322): lines end with CRLF, none is longer than 998 octets. */
export interface Mail {
  readonly to: string;
  readonly text: string;
}

const CRLF = '\r\n';

/**
 * The mail of a notice. All mails of a rule are one thread: they refer to the same message, which need not exist
 * (RFC 5322 §3.6.4). Its own Message-ID is the notice's id, so that one that comes twice is seen to be the same.
 */
export function renderMail(notice: Notice, to: string): Mail {
  const host = domainOf(notice.dashboard);
  const root = `<alert-rule.${notice.rule.id}@${host}>`;
  const head = [
    `From: Scorpiox <scorpiox@${host}>`,
    `To: ${to.includes('@') ? `<${to}>` : `<${to}@${host}>`}`,
    `Subject: ${encodeWords(`[Scorpiox] ${titleOf(notice)}`)}`,
    `Date: ${dateOf(notice.at)}`,
    `Message-ID: <${notice.id}@${host}>`,
    `In-Reply-To: ${root}`,
    `References: ${root}`,
    'Auto-Submitted: auto-generated',
    'Precedence: bulk',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
  ];
  return { to, text: [...head, '', quotedPrintable(bodyOf(notice))].join(CRLF) };
}

/** What stands behind the @: a name, which an address of numbers is not. */
function domainOf(dashboard: string): string {
  const { hostname } = new URL(dashboard);
  return hostname.startsWith('[') || isIP(hostname) !== 0 ? 'localhost' : hostname;
}

function bodyOf({ kind, rule, alerts, more, dashboard, at }: Notice): string {
  if (kind === 'test') {
    return `This is a test of the rule "${rule.name}".\nMessages of this rule arrive here.\n\n${dashboard}\n`;
  }
  const blocks = alerts.map(
    ({ subject, status, since, message }) => `${status.toUpperCase()}  ${subject}\n${message}\nSince ${since}.\n`,
  );
  const rest = more === 0 ? [] : [`And ${more} more.\n`];
  return [`Rule: ${rule.name}\nAt:   ${at}\n`, ...blocks, ...rest, `${dashboard}\n`].join('\n');
}

/** RFC 5322 §3.3. */
const dateOf = (iso: string): string => new Date(iso).toUTCString().replace('GMT', '+0000');

/** Pieces of an encoded word: with `=?utf-8?B?…?=` around them a line stays below 76 characters (RFC 2047 §2). */
const WORD_BYTES = 42;

/** A header's text; what is not plain ASCII becomes encoded words, each of whole characters (RFC 2047 §5). */
export function encodeWords(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text) && text.length <= 200 && !text.includes('=?')) return text;
  const pieces: string[] = [];
  let piece = '';
  for (const character of text) {
    if (Buffer.byteLength(piece + character) > WORD_BYTES) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...pieces, piece].map((one) => `=?utf-8?B?${Buffer.from(one).toString('base64')}?=`).join(`${CRLF} `);
}

/** Characters of a line before a soft break (RFC 2045 §6.7 rule 5). */
const LINE = 75;

/** Text as quoted-printable (RFC 2045 §6.7): every line is short and ASCII, whatever is in it. */
export function quotedPrintable(text: string): string {
  return text
    .split('\n')
    .map((line) => breakLine(encodeLine(line)))
    .join(CRLF);
}

function encodeLine(line: string): string[] {
  const bytes = [...Buffer.from(line)];
  return bytes.map((byte, index) => {
    const isLast = index === bytes.length - 1;
    const isPlain = (byte >= 0x21 && byte <= 0x7e && byte !== 0x3d) || (byte === 0x20 && !isLast);
    return isPlain ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  });
}

function breakLine(tokens: readonly string[]): string {
  const lines: string[] = [];
  let line = '';
  for (const token of tokens) {
    if (line.length + token.length > LINE) {
      lines.push(line);
      line = '';
    }
    line += token;
  }
  return [...lines, line].join(`=${CRLF}`);
}
