/** The data of one FETCH response (RFC 9051 §7.5.2, RFC 3501 §7.4.2, RFC 3516 §4.3, RFC 7162 §3.1.5, RFC 8474 §5). */

import { WHOLE_SECTION } from '../limits.ts';
import type { OpenedMessage } from '../mailbox/opened-message.ts';
import type { MessageRecord, Uid } from '../mailbox/store.ts';
import type { CommandOf, FetchItem, SectionText } from '../wire/command.ts';
import { fetchLabel } from '../wire/fetch-label.ts';
import type { FetchDatum, PlainDatum } from '../wire/response.ts';

/** A section to send, and the name under which it is sent. */
interface Literal {
  readonly item: 'literal';
  readonly label: string;
  readonly section: SectionText;
  readonly partial?: { readonly start: number; readonly length: number };
}
/** A part's content, decoded, or its size. */
interface Decoded {
  readonly item: 'BINARY[]' | 'BINARY.SIZE[]';
  readonly label: string;
  readonly part: readonly number[];
  readonly partial?: { readonly start: number; readonly length: number };
}
type Plain = 'INTERNALDATE' | 'RFC822.SIZE' | 'EMAILID' | 'THREADID' | 'ENVELOPE' | 'BODY' | 'BODYSTRUCTURE';
type Datum = { readonly item: Plain } | Literal | Decoded;

/** What a FETCH asks of each message, in the order of sending: UID, FLAGS, MODSEQ, then the rest as it was asked. */
export interface Plan {
  readonly uid: boolean;
  readonly flags: boolean;
  readonly modSeq: boolean;
  readonly rest: readonly Datum[];
  /** A section is read without PEEK, which sets \Seen. */
  readonly setsSeen: boolean;
  /** It asks for what is not in a message's state. */
  readonly details: boolean;
}

export function planFetch({ items, uid, changedSince }: CommandOf<'FETCH'>): Plan {
  const rest: Datum[] = [];
  const asked = new Set<string>();
  for (const item of items) {
    const datum = datumOf(item);
    if (datum === undefined || asked.has(keyOf(datum))) continue;
    asked.add(keyOf(datum));
    rest.push(datum);
  }
  return {
    uid: uid || items.some(({ item }) => item === 'UID'),
    flags: items.some(({ item }) => item === 'FLAGS'),
    // A client that asks for what changed is told since when without asking (RFC 7162 §3.1.4.1).
    modSeq: changedSince !== undefined || items.some(({ item }) => item === 'MODSEQ'),
    rest,
    setsSeen: items.some(setsSeen),
    details: rest.some(({ item }) => DETAILS.includes(item)),
  };
}

const DETAILS: readonly Datum['item'][] = ['INTERNALDATE', 'RFC822.SIZE', 'EMAILID'];

/** What makes two data the same. A partial's label says where it starts and not how long it is. */
function keyOf(datum: Datum): string {
  return 'label' in datum ? `${datum.label} ${datum.partial?.length ?? ''}` : datum.item;
}

/** The items whose wire text is kept with a message. */
export type Kept = 'ENVELOPE' | 'BODY' | 'BODYSTRUCTURE';
const KEPT: readonly Datum['item'][] = ['ENVELOPE', 'BODY', 'BODYSTRUCTURE'] satisfies readonly Kept[];

/** Those of them that a plan asks for. */
export const keptItems = ({ rest }: Plan): Kept[] =>
  rest.flatMap(({ item }) => (KEPT.includes(item) ? [item as Kept] : [])); // KEPT has no others

/** Whether it asks for what only the message's file has. */
export const needsFile = ({ rest }: Plan): boolean =>
  rest.some(({ item }) => item === 'literal' || item === 'BINARY[]' || item === 'BINARY.SIZE[]');

/** One message: `details` are there where the plan asks for them. */
export interface Found {
  readonly uid: Uid;
  readonly details: Pick<MessageRecord, 'internalDate' | 'size' | 'emailId'> | undefined;
  /** The texts that were kept, of the message and those beside it. */
  readonly texts: ReadonlyMap<Kept, ReadonlyMap<Uid, string>>;
}

/** What could be told of a message's content; `undecoded`: parts were left out, for their encoding is not known. */
export interface Told {
  readonly data: readonly FetchDatum[];
  readonly undecoded: boolean;
}

/** All data but UID, FLAGS and MODSEQ, where the index has them; undefined where the message's file is needed. */
export function knownData(plan: Plan, found: Found): PlainDatum[] | undefined {
  const data: PlainDatum[] = [];
  for (const datum of plan.rest) {
    const known = knownDatum(datum, found);
    if (known === undefined) return undefined;
    data.push(known);
  }
  return data;
}

/** All data but UID, FLAGS and MODSEQ. */
export async function fetchData(plan: Plan, found: Found, message: OpenedMessage): Promise<Told> {
  const data: FetchDatum[] = [];
  for (const datum of plan.rest) {
    const told = knownDatum(datum, found) ?? (await readDatum(datum, message));
    if (told !== undefined) data.push(told);
  }
  return { data, undecoded: data.length < plan.rest.length };
}

/** What can be said of a message that is gone: nothing, or that its sections are NIL. */
export function absentData(plan: Plan, uid: number | undefined): FetchDatum[] {
  const literals = plan.rest.flatMap((datum): FetchDatum[] =>
    datum.item === 'literal' || datum.item === 'BINARY[]'
      ? [{ item: 'literal', label: datum.label, content: null }]
      : [],
  );
  if (literals.length === 0) return [];
  return plan.uid && uid !== undefined ? [{ item: 'UID', value: uid }, ...literals] : literals;
}

const WHOLE: SectionText = { part: [], text: '', fields: [] };

function datumOf(item: FetchItem): Datum | undefined {
  switch (item.item) {
    case 'UID':
    case 'FLAGS':
    case 'MODSEQ':
      return undefined;
    case 'RFC822':
      return { item: 'literal', label: 'RFC822', section: WHOLE };
    case 'RFC822.HEADER':
      return { item: 'literal', label: 'RFC822.HEADER', section: { ...WHOLE, text: 'HEADER' } };
    case 'RFC822.TEXT':
      return { item: 'literal', label: 'RFC822.TEXT', section: { ...WHOLE, text: 'TEXT' } };
    case 'BODY[]': {
      const { section, partial } = item;
      const literal = { item: 'literal', label: fetchLabel(item), section } as const;
      return partial === undefined ? literal : { ...literal, partial };
    }
    case 'BINARY[]':
    case 'BINARY.SIZE[]':
      return { ...item, label: fetchLabel(item) };
    default:
      return { item: item.item };
  }
}

function setsSeen(item: FetchItem): boolean {
  return item.item === 'BODY[]' || item.item === 'BINARY[]'
    ? !item.peek
    : item.item === 'RFC822' || item.item === 'RFC822.TEXT';
}

/** Undefined where the message's file is needed. */
function knownDatum(datum: Datum, { uid, details, texts }: Found): PlainDatum | undefined {
  switch (datum.item) {
    case 'INTERNALDATE':
      return { item: 'INTERNALDATE', value: asked(details).internalDate };
    case 'RFC822.SIZE':
      return { item: 'RFC822.SIZE', value: asked(details).size };
    case 'EMAILID':
      return { item: 'EMAILID', id: asked(details).emailId };
    case 'THREADID':
      return { item: 'THREADID', id: null }; // RFC 8474 §5.2
    case 'ENVELOPE':
    case 'BODY':
    case 'BODYSTRUCTURE': {
      const wire = texts.get(datum.item)?.get(uid);
      return wire === undefined ? undefined : { item: datum.item, wire };
    }
    default:
      return undefined;
  }
}

/** Undefined where a part's transfer encoding is not known. */
async function readDatum(datum: Datum, message: OpenedMessage): Promise<FetchDatum | undefined> {
  switch (datum.item) {
    case 'ENVELOPE':
    case 'BODY':
    case 'BODYSTRUCTURE':
      return { item: datum.item, wire: await message.wireText(datum.item) };
    case 'literal':
      return { item: 'literal', label: datum.label, content: await contentOf(datum, message) };
    case 'BINARY[]':
    case 'BINARY.SIZE[]':
      return decodedDatum(datum, message);
    default:
      throw new Error(`${datum.item} is no matter of a message's file.`);
  }
}

/** A part that does not exist is NIL, and has no octets: its size cannot be NIL. */
async function decodedDatum(datum: Decoded, message: OpenedMessage): Promise<FetchDatum | undefined> {
  const { item, label, partial } = datum;
  const part = await message.decoded(datum.part);
  if (part?.isKnown === false) return undefined;
  if (item === 'BINARY.SIZE[]') return { item, label, value: (await part?.size()) ?? 0 };
  const content = (await part?.content(partial)) ?? { content: null };
  return { item: 'literal', label, ...content };
}

function asked(details: Found['details']): NonNullable<Found['details']> {
  if (details === undefined) throw new Error('A plan did not say that it needs details.');
  return details;
}

type Content = Extract<FetchDatum, { item: 'literal' }>['content'];

async function contentOf({ section, partial }: Literal, message: OpenedMessage): Promise<Content> {
  const location = await message.locate(section);
  if (location.kind === 'missing') return null;
  if (location.kind === 'fields') {
    const selected = location.select(await message.read(location.header.start, location.header.length));
    return partial === undefined ? selected : selected.subarray(partial.start, partial.start + partial.length);
  }
  const { start: first, length: all } = location.range;
  // What lies beyond the end is an empty string (RFC 3501 §6.4.5 <partial>).
  const start = Math.min(partial?.start ?? 0, all);
  const length = Math.min(partial?.length ?? all, all - start);
  if (length <= WHOLE_SECTION) return message.read(first + start, length);
  return { length, chunks: await message.stream(first + start, length) };
}
