/**
 * From responses to octets (RFC 3501 §7, RFC 9051 §7). Quoting, literals, encodings and line ends are decided here and
 * nowhere else. Small things come as octets; a body that is not in memory comes as the `LiteralStream` it was given as, in
 * its place, for the connection to stream at the client's pace.
 *
 * The options are those of the moment of sending. They decide how text is written, not what is told: whether a client that
 * has enabled IMAP4rev2 is told of RECENT, or gets SEARCH or ESEARCH, is the handlers' business.
 */
import { responseText } from './codes.ts';
import { NOTHING_ENABLED, type SerializeOptions } from './options.ts';
import {
  humanText,
  wireDateTime,
  wireFlag,
  wireFlags,
  wireMailbox,
  wireRange,
  wireRanges,
  wireString,
} from './output.ts';
import type { FetchDatum, LiteralStream, PlainDatum, PlainFetch, Response } from './response.ts';

/** What the connection writes, in order: octets, or a literal's body to be streamed. */
export type Piece = Uint8Array | LiteralStream;

/** The wire form of a response, its line end included. A VANISHED without UIDs has none: nothing is yielded. */
export function* serialize(response: Response, options: SerializeOptions = NOTHING_ENABLED): Iterable<Piece> {
  switch (response.type) {
    case 'fetch':
      yield* fetch(response.seq, response.data);
      return;
    case 'fetches':
      yield* together(response.messages);
      return;
    case 'search':
      yield* numbers('* SEARCH ', ' ', response.numbers.values(), searchEnd(response));
      return;
    case 'esearch':
      yield* esearch(response);
      return;
    case 'vanished':
      if (response.uids.length === 0) return;
      yield* numbers('* VANISHED ', ',', wireRanges(response.uids), '');
      return;
    case 'vanished-earlier':
      if (response.ranges.length === 0) return;
      yield* numbers('* VANISHED (EARLIER) ', ',', response.ranges.map(wireRange), '');
      return;
    default:
      yield octets(`${line(response, { ...options, utf8: options.utf8 || options.rev2 })}\r\n`);
  }
}

const octets = (text: string): Uint8Array => Buffer.from(text, 'latin1');

type Line = Exclude<Response, { type: 'fetch' | 'fetches' | 'search' | 'esearch' | 'vanished' | 'vanished-earlier' }>;

function line(response: Line, options: SerializeOptions): string {
  switch (response.type) {
    case 'greeting':
    case 'untagged':
      return `* ${response.condition} ${responseText(response, options)}`;
    case 'bye':
      return `* BYE ${responseText(response, options)}`;
    case 'tagged':
      return `${response.tag} ${response.condition} ${responseText(response, options)}`;
    case 'continue':
      return `+ ${response.text === '' ? '' : humanText(response.text, options.rev2)}`;
    case 'capability':
      return ['* CAPABILITY', ...response.capabilities].join(' ');
    case 'enabled':
      return ['* ENABLED', ...response.capabilities].join(' ');
    case 'flags':
      return `* FLAGS ${wireFlags(response.flags)}`;
    case 'list':
    case 'lsub':
      return listing(response, options);
    case 'status':
      return status(response, options);
    case 'namespace':
      return `* NAMESPACE (("" ${wireString(response.delimiter)})) NIL NIL`;
    case 'id':
      return `* ID ${identity(response.fields)}`;
    case 'exists':
    case 'recent':
      return `* ${response.count} ${response.type.toUpperCase()}`;
    case 'expunge':
      return `* ${response.seq} EXPUNGE`;
  }
}

/** `mailbox-list`, with the extended items of RFC 9051 §6.3.9 behind the name */
function listing(response: Line & { type: 'list' | 'lsub' }, { utf8 }: SerializeOptions): string {
  const { childInfo, oldName } = response;
  const delimiter = response.delimiter === null ? 'NIL' : wireString(response.delimiter);
  const attributes = response.attributes.map(wireFlag).join(' ');
  const extended: string[] = [];
  if (childInfo !== undefined && childInfo.length > 0) {
    extended.push(`"CHILDINFO" (${childInfo.map((option) => wireString(option)).join(' ')})`);
  }
  if (oldName !== undefined) extended.push(`"OLDNAME" (${wireMailbox(oldName, utf8)})`);
  const items = extended.length === 0 ? '' : ` (${extended.join(' ')})`;
  return `* ${response.type.toUpperCase()} (${attributes}) ${delimiter} ${wireMailbox(response.mailbox, utf8)}${items}`;
}

function status({ mailbox, items }: Line & { type: 'status' }, { utf8 }: SerializeOptions): string {
  const values = items.map(
    ({ item, value }) => `${item} ${typeof value === 'string' ? `(${value})` : (value ?? 'NIL')}`,
  );
  return `* STATUS ${wireMailbox(mailbox, utf8)} (${values.join(' ')})`;
}

function identity(fields: readonly (readonly [string, string])[]): string {
  return fields.length === 0
    ? 'NIL'
    : `(${fields
        .flat()
        .map((text) => wireString(humanText(text, false)))
        .join(' ')})`;
}

/** `search-sort-mod-seq` (RFC 7162 §7), which needs a number before it */
const searchEnd = ({ numbers, modSeq }: Response & { type: 'search' }): string =>
  modSeq === undefined || numbers.length === 0 ? '' : ` (MODSEQ ${modSeq})`;

/** `esearch-response` (RFC 9051 §9): what was not found is left out (RFC 4731 §3.1) */
function* esearch({ tag, uid, min, max, count, all, modSeq }: Response & { type: 'esearch' }): Iterable<Piece> {
  const told = (name: string, value: number | undefined): string => (value === undefined ? '' : ` ${name} ${value}`);
  const head = `* ESEARCH (TAG ${wireString(tag)})${uid ? ' UID' : ''}`;
  const scalars = `${head}${told('MIN', min)}${told('MAX', max)}${told('COUNT', count)}`;
  const end = told('MODSEQ', modSeq);
  if (all === undefined || all.length === 0) yield octets(`${scalars}${end}\r\n`);
  else yield* numbers(`${scalars} ALL `, ',', wireRanges(all), end);
}

/** Numbers to a piece: what a search finds in a mailbox of a million messages must not become one string. */
const NUMBERS = 8_192;

/** A line of many numbers; the blank that ends `head` is left out where there are none. */
function* numbers(head: string, separator: string, members: Iterable<number | string>, end: string): Iterable<Piece> {
  let gathered: (number | string)[] = [];
  let before = head;
  for (const member of members) {
    gathered.push(member);
    if (gathered.length < NUMBERS) continue;
    yield octets(`${before}${gathered.join(separator)}`);
    gathered = [];
    before = separator;
  }
  const rest = gathered.length > 0 ? `${before}${gathered.join(separator)}` : before === head ? head.trimEnd() : '';
  yield octets(`${rest}${end}\r\n`);
}

/** `message-data = nz-number SP "FETCH" SP "(" msg-att ")"`, with the text between two literals in one piece */
function* fetch(seq: number, data: readonly FetchDatum[]): Iterable<Piece> {
  let text = `* ${seq} FETCH (`;
  let gap = '';
  for (const datum of data) {
    text += gap;
    gap = ' ';
    if (datum.item !== 'literal' || datum.content === null) {
      text += datumText(datum);
      continue;
    }
    const mark = datum.binary === true ? '~' : '';
    yield octets(`${text}${datum.label} ${mark}{${datum.content.length}}\r\n`);
    yield datum.content; // an empty stream as well: whoever iterates it closes what is behind it
    text = '';
  }
  yield octets(`${text})\r\n`);
}

/** Characters to a piece of many FETCH responses: half of what is written at once. */
const TOGETHER = 32_768;

/** Many FETCH responses in few pieces. */
function* together(messages: readonly PlainFetch[]): Iterable<Piece> {
  let text = '';
  for (const { seq, data } of messages) {
    text += `* ${seq} FETCH (${dataText(data)})\r\n`;
    if (text.length < TOGETHER) continue;
    yield octets(text);
    text = '';
  }
  if (text !== '') yield octets(text);
}

function dataText(data: readonly PlainDatum[]): string {
  let text = '';
  for (const datum of data) text += text === '' ? datumText(datum) : ` ${datumText(datum)}`;
  return text;
}

function datumText(datum: FetchDatum): string {
  switch (datum.item) {
    case 'UID':
    case 'RFC822.SIZE':
      return `${datum.item} ${datum.value}`;
    case 'MODSEQ':
      return `MODSEQ (${datum.value})`;
    case 'EMAILID':
    case 'THREADID':
      return `${datum.item} ${datum.id === null ? 'NIL' : `(${datum.id})`}`;
    case 'BINARY.SIZE[]':
      return `${datum.label} ${datum.value}`;
    case 'FLAGS':
      return `FLAGS ${wireFlags(datum.flags)}`;
    case 'INTERNALDATE':
      return `INTERNALDATE ${wireDateTime(datum.value)}`;
    case 'ENVELOPE':
    case 'BODY':
    case 'BODYSTRUCTURE':
      return `${datum.item} ${datum.wire}`;
    case 'literal':
      return `${datum.label} NIL`;
  }
}
