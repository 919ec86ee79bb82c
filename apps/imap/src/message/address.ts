/**
 * Address lists (RFC 5322 §3.4, with the obsolete forms and what mail programs made of them) for the envelope. One pass,
 * no recursion; what cannot be read as an address is shown as the part of one that it could be.
 */
import { collapseBlanks, Scanner } from '@scorpiox/maildir/mime';
import { ADDRESSES } from './limits.ts';

/** RFC 3501 §7.4.2: a null host marks the beginning of a group (mailbox is its name) and its end (mailbox null). */
export interface Address {
  readonly name: string | null;
  readonly route: string | null;
  readonly mailbox: string | null;
  readonly host: string | null;
}

/** What stands where mailbox or host is missing; a null would read as a group. Dovecot's words, which clients know. */
const MISSING_MAILBOX = 'MISSING_MAILBOX';
const MISSING_HOST = 'MISSING_DOMAIN';

const SPECIALS = '()<>@,;:\\"[] \t\r\n';

const GROUP_END: Address = { name: null, route: null, mailbox: null, host: null };

/** The addresses of a field, at most `ADDRESSES`; an open group is closed. */
export function parseAddresses(value: string): readonly Address[] {
  const scanner = new Scanner(value);
  const addresses: Address[] = [];
  let inGroup = false;
  while (!scanner.done && addresses.length < ADDRESSES) {
    scanner.comment = undefined;
    const phrase = readPhrase(scanner);
    if (!inGroup && scanner.accept(':')) {
      addresses.push({ name: null, route: null, mailbox: phrase.words.join(' '), host: null });
      inGroup = true;
      continue;
    }
    const address = readAddress(scanner, phrase);
    if (address !== undefined) addresses.push(address);
    scanner.until(',;');
    if (scanner.accept(';') && inGroup) {
      addresses.push(GROUP_END);
      inGroup = false;
    }
    scanner.accept(',');
  }
  if (inGroup) addresses.push(GROUP_END);
  return addresses;
}

interface Phrase {
  readonly words: readonly string[];
  readonly hasQuoted: boolean;
}

/** Words of a phrase or a local part, up to what ends them. */
function readPhrase(scanner: Scanner): Phrase {
  const words: string[] = [];
  let hasQuoted = false;
  for (;;) {
    scanner.skipBlanks();
    if (scanner.peek() === '"') {
      words.push(scanner.quoted());
      hasQuoted = true;
      continue;
    }
    const word = scanner.until(SPECIALS);
    if (word !== '') words.push(word);
    else if (scanner.done || '<>@,;:'.includes(scanner.peek())) return { words, hasQuoted };
    else scanner.at += 1; // a character that has no meaning here
  }
}

function readAddress(scanner: Scanner, phrase: Phrase): Address | undefined {
  if (scanner.peek() === '<') return readAngle(scanner, phrase.words);
  const { words, hasQuoted } = phrase;
  if (scanner.accept('@')) {
    const host = readHost(scanner);
    return address(scanner.comment ?? '', null, localPart(words), host); // user@host (Name), the old form
  }
  if (words.length === 0) return undefined;
  // one plain word can only be a local user; more are somebody's name
  const isName = words.length > 1 || hasQuoted;
  return isName ? address(words.join(' '), null, null, '') : address('', null, localPart(words), '');
}

/** `angle-addr = "<" [obs-route] addr-spec ">"`, after its display name */
function readAngle(scanner: Scanner, name: readonly string[]): Address {
  scanner.accept('<');
  scanner.skipBlanks();
  const route = scanner.peek() === '@' ? scanner.until(':>').trim() : null;
  scanner.accept(':');
  const { words } = readPhrase(scanner);
  const host = scanner.accept('@') ? readHost(scanner) : '';
  scanner.until('>');
  scanner.accept('>');
  return address(name.join(' '), route, localPart(words), host);
}

const localPart = (words: readonly string[]): string | null => (words.length === 0 ? null : words.join(''));

/** `domain = dot-atom / domain-literal / obs-domain` */
function readHost(scanner: Scanner): string {
  let host = '';
  for (;;) {
    scanner.skipBlanks();
    if (scanner.peek() === '[') {
      host += scanner.until(']>,;') + (scanner.accept(']') ? ']' : '');
      continue;
    }
    const joins = host === '' || host.endsWith('.') || scanner.peek() === '.';
    const word = joins ? scanner.until(SPECIALS) : '';
    if (word === '') return host;
    host += word;
  }
}

function address(name: string, route: string | null, mailbox: string | null, host: string): Address {
  const shown = collapseBlanks(name);
  return { name: shown === '' ? null : shown, route, mailbox: mailbox ?? MISSING_MAILBOX, host: host || MISSING_HOST };
}
