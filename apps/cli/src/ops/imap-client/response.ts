/** Responses, read one at a time (RFC 9051 §7). */
import { IMAP_LITERAL_HELD, IMAP_RESPONSE_MAX } from '../limits.ts';
import { ImapError } from './errors.ts';
import type { Incoming } from './incoming.ts';
import { type Piece, parseValues, type Value } from './values.ts';

export type Condition = 'OK' | 'NO' | 'BAD';

/** `[APPENDUID 3 7]`: the name in upper case, and what follows it as it came. */
export interface Code {
  readonly name: string;
  readonly text: string;
}

export interface Status {
  readonly type: 'status';
  /** Undefined where it is untagged. */
  readonly tag: string | undefined;
  readonly condition: Condition | 'BYE' | 'PREAUTH';
  readonly code: Code | undefined;
  readonly text: string;
}

/** `* 3 EXISTS`, `* 7 FETCH (UID 9)`, `* LIST () "." INBOX`: the name in upper case, with the number before it. */
export interface Data {
  readonly type: 'data';
  readonly name: string;
  readonly number: number | undefined;
  readonly values: readonly Value[];
}

export type Response = Status | Data | { readonly type: 'continue' };

/** A literal on its way. */
interface IncomingLiteral {
  /** What stands before it in its response: `* 7 FETCH (UID 9 BODY[] `. */
  readonly before: string;
  readonly length: number;
  /** Its octets, as they come; what is not taken of them is passed over. */
  readonly chunks: AsyncIterable<Buffer>;
}

/** Takes the literals of FETCH; the response goes on when it has resolved. */
export type TakeLiteral = (literal: IncomingLiteral) => Promise<void>;

const STATUS = /^(\S+) (OK|NO|BAD|BYE|PREAUTH)(?: (.*))?$/is;
const DATA = /^\* (?:(\d+) )?([A-Za-z][\w.-]*)(.*)$/s;
const FETCH = /^\* \d+ FETCH /i;
const LITERAL = /~?\{(\d{1,15})\+?\}$/;

/** Reads the next response; literals of FETCH go to `take` where there is one, others are held within bounds. */
export async function readResponse(incoming: Incoming, take?: TakeLiteral): Promise<Response> {
  const first = (await incoming.line(IMAP_RESPONSE_MAX)).toString('utf8');
  if (/^\+(?: |$)/.test(first)) return { type: 'continue' };
  const status = STATUS.exec(first);
  if (status !== null) return parseStatus(status);
  return parseData(await readPieces(incoming, first, FETCH.test(first) ? take : undefined));
}

function parseStatus([, tag, condition = '', rest = '']: RegExpExecArray): Status {
  const [, name, text = '', after] = /^\[([^\s\]]+) ?([^\]]*)\] ?(.*)$/s.exec(rest) ?? [];
  return {
    type: 'status',
    tag: tag === '*' ? undefined : tag,
    // The pattern lets no other word through.
    condition: condition.toUpperCase() as Status['condition'],
    code: name === undefined ? undefined : { name: name.toUpperCase(), text },
    text: after ?? rest,
  };
}

async function readPieces(incoming: Incoming, first: string, take: TakeLiteral | undefined): Promise<Piece[]> {
  const pieces: Piece[] = [];
  let held = first.length;
  for (let line = first; ; ) {
    const literal = LITERAL.exec(line);
    if (literal === null) return [...pieces, line];
    const length = Number(literal[1]);
    pieces.push(line.slice(0, literal.index));
    const content = await readLiteral(incoming, length, before(pieces), take);
    pieces.push(content);
    held += Buffer.isBuffer(content) ? content.length : 0;
    line = (await incoming.line(Math.max(0, IMAP_RESPONSE_MAX - held))).toString('utf8');
    held += line.length;
  }
}

const before = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => (typeof piece === 'string' ? piece : '{}')).join('');

async function readLiteral(
  incoming: Incoming,
  length: number,
  before: string,
  take: TakeLiteral | undefined,
): Promise<Exclude<Piece, string>> {
  if (take === undefined && length <= IMAP_LITERAL_HELD) {
    const octets: Buffer[] = [];
    for await (const chunk of incoming.take(length)) octets.push(chunk);
    return Buffer.concat(octets, length);
  }
  if (take === undefined) throw new ImapError('protocol', `The server sent ${length} octets that nobody asked for.`);
  const chunks = incoming.take(length);
  await take({ before, length, chunks: lent(chunks) });
  for await (const _ of chunks); // what was not taken
  return { streamed: length };
}

/** Whoever leaves a loop over a generator ends it; this one goes on behind it. */
async function* lent<T>(chunks: AsyncGenerator<T>): AsyncGenerator<T> {
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
}

function parseData(pieces: readonly Piece[]): Data {
  const [first = '', ...rest] = pieces;
  const match = typeof first === 'string' ? DATA.exec(first) : null;
  if (match === null) throw new ImapError('protocol', 'The server sent a response that is not IMAP.');
  const [, number, name = '', text = ''] = match;
  return {
    type: 'data',
    name: name.toUpperCase(),
    number: number === undefined ? undefined : Number(number),
    values: parseValues([text, ...rest]),
  };
}
