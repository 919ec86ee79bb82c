/**
 * A command as the trace shows it. What may be shown is named piece by piece: a command, or an argument, that nobody
 * thought of is a type error here and shows nowhere. Secrets do not show at all, not even their length; what a client
 * looks for in mail shows as its length.
 */
import type { AppendedMessage, CommandBody, FetchItem, MessageSet, SearchKey } from '../wire/command.ts';
import { fetchLabel } from '../wire/fetch-label.ts';

export const HIDDEN = '[hidden]';

/** Without its tag. */
export function commandText(body: CommandBody): string {
  const words = argumentsOf(body);
  const uid = 'uid' in body && body.uid ? 'UID ' : '';
  return [`${uid}${body.name}`, ...words].join(' ');
}

function argumentsOf(body: CommandBody): readonly string[] {
  switch (body.name) {
    case 'LOGIN':
      return [HIDDEN];
    case 'AUTHENTICATE':
      return [mechanismText(body.mechanism), ...(body.initialResponse === undefined ? [] : [HIDDEN])];
    case 'ID':
      return [body.fields === null ? 'NIL' : `(${body.fields.length} fields)`];
    case 'ENABLE':
      return body.capabilities;
    case 'COMPRESS':
      return [body.mechanism];
    case 'SELECT':
    case 'EXAMINE':
      return [quoted(body.mailbox), ...flag(body.condstore, 'CONDSTORE'), ...resynchronised(body)];
    case 'CREATE':
      return [quoted(body.mailbox), ...body.specialUse];
    case 'DELETE':
    case 'SUBSCRIBE':
    case 'UNSUBSCRIBE':
      return [quoted(body.mailbox)];
    case 'RENAME':
      return [quoted(body.from), quoted(body.to)];
    case 'LIST':
      return [...body.selection, quoted(body.reference), `(${body.patterns.map(quoted).join(' ')})`];
    case 'LSUB':
      return [quoted(body.reference), quoted(body.pattern)];
    case 'STATUS':
      return [quoted(body.mailbox), `(${body.items.join(' ')})`];
    case 'APPEND':
      return [quoted(body.mailbox), messageText(body.first)];
    case 'SEARCH':
      return [...(body.returns === undefined ? [] : [`RETURN (${body.returns.join(' ')})`]), keyText(body.criteria)];
    case 'FETCH':
      return [
        setText(body.set),
        `(${body.items.map(itemText).join(' ')})`,
        ...since('CHANGEDSINCE', body.changedSince),
      ];
    case 'STORE':
      return [setText(body.set), ...since('UNCHANGEDSINCE', body.unchangedSince), operationText(body)];
    case 'COPY':
    case 'MOVE':
      return [setText(body.set), quoted(body.mailbox)];
    case 'UID EXPUNGE':
      return [setText(body.set)];
    case 'CAPABILITY':
    case 'NOOP':
    case 'LOGOUT':
    case 'STARTTLS':
    case 'CHECK':
    case 'CLOSE':
    case 'EXPUNGE':
    case 'IDLE':
    case 'NAMESPACE':
    case 'UNSELECT':
      return [];
  }
}

/** A client that errs may name its password there. */
const mechanismText = (name: string): string => (MECHANISM.test(name) ? name : HIDDEN);
const MECHANISM =
  /^(PLAIN|LOGIN|CRAM-MD5|DIGEST-MD5|NTLM|GSSAPI|GSS-SPNEGO|EXTERNAL|ANONYMOUS|XOAUTH2|OAUTHBEARER|SCRAM-SHA-(1|256|512)(-PLUS)?)$/i;

const flag = (is: boolean, word: string): readonly string[] => (is ? [word] : []);

const since = (word: string, modSeq: number | undefined): readonly string[] =>
  modSeq === undefined ? [] : [`(${word} ${modSeq})`];

function resynchronised({ qresync }: Extract<CommandBody, { name: 'SELECT' | 'EXAMINE' }>): readonly string[] {
  return qresync === undefined ? [] : [`QRESYNC (${qresync.uidValidity} ${qresync.modSeq})`];
}

function messageText({ flags, length }: AppendedMessage): string {
  return `(${flags.join(' ')}) {${length}}`;
}

function operationText({ operation, silent, flags }: Extract<CommandBody, { name: 'STORE' }>): string {
  const sign = { add: '+', remove: '-', replace: '' }[operation];
  return `${sign}FLAGS${silent ? '.SILENT' : ''} (${flags.join(' ')})`;
}

const setText = (set: MessageSet): string =>
  set === 'saved' ? '$' : set.map(({ from, to }) => (from === to ? `${from}` : `${from}:${to}`)).join(',');

function itemText(item: FetchItem): string {
  const peek = 'peek' in item && item.peek ? ' peek' : '';
  const length = 'partial' in item && item.partial !== undefined ? ` length ${item.partial.length}` : '';
  return `${fetchLabel(item)}${peek}${length}`;
}

function keyText(key: SearchKey): string {
  switch (key.key) {
    case 'NOT':
      return `NOT ${keyText(key.operand)}`;
    case 'OR':
    case 'AND':
      return `${key.key} (${key.operands.map(keyText).join(' ')})`;
    case 'SEQUENCE':
    case 'UID':
      return `${key.key} ${setText(key.set)}`;
    case 'KEYWORD':
    case 'UNKEYWORD':
      return `${key.key} ${key.keyword}`;
    case 'BEFORE':
    case 'ON':
    case 'SINCE':
    case 'SENTBEFORE':
    case 'SENTON':
    case 'SENTSINCE':
      return `${key.key} ${key.date}`;
    case 'BCC':
    case 'BODY':
    case 'CC':
    case 'FROM':
    case 'SUBJECT':
    case 'TEXT':
    case 'TO':
    case 'HEADER':
      return `${key.key} [${key.text.length}]`;
    case 'LARGER':
    case 'SMALLER':
      return `${key.key} ${key.size}`;
    case 'OLDER':
    case 'YOUNGER':
      return `${key.key} ${key.seconds}`;
    case 'MODSEQ':
      return `MODSEQ ${key.modSeq}`;
    case 'EMAILID':
    case 'THREADID':
      return `${key.key} ${key.id}`;
    default:
      return key.key;
  }
}

/** Control characters escaped, as in JSON. */
const quoted = (text: string): string => JSON.stringify(text);
