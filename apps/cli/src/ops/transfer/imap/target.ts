/** A mailbox on another IMAP server as a target. It has to say under which UID a message landed (UIDPLUS, RFC 4315). */
import { encodeUtf7, type Flag, INBOX } from '@scorpiox/maildir';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import type { Completed, ImapClient } from '../../imap-client/client.ts';
import { astring } from '../../imap-client/command.ts';
import { ImapError, imapFailure } from '../../imap-client/errors.ts';
import type { Data, Status } from '../../imap-client/response.ts';
import { ContentIndex } from '../content-index.ts';
import { type Identity, identify } from '../digest.ts';
import {
  type Added,
  contentOf,
  type Landed,
  MessageLost,
  type Outgoing,
  type Place,
  SourceLost,
  type TargetFolder,
} from '../model.ts';
import { has, Numbers } from '../numbers.ts';
import type { StoreFolder } from '../store/source.ts';
import { fetchContent, Walk } from './fetch.ts';
import { type ImapServer, type Listing, listMailboxes, signInTo } from './server.ts';

/** A server that mail is exported to. */
export class ImapExport {
  readonly #client: ImapClient;
  readonly #listing: Listing;
  /** Names that folders of this export were given. */
  readonly #given = new Set<string>();

  private constructor(client: ImapClient, listing: Listing) {
    this.#client = client;
    this.#listing = listing;
  }

  static async open(server: ImapServer, signal: AbortSignal): Promise<Result<ImapExport, Failure>> {
    const client = await signInTo(server, signal);
    if (!client.ok) return client;
    return attempt(async () => {
      const { capabilities } = client.value;
      if (capabilities.has('UIDPLUS') || capabilities.has('IMAP4REV2')) {
        return ok(new ImapExport(client.value, await listMailboxes(client.value)));
      }
      await client.value.logout();
      const message = 'The server does not say under which UIDs messages land (UIDPLUS): they might come twice.';
      return err({ kind: 'error', message });
    });
  }

  /** The name that a mailbox of ours has there: to be asked once for each. */
  nameOf({ name, path, specialUse }: StoreFolder): string {
    const { mailboxes, own } = this.#listing;
    const sameUse = mailboxes.find(({ attributes }) => attributes.has(specialUse?.toLowerCase() ?? '\\none'));
    const levels = path.map((level) => encodeUtf7(own.delimiter === '' ? level : level.replaceAll(own.delimiter, '_')));
    const natural =
      name === INBOX ? 'INBOX' : `${own.prefix}${levels.join(own.delimiter === '' ? '_' : own.delimiter)}`;
    let given = sameUse?.name ?? natural;
    for (let number = 2; this.#given.has(given); number += 1) given = `${natural} ${number}`;
    this.#given.add(given);
    return given;
  }

  /** Opens a mailbox, which is made where it is not there. */
  folder(name: string, isSubscribed: boolean): Promise<Result<ImapTarget, Failure>> {
    return attempt(async () => {
      if (!this.#listing.mailboxes.some((mailbox) => mailbox.name === name) && name !== 'INBOX') {
        const made = await this.#client.run(['CREATE ', ...astring(name)]);
        if (made.condition !== 'OK' && made.code?.name !== 'ALREADYEXISTS') return err(refusalOf('CREATE', made));
        if (isSubscribed) await this.#client.run(['SUBSCRIBE ', ...astring(name)]);
      }
      return ok(await ImapTarget.select(this.#client, name));
    });
  }

  close(): Promise<void> {
    return this.#client.logout();
  }
}

async function attempt<T>(work: () => Promise<Result<T, Failure>>): Promise<Result<T, Failure>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ImapError) return err(imapFailure(error));
    throw error;
  }
}

/** What became of a message, or why nothing more can be sent. */
interface Answer {
  readonly landed?: Landed;
  readonly failure?: Failure;
}

/** What a mailbox says when it is selected. */
interface Selected {
  readonly messages: number;
  readonly uidValidity: string;
  /** Undefined where the server does not say which flags stay. */
  readonly permanent: readonly string[] | undefined;
}

export class ImapTarget implements TargetFolder {
  readonly identity: string;
  readonly #client: ImapClient;
  readonly #name: string;
  readonly #walk: Walk;
  readonly #permanent: readonly string[] | undefined;
  #before = new ContentIndex({ places: new Float64Array(), sizes: new Float64Array() }, async () => undefined);

  private constructor(client: ImapClient, name: string, { messages, uidValidity, permanent }: Selected) {
    this.#client = client;
    this.#name = name;
    this.identity = uidValidity;
    this.#walk = new Walk(client, messages);
    this.#permanent = permanent;
  }

  static async select(client: ImapClient, name: string): Promise<ImapTarget> {
    let selected: Selected = { messages: 0, uidValidity: '', permanent: undefined };
    await client.ok(['SELECT ', ...astring(name)], {
      untagged: (response) => {
        selected = { ...selected, ...learn(response) };
      },
    });
    return new ImapTarget(client, name, selected);
  }

  get hasUnclaimed(): boolean {
    return this.#before.hasAny;
  }

  begin(known: Float64Array): Promise<Result<void, Failure>> {
    return attempt(async () => {
      const [places, sizes] = [new Numbers(), new Numbers()];
      for (let facts = await this.#walk.facts(); facts.length > 0; facts = await this.#walk.facts()) {
        for (const { uid, size } of facts) {
          if (has(known, uid)) continue;
          places.push(uid);
          sizes.push(size);
        }
      }
      this.#before = new ContentIndex({ places: places.values(), sizes: sizes.values() }, (uid) => this.#identify(uid));
      return ok(undefined);
    });
  }

  async #identify(uid: Place): Promise<Identity | undefined> {
    try {
      return await identify(fetchContent(this.#client, uid, this.#walk.hear));
    } catch (error) {
      if (error instanceof MessageLost) return undefined;
      throw lost(error);
    }
  }

  find(message: Identity): Promise<Place | undefined> {
    return this.#before.find(message);
  }

  /** All of them are on their way before the first is answered. */
  async add(messages: readonly Outgoing[]): Promise<Added> {
    const answers = await Promise.allSettled(messages.map((message) => this.#append(message)));
    let failure: Failure | undefined;
    const landed = answers.map((answer) => {
      if (answer.status === 'rejected' && !(answer.reason instanceof ImapError)) throw answer.reason;
      const told: Answer = answer.status === 'rejected' ? { failure: imapFailure(answer.reason) } : answer.value;
      failure ??= told.failure;
      return told.landed;
    });
    return { landed, ...(failure === undefined ? {} : { failure }) };
  }

  async #append({ content, flags, internalDate }: Outgoing): Promise<Answer> {
    const { length, hasNul } = await measure(content);
    if (hasNul) return { landed: { kind: 'refused', reason: 'It holds NUL bytes, which IMAP cannot carry.' } };
    const kept = flags.filter((flag) => this.#mayHave(flag));
    const date = internalDate === undefined ? '' : `${dateTime(internalDate)} `;
    const answer = await this.#client.run(
      ['APPEND ', ...astring(this.#name), ` (${kept.join(' ')}) ${date}`, { length, chunks: contentOf(content) }],
      { untagged: this.#walk.hear },
    );
    if (answer.condition === 'OK') return { landed: { kind: 'landed', place: uidOf(answer), flags: kept } };
    if (ENDS.has(answer.code?.name ?? '')) return { failure: refusalOf('APPEND', answer) };
    return { landed: { kind: 'refused', reason: `The server does not take it: ${answer.text}` } };
  }

  #mayHave(flag: Flag): boolean {
    const known = this.#permanent?.map((one) => one.toLowerCase());
    return known === undefined || known.includes('\\*') || known.includes(flag.toLowerCase());
  }

  async close(): Promise<void> {}
}

/** What breaks the connection ends the transfer. */
const lost = (error: unknown): unknown => (error instanceof ImapError ? new SourceLost(imapFailure(error)) : error);

/** What one response says of the mailbox that is being selected. */
function learn(response: Data | Status): Partial<Selected> {
  if (response.type === 'data') return response.name === 'EXISTS' ? { messages: response.number ?? 0 } : {};
  const { name, text = '' } = response.code ?? {};
  if (name === 'UIDVALIDITY') return { uidValidity: text };
  return name === 'PERMANENTFLAGS' ? { permanent: text.replace(/[()]/g, '').split(' ') } : {};
}

/** Codes that are no message's fault (RFC 5530): the next one would be answered likewise. */
const ENDS: ReadonlySet<string> = new Set([
  ...['OVERQUOTA', 'NOPERM', 'TRYCREATE', 'UNAVAILABLE', 'INUSE', 'LIMIT', 'EXPIRED', 'AUTHORIZATIONFAILED'],
]);

const refusalOf = (command: string, { condition, text, code }: Completed): Failure =>
  imapFailure(new ImapError('refused', `The server answers ${command} with ${condition}: ${text}`, code?.name));

/** `[APPENDUID <uidvalidity> <uid>]`. */
function uidOf({ code }: Completed): Place {
  const uid = code?.name === 'APPENDUID' ? Number(code.text.split(' ')[1]) : 0;
  if (uid > 0) return uid;
  throw new ImapError('protocol', 'The server does not say under which UID a message landed.');
}

/** A literal's length has to be said before it. */
async function measure(content: Outgoing['content']): Promise<{ readonly length: number; readonly hasNul: boolean }> {
  let [length, hasNul] = [0, false];
  for await (const chunk of contentOf(content)) {
    length += chunk.length;
    hasNul ||= chunk.includes(0);
  }
  return { length, hasNul };
}

/** `"28-Nov-2026 22:08:00 +0000"` (RFC 9051 §9). */
function dateTime(time: number): string {
  const [, day = '', month = '', year = '', clock = ''] = new Date(time).toUTCString().split(' ');
  return `"${day}-${month}-${year} ${clock} +0000"`;
}
