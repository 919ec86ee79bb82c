/** Atoms and strings of arguments, and what they are decoded to (RFC 3501 §9). */
import { isAstringChar, isAtomChar, isListChar } from './chars.ts';
import type { MailboxArgument, Octets } from './command.ts';
import { type Lexer, latin1, SyntaxFault } from './lexer.ts';
import { MAILBOX_NAME_LENGTH } from './limits.ts';
import { decodeMailboxName } from './utf7.ts';

/** `atom = 1*ATOM-CHAR` */
export const atom = (lexer: Lexer, what: string): string => lexer.run(isAtomChar, what);

/** A keyword of the grammar, in upper case. */
export const keyword = (lexer: Lexer, what: string): string => atom(lexer, what).toUpperCase();

/** `astring = 1*ASTRING-CHAR / string` */
export function astring(lexer: Lexer, what: string): Octets {
  return lexer.atString ? lexer.string(what) : Buffer.from(lexer.run(isAstringChar, what), 'latin1');
}

/** Octets as text: UTF-8, or one character per octet where they are not UTF-8. */
export function text(octets: Octets): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets);
  } catch {
    return latin1(octets); // old clients send passwords in their own code page
  }
}

/** Not `toUpperCase`: that would make INBOX of a name with a dotless i. */
const INBOX = /^inbox$/i;

/** `mailbox = "INBOX" / astring` */
export function mailbox(lexer: Lexer): MailboxArgument {
  const name = mailboxName(astring(lexer, 'a mailbox name'));
  if (name === '') throw new SyntaxFault('a mailbox name cannot be empty', 'bad-mailbox-name');
  return INBOX.test(name) ? 'INBOX' : name;
}

/** `list-mailbox = 1*list-char / string`, also LIST's reference; decoded, wildcards as they are. */
export function listMailbox(lexer: Lexer): string {
  const octets = lexer.atString ? lexer.string('a pattern') : Buffer.from(lexer.run(isListChar, 'a pattern'), 'latin1');
  return mailboxName(octets);
}

function mailboxName(octets: Octets): string {
  if (octets.length > MAILBOX_NAME_LENGTH) throw new SyntaxFault('the mailbox name is too long', 'bad-mailbox-name');
  const name = decodeMailboxName(latin1(octets));
  if (name === undefined) throw new SyntaxFault('the mailbox name is not legal modified UTF-7', 'bad-mailbox-name');
  return name;
}
