/** A mailbox of a user as a target. */
import type { Flag, Mailbox, MailboxName, MailStore, NewMessage, StoreError, Uid } from '@scorpiox/maildir';
import { parseUid } from '@scorpiox/maildir';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { storeFailure } from '../../mail/store.ts';
import { ContentIndex } from '../content-index.ts';
import { type Identity, identify } from '../digest.ts';
import type { Added, Landed, Outgoing, Place, TargetFolder } from '../model.ts';
import { has, Numbers } from '../numbers.ts';

/** Opens a mailbox; it has to exist. */
export async function openStoreTarget(store: MailStore, name: MailboxName): Promise<Result<StoreTarget, Failure>> {
  const mailbox = await store.open(name);
  return mailbox.ok ? ok(new StoreTarget(store, mailbox.value)) : err(storeFailure(mailbox.error));
}

export class StoreTarget implements TargetFolder {
  readonly #store: MailStore;
  readonly #mailbox: Mailbox;
  #before = new ContentIndex({ places: new Float64Array(), sizes: new Float64Array() }, async () => undefined);

  constructor(store: MailStore, mailbox: Mailbox) {
    this.#store = store;
    this.#mailbox = mailbox;
  }

  get identity(): string {
    return `${this.#mailbox.mailboxId} ${this.#mailbox.uidValidity}`;
  }

  get hasUnclaimed(): boolean {
    return this.#before.hasAny;
  }

  async begin(known: Float64Array): Promise<Result<void, Failure>> {
    const looked = await this.#mailbox.refresh();
    if (!looked.ok) return err(storeFailure(looked.error));
    const [places, sizes] = [new Numbers(), new Numbers()];
    for await (const records of this.#mailbox.records(without(this.#mailbox.uids(), known))) {
      for (const { uid, size } of records) {
        places.push(uid);
        sizes.push(size);
      }
    }
    this.#before = new ContentIndex({ places: places.values(), sizes: sizes.values() }, (uid) => this.#identify(uid));
    return ok(undefined);
  }

  find(message: Identity): Promise<Place | undefined> {
    return this.#before.find(message);
  }

  async #identify(place: Place): Promise<Identity | undefined> {
    const uid = parseUid(place);
    const content = uid === undefined ? undefined : await this.#mailbox.open(uid);
    if (content === undefined || !content.ok) return undefined;
    try {
      return await identify(content.value.stream());
    } finally {
      await content.value.close();
    }
  }

  async add(messages: readonly Outgoing[]): Promise<Added> {
    const added = await this.#store.appendAll(this.#mailbox.name, messages.map(toNew));
    if (added.ok) return { landed: added.value.uids.map((uid, at) => landedAt(uid, messages[at]?.flags ?? [])) };
    if (!isOfOneMessage(added.error)) return { landed: [], failure: storeFailure(added.error) };
    return messages.length === 1 ? this.#addOne(messages, added.error) : this.#addEach(messages);
  }

  /** One of them cannot land, and the others shall not suffer for it. */
  async #addEach(messages: readonly Outgoing[]): Promise<Added> {
    const landed: (Landed | undefined)[] = [];
    for (const message of messages) {
      const added = await this.add([message]);
      landed.push(...added.landed);
      if (added.failure !== undefined) return { landed, failure: added.failure };
    }
    return { landed };
  }

  async #addOne(messages: readonly Outgoing[], error: StoreError): Promise<Added> {
    const [message] = messages;
    const system = message?.flags.filter((flag) => flag.startsWith('\\')) ?? [];
    // A mailbox has room for so many keywords; the message matters more. Its content has not been touched.
    if (error.code === 'invalid-keyword' && message !== undefined && system.length < message.flags.length) {
      return this.add([{ ...message, flags: system }]);
    }
    return { landed: [{ kind: 'refused', reason: error.message }] };
  }

  async close(): Promise<void> {
    await this.#mailbox.close();
  }
}

/** Those of `uids` that are not known. */
function* without(uids: Uint32Array, known: Float64Array): Generator<Uid> {
  for (const number of uids) {
    const uid = has(known, number) ? undefined : parseUid(number);
    if (uid !== undefined) yield uid;
  }
}

/** What is wrong with one message, and not with the mailbox or the disk. */
const isOfOneMessage = ({ code }: StoreError): boolean =>
  code === 'invalid-keyword' || code === 'too-large' || code === 'incomplete';

const landedAt = (uid: Uid, flags: readonly Flag[]): Landed => ({ kind: 'landed', place: uid, flags });

const toNew = ({ content, flags, internalDate }: Outgoing): NewMessage => ({
  content: typeof content === 'function' ? content() : content,
  flags,
  ...(internalDate === undefined ? {} : { internalDate }),
});
