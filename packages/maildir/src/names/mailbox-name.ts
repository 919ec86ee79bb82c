/** Mailbox names and the folders that hold them: Maildir++ with modified UTF-7 (RFC 3501 §5.1.3). */
import type { MailboxName, StoreResult } from '../api.ts';
import { DELIMITER } from '../api.ts';
import { StoreFailure } from '../errors.ts';
import { MAX_FILE_NAME } from '../limits.ts';
import { toMailboxName } from './ids.ts';

/** The mailbox that always exists: the Maildir's root. */
export const INBOX: MailboxName = toMailboxName('INBOX');

function encodeRun(run: string): string {
  const bytes = Buffer.from(run, 'utf16le').swap16();
  return `&${bytes.toString('base64').replace(/=+$/, '').replaceAll('/', ',')}-`;
}

/** Text as modified UTF-7: printable ASCII as it is, `&` as `&-`, the rest as base64 of UTF-16. */
export const encodeUtf7 = (text: string): string =>
  text.replace(/&|[^\x20-\x7e]+/g, (run) => (run === '&' ? '&-' : encodeRun(run)));

/** The text of canonical modified UTF-7; undefined for everything else, so that one name has one folder. */
export function decodeUtf7(encoded: string): string | undefined {
  const text = encoded.replace(/&([A-Za-z0-9+,]*)-/g, (_, run: string) => {
    if (run === '') return '&';
    const bytes = Buffer.from(run.replaceAll(',', '/'), 'base64');
    return bytes.length % 2 === 0 ? bytes.swap16().toString('utf16le') : '';
  });
  return encodeUtf7(text) === encoded ? text : undefined;
}

/** C0, DEL, C1 and the line and paragraph separators: none of them can be typed, listed or subscribed to. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is what this is for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

function reasonAgainst(text: string): string | undefined {
  if (typeof text !== 'string') return 'A mailbox name has to be text.'; // callers without types exist
  if (text === '') return 'A mailbox name cannot be empty.';
  if (!text.isWellFormed()) return 'The mailbox name is no valid Unicode.';
  if (CONTROL.test(text)) return 'A mailbox name cannot hold control characters.';
  if (text.includes('/')) return `A mailbox name cannot hold "/"; levels are divided by "${DELIMITER}".`;
  if (text.split(DELIMITER).includes('')) return 'A level of the mailbox name is empty.';
  if (encodeUtf7(text).length + 1 > MAX_FILE_NAME) return 'The mailbox name is too long for the file system.';
  return undefined;
}

/**
 * Makes a mailbox name of text, which every operation on the store wants. INBOX, alone or as the first level, is upper case
 * whatever was given (RFC 9051 §5.1). `invalid-name` for what is no text, is empty or has an empty level, is no well-formed
 * Unicode, holds `/` or control characters, or would be a folder name of more than 255 bytes (modified UTF-7, RFC 3501
 * §5.1.3).
 */
export function parseMailboxName(text: string): StoreResult<MailboxName> {
  const message = reasonAgainst(text);
  if (message !== undefined) return { ok: false, error: { code: 'invalid-name', message } };
  return { ok: true, value: toMailboxName(text.replace(/^inbox(?=\.|$)/i, 'INBOX')) };
}

/**
 * Throws `invalid-name` for what is no result of `parseMailboxName`. The brand holds for those who compile with types; a name
 * that was cast, or comes from JavaScript, must not lead out of the Maildir either.
 */
export function checkMailboxName(name: MailboxName): void {
  if (name === INBOX) return;
  const parsed = parseMailboxName(name);
  if (!parsed.ok) throw new StoreFailure('invalid-name', parsed.error.message);
  if (parsed.value !== name) throw new StoreFailure('invalid-name', `The mailbox is called ${parsed.value}.`);
}

const encodedFolder = (name: MailboxName): string => (name === INBOX ? '' : `.${encodeUtf7(name)}`);

/** The folder of a mailbox inside the Maildir: '' for INBOX, else a dot and the encoded name. Throws `invalid-name`. */
export function folderOf(name: MailboxName): string {
  checkMailboxName(name);
  return encodedFolder(name);
}

/** The mailbox that a directory entry of the Maildir holds; undefined where it holds none. */
export function mailboxOf(folder: string): MailboxName | undefined {
  if (!folder.startsWith('.')) return undefined;
  const text = decodeUtf7(folder.slice(1));
  const parsed = text === undefined ? undefined : parseMailboxName(text);
  // Only the folder that this name leads to: `.inbox` or `.INBOX` would be a second home of the same name.
  return parsed?.ok === true && encodedFolder(parsed.value) === folder ? parsed.value : undefined;
}

/** The name's superiors, nearest last: `a.b.c` has `a` and `a.b`. */
export function superiors(name: MailboxName): MailboxName[] {
  const levels = name.split(DELIMITER);
  return levels.slice(1).map((_, at) => toMailboxName(levels.slice(0, at + 1).join(DELIMITER)));
}

/** Whether `name` lies below `superior`. */
export const isInferior = (name: MailboxName, superior: MailboxName): boolean =>
  name.startsWith(`${superior}${DELIMITER}`);
