/** The data of one FETCH response (RFC 3501 §7.4.2). */

import { WHOLE_SECTION } from '../limits.ts';
import type { OpenedMessage } from '../mailbox/opened-message.ts';
import type { MessageRecord, Uid } from '../mailbox/store.ts';
import type { CommandOf, FetchItem, SectionText } from '../wire/command.ts';
import { fetchLabel } from '../wire/fetch-label.ts';
import type { FetchDatum } from '../wire/response.ts';

/** A section to send, and the name under which it is sent. */
interface Literal {
  readonly item: 'literal';
  readonly label: string;
  readonly section: SectionText;
  readonly partial?: { readonly start: number; readonly length: number };
}
type Datum = { readonly item: 'INTERNALDATE' | 'RFC822.SIZE' | 'ENVELOPE' | 'BODY' | 'BODYSTRUCTURE' } | Literal;

/** What a FETCH asks of each message, in the order of sending: UID, FLAGS, then the rest as it was asked. */
export interface Plan {
  readonly uid: boolean;
  readonly flags: boolean;
  readonly rest: readonly Datum[];
  /** A section is read without PEEK, which sets \Seen. */
  readonly setsSeen: boolean;
  /** It asks for what is not in a message's state. */
  readonly details: boolean;
}

export function planFetch({ items, uid }: CommandOf<'FETCH'>): Plan {
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
    rest,
    setsSeen: items.some(setsSeen),
    details: rest.some(({ item }) => item === 'INTERNALDATE' || item === 'RFC822.SIZE'),
  };
}

/** What makes two data the same. A partial's label says where it starts and not how long it is. */
function keyOf(datum: Datum): string {
  return datum.item === 'literal' ? `${datum.label} ${datum.partial?.length ?? ''}` : datum.item;
}

/** One message: `details` are there where the plan asks for them. */
export interface Found {
  readonly uid: Uid;
  readonly details: Pick<MessageRecord, 'internalDate' | 'size'> | undefined;
}

/** All data but FLAGS. */
export async function fetchData(plan: Plan, { uid, details }: Found, message: OpenedMessage): Promise<FetchDatum[]> {
  const data: FetchDatum[] = plan.uid ? [{ item: 'UID', value: uid }] : [];
  for (const datum of plan.rest) data.push(await datumFor(datum, details, message));
  return data;
}

/** What can be said of a message that is gone: nothing, or that its sections are NIL. */
export function absentData(plan: Plan, uid: number | undefined): FetchDatum[] {
  const literals = plan.rest.flatMap((datum): FetchDatum[] =>
    datum.item === 'literal' ? [{ item: 'literal', label: datum.label, content: null }] : [],
  );
  if (literals.length === 0) return [];
  return plan.uid && uid !== undefined ? [{ item: 'UID', value: uid }, ...literals] : literals;
}

const WHOLE: SectionText = { part: [], text: '', fields: [] };

function datumOf(item: FetchItem): Datum | undefined {
  switch (item.item) {
    case 'UID':
    case 'FLAGS':
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
    default:
      return { item: item.item };
  }
}

function setsSeen(item: FetchItem): boolean {
  return item.item === 'BODY[]' ? !item.peek : item.item === 'RFC822' || item.item === 'RFC822.TEXT';
}

async function datumFor(datum: Datum, details: Found['details'], message: OpenedMessage): Promise<FetchDatum> {
  switch (datum.item) {
    case 'INTERNALDATE':
      return { item: 'INTERNALDATE', value: asked(details).internalDate };
    case 'RFC822.SIZE':
      return { item: 'RFC822.SIZE', value: asked(details).size };
    case 'ENVELOPE':
      return { item: 'ENVELOPE', wire: await message.envelope() };
    case 'BODY':
    case 'BODYSTRUCTURE':
      return { item: datum.item, wire: await message.structureText(datum.item) };
    case 'literal':
      return { item: 'literal', label: datum.label, content: await contentOf(datum, message) };
  }
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
