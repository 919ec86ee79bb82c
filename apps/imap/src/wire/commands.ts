/** A reader per command: from the blank after its name to its end (RFC 3501 §6, RFC 2177, RFC 4315). */
import { append } from './append.ts';
import { decodeBase64, isBase64Char } from './base64.ts';
import type { BareCommand, CommandBody, StatusItem } from './command.ts';
import { fetchItems } from './fetch-items.ts';
import { storeFlags } from './flags.ts';
import { type Lexer, SyntaxFault } from './lexer.ts';
import { searchProgram } from './search-keys.ts';
import { sequenceSet } from './sequence-set.ts';
import { astring, keyword, listMailbox, mailbox, text } from './strings.ts';

type CommandReader = (lexer: Lexer) => CommandBody;

const bare = (name: BareCommand['name']): [string, CommandReader] => [name, () => ({ name })];

type MailboxCommand = 'SELECT' | 'EXAMINE' | 'CREATE' | 'DELETE' | 'SUBSCRIBE' | 'UNSUBSCRIBE';
const onMailbox = (name: MailboxCommand): [string, CommandReader] => [
  name,
  (lexer) => ({ name, mailbox: argument(lexer, mailbox) }),
];

const listing = (name: 'LIST' | 'LSUB'): [string, CommandReader] => [
  name,
  (lexer) => ({ name, reference: argument(lexer, listMailbox), pattern: argument(lexer, listMailbox) }),
];

/** Commands by name, in upper case; those that UID may precede are below. */
export const COMMANDS: ReadonlyMap<string, CommandReader> = new Map<string, CommandReader>([
  ...(['CAPABILITY', 'NOOP', 'LOGOUT', 'STARTTLS', 'CHECK', 'CLOSE', 'EXPUNGE', 'IDLE'] as const).map(bare),
  ...(['SELECT', 'EXAMINE', 'CREATE', 'DELETE', 'SUBSCRIBE', 'UNSUBSCRIBE'] as const).map(onMailbox),
  ...(['LIST', 'LSUB'] as const).map(listing),
  ['AUTHENTICATE', authenticate],
  ['LOGIN', login],
  ['RENAME', (lexer) => ({ name: 'RENAME', from: argument(lexer, mailbox), to: argument(lexer, mailbox) })],
  ['STATUS', status],
  ['APPEND', append],
  ['SEARCH', search(false)],
  ['FETCH', fetch(false)],
  ['STORE', store(false)],
  ['COPY', copy(false)],
  ['UID', uid],
]);

/** `uid = "UID" SP (copy / fetch / search / store)`, and RFC 4315's `"UID" SP "EXPUNGE" SP sequence-set` */
const UID_COMMANDS: ReadonlyMap<string, CommandReader> = new Map<string, CommandReader>([
  ['SEARCH', search(true)],
  ['FETCH', fetch(true)],
  ['STORE', store(true)],
  ['COPY', copy(true)],
  ['EXPUNGE', (lexer) => ({ name: 'UID EXPUNGE', set: argument(lexer, sequenceSet) })],
]);

function uid(lexer: Lexer): CommandBody {
  const reader = UID_COMMANDS.get(argument(lexer, (at) => keyword(at, 'a command')));
  if (reader === undefined) throw new SyntaxFault('that command has no UID form', 'unknown-command');
  return reader(lexer);
}

function argument<T>(lexer: Lexer, read: (lexer: Lexer) => T): T {
  lexer.space();
  return read(lexer);
}

/** `authenticate = "AUTHENTICATE" SP auth-type [SP (base64 / "=")] *(CRLF base64)` (RFC 3501 §9, RFC 4959 §7) */
function authenticate(lexer: Lexer): CommandBody {
  const mechanism = argument(lexer, (at) => keyword(at, 'a mechanism'));
  if (lexer.atEnd) return { name: 'AUTHENTICATE', mechanism };
  const encoded = argument(lexer, (at) => at.run(isBase64Char, 'an initial response'));
  const initialResponse = encoded === '=' ? new Uint8Array(0) : decodeBase64(encoded);
  if (initialResponse === undefined) throw new SyntaxFault('the initial response is not base64');
  return { name: 'AUTHENTICATE', mechanism, initialResponse };
}

/** `login = "LOGIN" SP userid SP password` */
function login(lexer: Lexer): CommandBody {
  const user = text(argument(lexer, (at) => astring(at, 'a user name')));
  const password = text(argument(lexer, (at) => astring(at, 'a password')));
  return { name: 'LOGIN', user, password };
}

const STATUS_ITEMS: ReadonlyMap<string, StatusItem> = new Map(
  (['MESSAGES', 'RECENT', 'UIDNEXT', 'UIDVALIDITY', 'UNSEEN'] as const).map((item) => [item, item]),
);

/** `status = "STATUS" SP mailbox SP "(" status-att *(SP status-att) ")"` */
function status(lexer: Lexer): CommandBody {
  const name = argument(lexer, mailbox);
  lexer.space();
  lexer.expect('(', 'a list of status items');
  const items = new Set<StatusItem>();
  do {
    const item = STATUS_ITEMS.get(keyword(lexer, 'a status item'));
    if (item === undefined) throw new SyntaxFault('a status item is not known');
    items.add(item);
  } while (lexer.accept(' '));
  lexer.expect(')', 'the end of the list of status items');
  return { name: 'STATUS', mailbox: name, items: [...items] };
}

function search(isUid: boolean): CommandReader {
  return (lexer) => ({ name: 'SEARCH', uid: isUid, criteria: argument(lexer, searchProgram) });
}

/** `fetch = "FETCH" SP sequence-set SP (…)` */
function fetch(isUid: boolean): CommandReader {
  return (lexer) => {
    const set = argument(lexer, sequenceSet);
    return { name: 'FETCH', uid: isUid, set, items: argument(lexer, fetchItems) };
  };
}

const STORE_FORM = /^([+-]?)FLAGS(\.SILENT)?$/;

/** `store = "STORE" SP sequence-set SP ["+" / "-"] "FLAGS" [".SILENT"] SP (flag-list / (flag *(SP flag)))` */
function store(isUid: boolean): CommandReader {
  return (lexer) => {
    const set = argument(lexer, sequenceSet);
    const form = STORE_FORM.exec(argument(lexer, (at) => keyword(at, 'FLAGS')));
    if (form === null) throw new SyntaxFault('FLAGS, +FLAGS or -FLAGS expected');
    const operation = form[1] === '+' ? 'add' : form[1] === '-' ? 'remove' : 'replace';
    const silent = form[2] !== undefined;
    return { name: 'STORE', uid: isUid, set, operation, silent, flags: argument(lexer, storeFlags) };
  };
}

/** `copy = "COPY" SP sequence-set SP mailbox` */
function copy(isUid: boolean): CommandReader {
  return (lexer) => {
    const set = argument(lexer, sequenceSet);
    return { name: 'COPY', uid: isUid, set, mailbox: argument(lexer, mailbox) };
  };
}
