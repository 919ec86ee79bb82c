/** The mailboxes of a user on another IMAP server as a source. They are opened by EXAMINE, which changes nothing. */
import type { Flag } from '@scorpiox/maildir';
import { toKeyword } from '@scorpiox/maildir/format';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import type { ImapClient } from '../../imap-client/client.ts';
import { astring } from '../../imap-client/command.ts';
import { ImapError, imapFailure } from '../../imap-client/errors.ts';
import { IMAP_AT_ONCE, TRANSFER_BATCH_BYTES, TRANSFER_HELD_BYTES } from '../limits.ts';
import { type Source, type SourceFolder, SourceLost, type SourceMessage } from '../model.ts';
import { shownPath } from '../names.ts';
import { type Facts, fetchContent, fetchSmall, once, Walk } from './fetch.ts';
import { type ImapServer, type ListedMailbox, listMailboxes, signInTo, specialUseOf, statusOf } from './server.ts';

/** Mailboxes that only show what is in others (RFC 6154 §2, RFC 8457). */
const VIEWS = ['\\all', '\\flagged', '\\important'];
const NO_MAILBOX = ['\\noselect', '\\nonexistent'];

/**
 * Signs in and counts what is there. Mailboxes that only show what lies in others are passed over, unless they are `wanted`
 * by name.
 */
export async function openImapSource(
  server: ImapServer,
  wanted: (folder: string) => boolean,
  signal: AbortSignal,
): Promise<Result<Source, Failure>> {
  const client = await signInTo(server, signal);
  if (!client.ok) return client;
  try {
    const passedOver: string[] = [];
    const folders: SourceFolder[] = [];
    for (const mailbox of (await listMailboxes(client.value)).mailboxes) {
      if (NO_MAILBOX.some((attribute) => mailbox.attributes.has(attribute))) continue;
      const shown = shownPath(mailbox.path);
      if (VIEWS.some((view) => mailbox.attributes.has(view)) && !wanted(shown)) {
        passedOver.push(`${shown} shows what is in other folders; --map brings it too.`);
      } else folders.push(await folderOf(client.value, mailbox));
    }
    const identity = `imap ${server.credentials.user}@${server.place.host}:${server.place.port}`;
    return ok({ identity, passedOver, folders, close: () => client.value.logout() });
  } catch (error) {
    client.value.close();
    if (error instanceof ImapError) return err(imapFailure(error));
    throw error;
  }
}

async function folderOf(client: ImapClient, mailbox: ListedMailbox): Promise<SourceFolder> {
  const status = await statusOf(client, mailbox.name);
  const uidValidity = status.get('UIDVALIDITY') ?? 0;
  return {
    path: mailbox.path,
    specialUse: specialUseOf(mailbox),
    subscribed: mailbox.subscribed,
    messages: status.get('MESSAGES') ?? 0,
    bytes: status.get('SIZE'),
    state: String(uidValidity),
    read: (signal, wanted) => new Reading(client, uidValidity, wanted).read(mailbox.name, signal),
  };
}

/** What breaks the connection ends the transfer. */
const lost = (error: unknown): unknown => (error instanceof ImapError ? new SourceLost(imapFailure(error)) : error);

/** A mailbox being read: what FETCH says is made into messages, and small ones are fetched several at a time. */
class Reading {
  readonly #client: ImapClient;
  readonly #uidValidity: number;
  readonly #wanted: (key: string) => boolean;

  constructor(client: ImapClient, uidValidity: number, wanted: (key: string) => boolean) {
    this.#client = client;
    this.#uidValidity = uidValidity;
    this.#wanted = wanted;
  }

  async *read(name: string, signal: AbortSignal): AsyncGenerator<SourceMessage> {
    try {
      const walk = await this.#examine(name);
      for (let facts = await walk.facts(); facts.length > 0; facts = await walk.facts()) {
        for await (const message of this.#messages(facts, walk)) {
          if (signal.aborted) return;
          yield message;
        }
      }
    } catch (error) {
      throw lost(error);
    }
  }

  async #examine(name: string): Promise<Walk> {
    let [messages, uidValidity] = [0, 0];
    await this.#client.ok(['EXAMINE ', ...astring(name)], {
      untagged: (response) => {
        if (response.type === 'data' && response.name === 'EXISTS') messages = response.number ?? 0;
        const isValidity = response.type === 'status' && response.code?.name === 'UIDVALIDITY';
        if (isValidity) uidValidity = Number(response.code.text);
      },
    });
    if (uidValidity === this.#uidValidity) return new Walk(this.#client, messages);
    const message = `The server numbered the messages of ${name} anew meanwhile.`;
    throw new SourceLost({ kind: 'stale', message });
  }

  async *#messages(all: readonly Facts[], walk: Walk): AsyncGenerator<SourceMessage> {
    for (let at = 0; at < all.length; ) {
      const some = this.#atOnce(all.slice(at));
      at += some.length;
      const uids = some.filter((facts) => this.#isSmall(facts)).map(({ uid }) => uid);
      const contents =
        uids.length === 0 ? undefined : await fetchSmall(this.#client, uids, TRANSFER_HELD_BYTES, walk.hear);
      for (const facts of some) yield this.#message(facts, contents?.get(facts.uid), walk);
    }
  }

  /** So many messages that what is fetched of them can be held. */
  #atOnce(all: readonly Facts[]): readonly Facts[] {
    let [octets, count, at] = [0, 0, 0];
    for (; at < all.length && octets < TRANSFER_BATCH_BYTES && count < IMAP_AT_ONCE; at += 1) {
      const facts = all[at];
      if (facts === undefined || !this.#isSmall(facts)) continue;
      octets += facts.size;
      count += 1;
    }
    return all.slice(0, at);
  }

  #isSmall(facts: Facts): boolean {
    return facts.size <= TRANSFER_HELD_BYTES && this.#wanted(this.#keyOf(facts));
  }

  #keyOf({ uid }: Facts): string {
    return `${this.#uidValidity} ${uid}`;
  }

  #message(facts: Facts, content: Buffer | undefined, walk: Walk): SourceMessage {
    const { uid, flags, internalDate, size } = facts;
    return {
      kind: 'message',
      key: this.#keyOf(facts),
      where: `UID ${uid}`,
      flags: flagsOf(flags),
      internalDate,
      size: content?.length ?? size,
      open: () => (content === undefined ? this.#fetch(uid, walk) : once(content)),
    };
  }

  async *#fetch(uid: number, walk: Walk): AsyncGenerator<Uint8Array> {
    try {
      yield* fetchContent(this.#client, uid, walk.hear);
    } catch (error) {
      throw lost(error);
    }
  }
}

const SYSTEM: readonly Flag[] = ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft'];

/** Flags that a mailbox of ours can have: neither \Recent, nor what a server has made up. */
const flagsOf = (flags: readonly string[]): readonly Flag[] => [
  ...new Set(
    flags.flatMap((flag) => {
      if (!flag.startsWith('\\')) return toKeyword(flag);
      return SYSTEM.find((known) => known.toLowerCase() === flag.toLowerCase()) ?? [];
    }),
  ),
];
