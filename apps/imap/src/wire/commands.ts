/** A reader per command: from the blank after its name to its end (RFC 3501 §6, RFC 9051 §6 and the extensions). */
import { append } from './append.ts';
import { decodeBase64, isBase64Char } from './base64.ts';
import type { BareCommand, CommandBody } from './command.ts';
import { fetchItems, fetchModifiers } from './fetch-items.ts';
import { storeFlags } from './flags.ts';
import { id } from './identity.ts';
import { type Lexer, SyntaxFault } from './lexer.ts';
import { listCommand } from './list-command.ts';
import { modSequenceOrZero } from './numbers.ts';
import { searchProgram } from './search-keys.ts';
import { create, select } from './select.ts';
import { messageSet } from './sequence-set.ts';
import { statusItems } from './status-items.ts';
import { astring, keyword, listMailbox, mailbox, text } from './strings.ts';

type CommandReader = (lexer: Lexer) => CommandBody;

const BARE = [
  ...(['CAPABILITY', 'NOOP', 'LOGOUT', 'STARTTLS', 'CHECK', 'CLOSE', 'EXPUNGE', 'IDLE'] as const),
  ...(['NAMESPACE', 'UNSELECT'] as const),
];
const bare = (name: BareCommand['name']): [string, CommandReader] => [name, () => ({ name })];

type MailboxCommand = 'DELETE' | 'SUBSCRIBE' | 'UNSUBSCRIBE';
const onMailbox = (name: MailboxCommand): [string, CommandReader] => [
  name,
  (lexer) => ({ name, mailbox: argument(lexer, mailbox) }),
];

/** Commands by name, in upper case; those that UID may precede are below. */
export const COMMANDS: ReadonlyMap<string, CommandReader> = new Map<string, CommandReader>([
  ...BARE.map(bare),
  ...(['DELETE', 'SUBSCRIBE', 'UNSUBSCRIBE'] as const).map(onMailbox),
  ['AUTHENTICATE', authenticate],
  ['LOGIN', login],
  ['ENABLE', enable],
  ['ID', id],
  ['COMPRESS', (lexer) => ({ name: 'COMPRESS', mechanism: argument(lexer, (at) => keyword(at, 'a mechanism')) })],
  ['SELECT', select('SELECT')],
  ['EXAMINE', select('EXAMINE')],
  ['CREATE', create],
  ['RENAME', (lexer) => ({ name: 'RENAME', from: argument(lexer, mailbox), to: argument(lexer, mailbox) })],
  ['LIST', listCommand],
  ['LSUB', lsub],
  ['STATUS', status],
  ['APPEND', append],
  ['SEARCH', search(false)],
  ['FETCH', fetch(false)],
  ['STORE', store(false)],
  ['COPY', transfer('COPY', false)],
  ['MOVE', transfer('MOVE', false)],
  ['UID', uid],
]);

/** `uid = "UID" SP (copy / move / fetch / search / store / uid-expunge)` */
const UID_COMMANDS: ReadonlyMap<string, CommandReader> = new Map<string, CommandReader>([
  ['SEARCH', search(true)],
  ['FETCH', fetch(true)],
  ['STORE', store(true)],
  ['COPY', transfer('COPY', true)],
  ['MOVE', transfer('MOVE', true)],
  ['EXPUNGE', (lexer) => ({ name: 'UID EXPUNGE', set: argument(lexer, messageSet) })],
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

/** `enable = "ENABLE" 1*(SP capability)` */
function enable(lexer: Lexer): CommandBody {
  const capabilities = new Set<string>();
  do capabilities.add(argument(lexer, (at) => keyword(at, 'a capability')));
  while (!lexer.atEnd);
  return { name: 'ENABLE', capabilities: [...capabilities] };
}

/** `lsub = "LSUB" SP mailbox SP list-mailbox` */
function lsub(lexer: Lexer): CommandBody {
  return { name: 'LSUB', reference: argument(lexer, listMailbox), pattern: argument(lexer, listMailbox) };
}

/** `status = "STATUS" SP mailbox SP "(" status-att *(SP status-att) ")"` */
function status(lexer: Lexer): CommandBody {
  return { name: 'STATUS', mailbox: argument(lexer, mailbox), items: argument(lexer, statusItems) };
}

function search(isUid: boolean): CommandReader {
  return (lexer) => ({ name: 'SEARCH', uid: isUid, ...argument(lexer, searchProgram) });
}

/** `fetch = "FETCH" SP sequence-set SP (…) [SP "(" fetch-modifier *(SP fetch-modifier) ")"]` */
function fetch(isUid: boolean): CommandReader {
  return (lexer) => {
    const set = argument(lexer, messageSet);
    const items = argument(lexer, fetchItems);
    const modifiers = lexer.atEnd ? { vanished: false } : argument(lexer, fetchModifiers);
    if (modifiers.vanished && !isUid) throw new SyntaxFault('VANISHED needs UID FETCH');
    return { name: 'FETCH', uid: isUid, set, items, ...modifiers };
  };
}

const STORE_FORM = /^([+-]?)FLAGS(\.SILENT)?$/;

/** `store = "STORE" SP sequence-set [SP "(" store-modifier ")"] SP store-att-flags` (RFC 3501 §9, RFC 7162 §7) */
function store(isUid: boolean): CommandReader {
  return (lexer) => {
    const set = argument(lexer, messageSet);
    lexer.space();
    const condition = lexer.atList ? storeCondition(lexer) : {};
    const form = STORE_FORM.exec(keyword(lexer, 'FLAGS'));
    if (form === null) throw new SyntaxFault('FLAGS, +FLAGS or -FLAGS expected');
    const operation = form[1] === '+' ? 'add' : form[1] === '-' ? 'remove' : 'replace';
    const silent = form[2] !== undefined;
    const flags = argument(lexer, storeFlags);
    return { name: 'STORE', uid: isUid, set, operation, silent, flags, ...condition };
  };
}

/** `"(" "UNCHANGEDSINCE" SP mod-sequence-valzer ")" SP`, of which there may be one */
function storeCondition(lexer: Lexer): { readonly unchangedSince: number } {
  lexer.expect('(', 'a modifier');
  if (keyword(lexer, 'a modifier') !== 'UNCHANGEDSINCE') throw new SyntaxFault('a modifier is not known');
  const unchangedSince = argument(lexer, modSequenceOrZero);
  lexer.expect(')', 'the end of the modifiers');
  lexer.space();
  return { unchangedSince };
}

/** `copy = "COPY" SP sequence-set SP mailbox`, `move = "MOVE" SP sequence-set SP mailbox` (RFC 6851 §6) */
function transfer(name: 'COPY' | 'MOVE', isUid: boolean): CommandReader {
  return (lexer) => {
    const set = argument(lexer, messageSet);
    return { name, uid: isUid, set, mailbox: argument(lexer, mailbox) };
  };
}
