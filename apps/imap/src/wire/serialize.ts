/**
 * From responses to octets (RFC 3501 §7, §9). Quoting, literals, encodings and line ends are decided here and nowhere
 * else. Small things come as octets; a body that is not in memory comes as the `LiteralStream` it was given as, in its
 * place, for the connection to stream at the client's pace.
 */
import {
  humanText,
  wireAstring,
  wireDateTime,
  wireFlag,
  wireFlags,
  wireMailbox,
  wireString,
  wireUidSet,
} from './output.ts';
import type { FetchDatum, LiteralStream, Response, ResponseCode } from './response.ts';

/** What the connection writes, in order: octets, or a literal's body to be streamed. */
export type Piece = Uint8Array | LiteralStream;

/** The wire form of a response, its line end included. */
export function* serialize(response: Response): Iterable<Piece> {
  switch (response.type) {
    case 'fetch':
      yield* fetch(response.seq, response.data);
      return;
    case 'search':
      yield* search(response.numbers);
      return;
    default:
      yield octets(`${line(response)}\r\n`);
  }
}

const octets = (text: string): Uint8Array => Buffer.from(text, 'latin1');

function line(response: Exclude<Response, { type: 'fetch' | 'search' }>): string {
  switch (response.type) {
    case 'greeting':
    case 'untagged':
      return `* ${response.condition} ${responseText(response)}`;
    case 'bye':
      return `* BYE ${responseText(response)}`;
    case 'tagged':
      return `${response.tag} ${response.condition} ${responseText(response)}`;
    case 'continue':
      return `+ ${response.text === '' ? '' : humanText(response.text)}`;
    case 'capability':
      return `* CAPABILITY ${response.capabilities.join(' ')}`;
    case 'flags':
      return `* FLAGS ${wireFlags(response.flags)}`;
    case 'list':
    case 'lsub':
      return listing(response);
    case 'status': {
      const items = response.items.map(({ item, value }) => `${item} ${value}`).join(' ');
      return `* STATUS ${wireMailbox(response.mailbox)} (${items})`;
    }
    case 'exists':
    case 'recent':
      return `* ${response.count} ${response.type.toUpperCase()}`;
    case 'expunge':
      return `* ${response.seq} EXPUNGE`;
  }
}

function listing(response: Response & { type: 'list' | 'lsub' }): string {
  const delimiter = response.delimiter === null ? 'NIL' : wireString(response.delimiter);
  const attributes = response.attributes.map(wireFlag).join(' ');
  return `* ${response.type.toUpperCase()} (${attributes}) ${delimiter} ${wireMailbox(response.mailbox)}`;
}

/** `resp-text = ["[" resp-text-code "]" SP] text` */
function responseText({ code, text }: { readonly code?: ResponseCode; readonly text: string }): string {
  return code === undefined ? humanText(text) : `[${responseCode(code)}] ${humanText(text)}`;
}

function responseCode(code: ResponseCode): string {
  switch (code.code) {
    case 'BADCHARSET':
      return `BADCHARSET (${code.charsets.map(wireAstring).join(' ')})`;
    case 'CAPABILITY':
      return `CAPABILITY ${code.capabilities.join(' ')}`;
    case 'PERMANENTFLAGS':
      return `PERMANENTFLAGS (${[...code.flags.map(wireFlag), ...(code.anyKeyword ? ['\\*'] : [])].join(' ')})`;
    case 'UIDNEXT':
    case 'UIDVALIDITY':
    case 'UNSEEN':
      return `${code.code} ${code.value}`;
    case 'APPENDUID':
      return `APPENDUID ${code.uidValidity} ${code.uid}`;
    case 'COPYUID':
      return `COPYUID ${code.uidValidity} ${wireUidSet(code.source)} ${wireUidSet(code.destination)}`;
    default:
      return code.code;
  }
}

/** Numbers to a piece of a SEARCH response: a mailbox of a million messages must not become one string. */
const NUMBERS = 8_192;

function* search(numbers: readonly number[]): Iterable<Piece> {
  yield octets('* SEARCH');
  for (let i = 0; i < numbers.length; i += NUMBERS) {
    yield octets(` ${numbers.slice(i, i + NUMBERS).join(' ')}`);
  }
  yield octets('\r\n');
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
    yield octets(`${text}${datum.label} {${datum.content.length}}\r\n`);
    yield datum.content; // an empty stream as well: whoever iterates it closes what is behind it
    text = '';
  }
  yield octets(`${text})\r\n`);
}

function datumText(datum: FetchDatum): string {
  switch (datum.item) {
    case 'UID':
    case 'RFC822.SIZE':
      return `${datum.item} ${datum.value}`;
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
