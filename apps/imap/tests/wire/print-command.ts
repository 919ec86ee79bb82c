// Commands as a client writes them: what parse.ts reads, the other way round, kept apart from the source on purpose.

import type {
  CommandBody,
  FetchItem,
  ListReturn,
  MessageSet,
  Resynchronisation,
  SearchKey,
  SectionText,
} from '../../src/wire/command.ts';
import { encodeMailboxName } from '../../src/wire/utf7.ts';

/** How strings are written: as short as they can be, or as literals all of them. */
export interface Style {
  readonly literals: boolean;
  readonly utf8: boolean;
}

type Printable = Exclude<CommandBody, { readonly name: 'APPEND' }>;

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

const octets = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

function quotable(text: string, utf8: boolean): boolean {
  const all = Buffer.from(text, 'latin1');
  if (all.some((octet) => octet === 0 || octet === 0x0a || octet === 0x0d)) return false;
  return utf8 ? octets(all.toString('utf8')) === text : all.every((octet) => octet < 0x80);
}

/** A string of octets, one character each. */
function string(text: string, { literals, utf8 }: Style): string {
  if (literals || !quotable(text, utf8)) return `{${text.length}+}\r\n${text}`;
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

const astring = (text: string, style: Style): string =>
  !style.literals && /^[A-Za-z0-9.!#$&'+,/:;<=>?@\]^_`|}~-]+$/.test(text) ? text : string(text, style);

const word = (text: string, style: Style): string => astring(octets(text), style);

const mailbox = (name: string, style: Style): string =>
  astring(style.utf8 ? octets(name) : encodeMailboxName(name), style);

const set = (members: MessageSet): string =>
  members === 'saved' ? '$' : members.map(({ from, to }) => (from === to ? `${from}` : `${from}:${to}`)).join(',');

const paren = (members: readonly string[]): string => `(${members.join(' ')})`;

function section({ part, text, fields }: SectionText, style: Style): string {
  const path = [...part, ...(text === '' ? [] : [text])].join('.');
  return fields.length === 0 ? path : `${path} ${paren(fields.map((field) => astring(field, style)))}`;
}

function item(wanted: FetchItem, style: Style): string {
  switch (wanted.item) {
    case 'BODY[]':
      return `BODY${wanted.peek ? '.PEEK' : ''}[${section(wanted.section, style)}]${partial(wanted.partial)}`;
    case 'BINARY[]':
      return `BINARY${wanted.peek ? '.PEEK' : ''}[${wanted.part.join('.')}]${partial(wanted.partial)}`;
    case 'BINARY.SIZE[]':
      return `BINARY.SIZE[${wanted.part.join('.')}]`;
    default:
      return wanted.item;
  }
}

const partial = (range: { readonly start: number; readonly length: number } | undefined): string =>
  range === undefined ? '' : `<${range.start}.${range.length}>`;

function key(wanted: SearchKey, style: Style): string {
  switch (wanted.key) {
    case 'SEQUENCE':
      return set(wanted.set);
    case 'UID':
      return `UID ${set(wanted.set)}`;
    case 'AND':
      return paren(wanted.operands.map((operand) => key(operand, style)));
    case 'OR':
      return `OR ${wanted.operands.map((operand) => key(operand, style)).join(' ')}`;
    case 'NOT':
      return `NOT ${key(wanted.operand, style)}`;
    case 'HEADER':
      return `HEADER ${astring(wanted.field, style)} ${word(wanted.text, style)}`;
    case 'MODSEQ':
      return `MODSEQ ${wanted.modSeq}`;
    default:
      return `${wanted.key}${keyArgument(wanted, style)}`;
  }
}

function keyArgument(wanted: SearchKey, style: Style): string {
  if ('text' in wanted) return ` ${word(wanted.text, style)}`;
  if ('keyword' in wanted) return ` ${wanted.keyword}`;
  if ('size' in wanted) return ` ${wanted.size}`;
  if ('seconds' in wanted) return ` ${wanted.seconds}`;
  if ('id' in wanted) return ` ${wanted.id}`;
  if (!('date' in wanted)) return '';
  const [year, month, day] = wanted.date.split('-');
  return ` ${Number(day)}-${MONTHS[Number(month) - 1]}-${year}`;
}

function returns({ subscribed, children, specialUse, status }: ListReturn): string {
  const options = [
    ...(subscribed ? ['SUBSCRIBED'] : []),
    ...(children ? ['CHILDREN'] : []),
    ...(specialUse ? ['SPECIAL-USE'] : []),
    ...(status === undefined ? [] : [`STATUS ${paren(status)}`]),
  ];
  return options.length === 0 ? '' : ` RETURN ${paren(options)}`;
}

function resynchronisation({ uidValidity, modSeq, knownUids, match }: Resynchronisation): string {
  const known = knownUids === undefined ? '' : ` ${set(knownUids)}`;
  return `(${uidValidity} ${modSeq}${known}${match === undefined ? '' : ` (${set(match.numbers)} ${set(match.uids)})`})`;
}

/** A command from its name on, as octets, one character each. */
export function printCommand(body: Printable, style: Style): string {
  const uid = 'uid' in body && body.uid ? 'UID ' : '';
  const { name } = body;
  switch (name) {
    case 'LOGIN':
      return `LOGIN ${word(body.user, style)} ${word(body.password, style)}`;
    case 'AUTHENTICATE': {
      const { mechanism, initialResponse: initial } = body;
      const response = initial === undefined ? '' : ` ${Buffer.from(initial).toString('base64') || '='}`;
      return `AUTHENTICATE ${mechanism}${response}`;
    }
    case 'ENABLE':
      return `ENABLE ${body.capabilities.join(' ')}`;
    case 'ID': {
      const value = (text: string | null) => (text === null ? 'NIL' : string(octets(text), style));
      return `ID ${body.fields === null ? 'NIL' : paren(body.fields.flat().map(value))}`;
    }
    case 'COMPRESS':
      return `COMPRESS ${body.mechanism}`;
    case 'SELECT':
    case 'EXAMINE': {
      const parameters = [
        ...(body.condstore ? ['CONDSTORE'] : []),
        ...(body.qresync === undefined ? [] : [`QRESYNC ${resynchronisation(body.qresync)}`]),
      ];
      return `${name} ${mailbox(body.mailbox, style)}${parameters.length === 0 ? '' : ` ${paren(parameters)}`}`;
    }
    case 'CREATE': {
      const use = body.specialUse.length === 0 ? '' : ` (USE ${paren(body.specialUse)})`;
      return `CREATE ${mailbox(body.mailbox, style)}${use}`;
    }
    case 'DELETE':
    case 'SUBSCRIBE':
    case 'UNSUBSCRIBE':
      return `${name} ${mailbox(body.mailbox, style)}`;
    case 'RENAME':
      return `RENAME ${mailbox(body.from, style)} ${mailbox(body.to, style)}`;
    case 'LIST': {
      const selection = body.extended ? `${paren(body.selection)} ` : '';
      const patterns = body.patterns.map((pattern) => mailbox(pattern, style));
      const pattern = patterns.length === 1 ? patterns[0] : paren(patterns);
      return `LIST ${selection}${mailbox(body.reference, style)} ${pattern}${returns(body.returns)}`;
    }
    case 'LSUB':
      return `LSUB ${mailbox(body.reference, style)} ${mailbox(body.pattern, style)}`;
    case 'STATUS':
      return `STATUS ${mailbox(body.mailbox, style)} ${paren(body.items)}`;
    case 'SEARCH': {
      const wanted = body.returns === undefined ? '' : `RETURN ${paren(body.returns)} `;
      return `${uid}SEARCH ${wanted}CHARSET UTF-8 ${key(body.criteria, style)}`;
    }
    case 'FETCH': {
      const modifiers = [
        ...(body.changedSince === undefined ? [] : [`CHANGEDSINCE ${body.changedSince}`]),
        ...(body.vanished ? ['VANISHED'] : []),
      ];
      const items = paren(body.items.map((wanted) => item(wanted, style)));
      return `${uid}FETCH ${set(body.set)} ${items}${modifiers.length === 0 ? '' : ` ${paren(modifiers)}`}`;
    }
    case 'STORE': {
      const condition = body.unchangedSince === undefined ? '' : `(UNCHANGEDSINCE ${body.unchangedSince}) `;
      const sign = { add: '+', remove: '-', replace: '' }[body.operation];
      return `${uid}STORE ${set(body.set)} ${condition}${sign}FLAGS${body.silent ? '.SILENT' : ''} ${paren(body.flags)}`;
    }
    case 'COPY':
    case 'MOVE':
      return `${uid}${name} ${set(body.set)} ${mailbox(body.mailbox, style)}`;
    case 'UID EXPUNGE':
      return `UID EXPUNGE ${set(body.set)}`;
    default:
      return name;
  }
}
