/** Reads messages of the mailbox that is selected. Nothing is changed: contents are fetched by BODY.PEEK. */
import type { ImapClient } from '../../imap-client/client.ts';
import { ImapError } from '../../imap-client/errors.ts';
import type { Data, Status } from '../../imap-client/response.ts';
import { textOf, type Value } from '../../imap-client/values.ts';
import { IMAP_WINDOW } from '../limits.ts';
import { MessageLost, vanished } from '../model.ts';

/** What FETCH says of a message without its content. */
export interface Facts {
  readonly uid: number;
  readonly flags: readonly string[];
  /** Milliseconds since the epoch; undefined where the server tells no date. */
  readonly internalDate: number | undefined;
  readonly size: number;
}

/** Takes what a server says of its own accord. */
export type Hear = (response: Data | Status) => void;

/** How far a walk through a mailbox is, by sequence numbers, which move when messages are expunged meanwhile. */
export class Walk {
  readonly #client: ImapClient;
  #next = 1;
  #messages: number;

  constructor(client: ImapClient, messages: number) {
    this.#client = client;
    this.#messages = messages;
  }

  /** To be told of all that comes untagged while other commands run. */
  readonly hear: Hear = (response) => {
    if (response.type !== 'data' || response.number === undefined) return;
    if (response.name === 'EXISTS') this.#messages = response.number;
    if (response.name !== 'EXPUNGE') return;
    this.#messages -= 1;
    if (response.number < this.#next) this.#next -= 1;
  };

  /** The next messages, in the order of the mailbox; none at its end. Rejects with `ImapError`. */
  async facts(): Promise<readonly Facts[]> {
    if (this.#next > this.#messages) return [];
    const first = this.#next;
    const last = Math.min(this.#messages, first + IMAP_WINDOW - 1);
    const found: Facts[] = [];
    // Not by UID: only so the server may not tell of expunges meanwhile (RFC 9051 §7.5.1).
    await this.#client.ok([`FETCH ${first}:${last} (UID FLAGS INTERNALDATE RFC822.SIZE)`], {
      untagged: (response) => {
        this.hear(response);
        const facts = factsOf(response);
        if (facts !== undefined) found.push(facts);
      },
    });
    this.#next = last + 1;
    return found.sort((a, b) => a.uid - b.uid);
  }
}

/** The items of a FETCH response by name; undefined for others. */
function itemsOf(response: Data | Status): ReadonlyMap<string, Value | undefined> | undefined {
  const list = response.type === 'data' && response.name === 'FETCH' ? response.values[0] : undefined;
  if (!Array.isArray(list)) return undefined;
  const items = new Map<string, Value | undefined>();
  for (let at = 0; at + 1 < list.length; at += 2) items.set((textOf(list[at]) ?? '').toUpperCase(), list[at + 1]);
  return items;
}

/** Undefined for what tells only of a change of flags. */
function factsOf(response: Data | Status): Facts | undefined {
  const items = itemsOf(response);
  const [uid, size] = [Number(textOf(items?.get('UID'))), Number(textOf(items?.get('RFC822.SIZE')))];
  if (items === undefined || !(uid > 0) || Number.isNaN(size)) return undefined;
  const flags = items.get('FLAGS');
  return {
    ...{ uid, size },
    flags: Array.isArray(flags) ? flags.flatMap((flag: Value) => textOf(flag) ?? []) : [],
    internalDate: toTime(textOf(items.get('INTERNALDATE')) ?? ''),
  };
}

/** ` 1-Feb-2020 10:00:00 +0100` (RFC 9051 §9, date-time). */
function toTime(text: string): number | undefined {
  const [, day, month, year, clock, zone] =
    /^ ?(\d{1,2})-([A-Za-z]{3})-(\d{4}) ([\d:]{8}) ([+-]\d{4})$/.exec(text) ?? [];
  const time = Date.parse(`${day} ${month} ${year} ${clock} ${zone}`);
  return Number.isNaN(time) ? undefined : time;
}

/** A message's content as it comes. Throws `MessageLost` where it is gone or the server does not give it. */
export async function* fetchContent(client: ImapClient, uid: number, hear: Hear): AsyncGenerator<Uint8Array> {
  const given = Promise.withResolvers<AsyncIterable<Uint8Array> | undefined>();
  const taken = Promise.withResolvers<void>();
  const fetched = client.run([`UID FETCH ${uid} (BODY.PEEK[])`], {
    literal: ({ chunks }) => {
      given.resolve(chunks);
      return taken.promise;
    },
    untagged: (response) => {
      hear(response);
      const content = shortContent(response);
      if (content !== undefined) given.resolve(once(content));
    },
  });
  fetched.then(() => given.resolve(undefined), given.reject);
  try {
    const chunks = await given.promise;
    if (chunks !== undefined) yield* chunks;
    taken.resolve();
    const { condition, text } = await fetched;
    if (condition !== 'OK') throw new MessageLost(`The server does not give it: ${text}`);
    if (chunks === undefined) throw vanished();
  } finally {
    taken.resolve();
    await fetched.catch(() => undefined); // told above, where anybody still listens
  }
}

/** Content that came as a string, and not as a literal. */
function shortContent(response: Data | Status): Buffer | undefined {
  const value = itemsOf(response)?.get('BODY[]');
  if (value === null) return Buffer.alloc(0);
  const text = textOf(value);
  return text === undefined ? undefined : Buffer.from(text);
}

export async function* once(octets: Uint8Array): AsyncGenerator<Uint8Array> {
  yield octets;
}

/**
 * The contents of several small messages, by UID. Those that turn out larger than `most` are left out, and so are those
 * that the server does not give.
 */
export async function fetchSmall(
  client: ImapClient,
  uids: readonly number[],
  most: number,
  hear: Hear,
): Promise<ReadonlyMap<number, Buffer>> {
  const contents = new Map<number, Buffer>();
  let last: Buffer | undefined;
  const { condition } = await client.run([`UID FETCH ${uids.join(',')} (UID BODY.PEEK[])`], {
    literal: async ({ length, chunks }) => {
      if (length > most) return;
      const octets: Uint8Array[] = [];
      for await (const chunk of chunks) octets.push(chunk);
      last = Buffer.concat(octets);
    },
    untagged: (response) => {
      hear(response);
      // The UID may stand behind the content.
      const uid = Number(textOf(itemsOf(response)?.get('UID')));
      const content = shortContent(response) ?? last;
      if (uid > 0 && content !== undefined) contents.set(uid, content);
      last = undefined;
    },
  });
  if (condition === 'BAD') throw new ImapError('protocol', 'The server does not understand UID FETCH.');
  return contents;
}
