/** Atoms and strings of arguments, and what they are decoded to (RFC 3501 §9). */
import { isAstringChar, isAtomChar, isListChar } from './chars.ts';
import type { MailboxArgument, Octets } from './command.ts';
import { type Lexer, latin1, SyntaxFault } from './lexer.ts';
import { MAILBOX_NAME_LENGTH } from './limits.ts';
import { foreignCodePage } from './quirks.ts';
import { decodeMailboxName } from './utf7.ts';
import { decodeUtf8 } from './utf8.ts';

/** `atom = 1*ATOM-CHAR` */
export const atom = (lexer: Lexer, what: string): string => lexer.run(isAtomChar, what);

/** A keyword of the grammar, in upper case. */
export const keyword = (lexer: Lexer, what: string): string => atom(lexer, what).toUpperCase();

/** `astring = 1*ASTRING-CHAR / string` */
export function astring(lexer: Lexer, what: string): Octets {
  return lexer.atString ? lexer.string(what) : Buffer.from(lexer.run(isAstringChar, what), 'latin1');
}

/** `nil` */
export function nil(lexer: Lexer, what: string): null {
  if (keyword(lexer, what) !== 'NIL') throw new SyntaxFault(`${what} or NIL expected`);
  return null;
}

/** Octets as text: UTF-8, or one character per octet where they are not UTF-8. */
export const text = (octets: Octets): string => decodeUtf8(octets) ?? foreignCodePage(octets);

/** Not `toUpperCase`: that would make INBOX of a name with a dotless i. */
const INBOX = /^inbox$/i;

/** `mailbox = "INBOX" / astring` */
export function mailbox(lexer: Lexer): MailboxArgument {
  const octets = lexer.atString
    ? lexer.string('a mailbox name', 'bad-mailbox-name')
    : Buffer.from(lexer.run(isAstringChar, 'a mailbox name'), 'latin1');
  const name = mailboxName(octets, lexer.utf8);
  if (name === '') throw new SyntaxFault('a mailbox name cannot be empty', 'bad-mailbox-name');
  return INBOX.test(name) ? 'INBOX' : name;
}

/** `list-mailbox = 1*list-char / string`, also LIST's reference; decoded, wildcards as they are. */
export function listMailbox(lexer: Lexer): string {
  const octets = lexer.atString
    ? lexer.string('a pattern', 'bad-mailbox-name')
    : Buffer.from(lexer.run(isListChar, 'a pattern'), 'latin1');
  return mailboxName(octets, lexer.utf8);
}

function mailboxName(octets: Octets, utf8: boolean): string {
  if (octets.length > MAILBOX_NAME_LENGTH) throw new SyntaxFault('the mailbox name is too long', 'bad-mailbox-name');
  const name = utf8 ? netUnicode(octets) : decodeMailboxName(latin1(octets));
  if (name !== undefined) return name;
  const encoding = utf8 ? 'UTF-8 without control characters' : 'modified UTF-7';
  throw new SyntaxFault(`the mailbox name is not legal ${encoding}`, 'bad-mailbox-name');
}

/** Control characters, DEL, and the separators of lines and paragraphs stand in no name (RFC 6855 §3). */
const NO_NET_UNICODE = /[\p{Cc}\u2028\u2029]/u;

/** A mailbox name in UTF-8 (RFC 6855 §3, RFC 5198 §2), or undefined when it is not legal. */
function netUnicode(octets: Octets): string | undefined {
  const name = decodeUtf8(octets);
  return name === undefined || NO_NET_UNICODE.test(name) ? undefined : name;
}
