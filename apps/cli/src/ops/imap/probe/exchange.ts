/** What a probe says to a server, and makes of the answers. */
import { createHash } from 'node:crypto';
import type { ImapClient } from '../../imap-client/client.ts';
import { astring, mailboxArgument } from '../../imap-client/command.ts';
import type { Data, Status } from '../../imap-client/response.ts';
import { textOf, type Value } from '../../imap-client/values.ts';
import type { ProbeMessage } from './message.ts';

/** Called with each chunk that goes or comes. */
export type OnChunk = (octets: number) => void | Promise<void>;

/** Stores a message; resolves with its UID where the server tells it (RFC 4315). */
export async function append(
  client: ImapClient,
  mailbox: string,
  message: ProbeMessage,
  onChunk: OnChunk = () => {},
): Promise<number | undefined> {
  const chunks = async function* () {
    for (const chunk of message.chunks()) {
      yield chunk;
      await onChunk(chunk.length);
    }
  };
  const literal = { length: message.octets, chunks: chunks() };
  const { code } = await client.ok(['APPEND ', ...mailboxArgument(mailbox), ' ', literal]);
  const uid = code?.name === 'APPENDUID' ? /^\d+ (\d+)$/.exec(code.text)?.[1] : undefined;
  return uid === undefined ? undefined : Number(uid);
}

export const select = (client: ImapClient, mailbox: string) => client.ok(['SELECT ', ...mailboxArgument(mailbox)]);

/** The UIDs of the messages with this Message-ID in the selected mailbox. */
export async function findMessage(client: ImapClient, id: string): Promise<readonly number[]> {
  const uids: number[] = [];
  await client.ok(['UID SEARCH HEADER MESSAGE-ID ', ...astring(id)], {
    untagged: (response) => {
      if (response.type === 'data' && response.name === 'SEARCH') uids.push(...response.values.map(Number));
    },
  });
  return uids;
}

/** A message as the server gave it. */
export interface Fetched {
  readonly flags: readonly string[] | undefined;
  /** Of the content; undefined where none came. */
  readonly digest: string | undefined;
  readonly octets: number;
}

/** Flags and content of a message, \Seen left alone. Resolves with undefined where the server finds none. */
export async function fetchWhole(client: ImapClient, uid: number, onChunk?: OnChunk): Promise<Fetched | undefined> {
  const gathered = new Gathering(uid, onChunk);
  await client.ok([`UID FETCH ${uid} (UID FLAGS BODY.PEEK[])`], gathered);
  return gathered.fetched;
}

/** Handlers that gather what a FETCH of one message says. */
export class Gathering {
  readonly #uid: number;
  readonly #onChunk: OnChunk;
  #fetched: Fetched | undefined;
  #digest: string | undefined;
  #octets = 0;

  constructor(uid: number, onChunk: OnChunk = () => {}) {
    this.#uid = uid;
    this.#onChunk = onChunk;
  }

  get fetched(): Fetched | undefined {
    return this.#fetched;
  }

  readonly literal = async ({ chunks }: { readonly chunks: AsyncIterable<Buffer> }): Promise<void> => {
    const hash = createHash('sha256');
    this.#octets = 0;
    for await (const chunk of chunks) {
      hash.update(chunk);
      this.#octets += chunk.length;
      await this.#onChunk(chunk.length);
    }
    this.#digest = hash.digest('hex');
  };

  /** Flags may come in a response of their own, before or after. */
  readonly untagged = (response: Data | Status): void => {
    if (response.type !== 'data' || response.name !== 'FETCH') return;
    const items = itemsOf(response.values[0]);
    if (items.has('UID') && Number(textOf(items.get('UID'))) !== this.#uid) return;
    const flags = flagsOf(items.get('FLAGS')) ?? this.#fetched?.flags;
    this.#fetched = { flags, digest: this.#digest, octets: this.#octets };
  };
}

function itemsOf(list: Value | undefined): ReadonlyMap<string, Value> {
  const items = new Map<string, Value>();
  if (!Array.isArray(list)) return items;
  for (let at = 0; at + 1 < list.length; at += 2) items.set((textOf(list[at]) ?? '').toUpperCase(), list[at + 1]);
  return items;
}

const flagsOf = (list: Value | undefined): readonly string[] | undefined =>
  Array.isArray(list) ? list.map((flag) => textOf(flag) ?? '') : undefined;

export const hasFlag = (fetched: Fetched | undefined, flag: string): boolean =>
  fetched?.flags?.some((one) => one.toLowerCase() === flag.toLowerCase()) === true;
