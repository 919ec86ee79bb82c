/**
 * Where a probe puts its messages: in a mailbox that it makes and removes, or in one that is named, from which it removes
 * nothing but what it put there. Cleaning up takes a connection of its own, so that it does not matter what became of
 * the others, and goes by Message-ID, so that it does not matter which answers were lost.
 */
import { randomBytes } from 'node:crypto';
import type { ImapClient } from '../../imap-client/client.ts';
import { mailboxArgument } from '../../imap-client/command.ts';
import { ImapError } from '../../imap-client/errors.ts';
import { textOf, type Value } from '../../imap-client/values.ts';
import { findMessage, select } from './exchange.ts';
import type { ProbeMessage } from './message.ts';
import { Fault } from './steps.ts';

export class Home {
  readonly mailbox: string;
  readonly #isOurs: boolean;
  readonly #messages: ProbeMessage[] = [];
  /** Whether the server was asked to make it, and did not refuse. */
  #mayBeThere = false;

  private constructor(mailbox: string, isOurs: boolean) {
    this.mailbox = mailbox;
    this.#isOurs = isOurs;
  }

  /** @param named the mailbox that is to be used; undefined to have one made. */
  static async choose(client: ImapClient, named: string | undefined): Promise<Home> {
    if (named !== undefined) return new Home(named, false);
    return new Home(`${await prefixOf(client)}scorpiox-probe-${randomBytes(4).toString('hex')}`, true);
  }

  /** Makes it, where it is ours; looks that it is there, where it is not. */
  async enter(client: ImapClient): Promise<string> {
    if (this.#isOurs) await this.#make(client);
    await select(client, this.mailbox);
    return this.#isOurs ? `${this.mailbox} is made` : `${this.mailbox} is there`;
  }

  async #make(client: ImapClient): Promise<void> {
    this.#mayBeThere = true; // the answer may be lost
    const { condition, code, text } = await client.run(['CREATE ', ...mailboxArgument(this.mailbox)]);
    this.#mayBeThere = condition === 'OK';
    if (condition === 'OK') return;
    const message = `The server lets nobody make ${this.mailbox}: ${text} With --mailbox the probe uses one that is there.`;
    throw new ImapError('refused', message, code?.name);
  }

  /** Whether something is to be removed. */
  get isTouched(): boolean {
    return this.#mayBeThere || this.#messages.length > 0;
  }

  /** Opens it in one more session. */
  async open(client: ImapClient): Promise<void> {
    await select(client, this.mailbox);
  }

  /** From now on it is to be removed, whether it arrives or not. */
  expect(message: ProbeMessage): void {
    this.#messages.push(message);
  }

  /** Leaves everything as it was. @param client a fresh connection. */
  async leave(client: ImapClient): Promise<string> {
    if (this.#isOurs) {
      await client.ok(['DELETE ', ...mailboxArgument(this.mailbox)]);
      return `${this.mailbox} is removed`;
    }
    await select(client, this.mailbox);
    const found = await Promise.all(this.#messages.map(({ id }) => findMessage(client, id)));
    const uids = found.flat();
    if (uids.length > 0) await this.#expunge(client, uids);
    return uids.length === 0 ? 'there was nothing to remove' : `removed from ${this.mailbox} again`;
  }

  /** EXPUNGE removes whatever is \Deleted, so without UIDPLUS (RFC 4315) it is for mailboxes where only ours is. */
  async #expunge(client: ImapClient, uids: readonly number[]): Promise<void> {
    const set = uids.join(',');
    const isPrecise = client.capabilities.has('UIDPLUS') || client.capabilities.has('IMAP4REV2');
    const others = isPrecise ? 0 : await countDeleted(client);
    await client.ok([`UID STORE ${set} +FLAGS.SILENT (\\Deleted)`]);
    if (others > 0) {
      const why = 'the server has no UIDPLUS, and others there are marked as deleted as well';
      throw new Fault(`The message stays in ${this.mailbox}, marked as deleted: ${why}.`);
    }
    await client.ok([isPrecise ? `UID EXPUNGE ${set}` : 'EXPUNGE']);
  }
}

async function countDeleted(client: ImapClient): Promise<number> {
  let count = 0;
  await client.ok(['UID SEARCH DELETED'], {
    untagged: (response) => {
      if (response.type === 'data' && response.name === 'SEARCH') count = response.values.length;
    },
  });
  return count;
}

/** What names of a user's own mailboxes begin with (RFC 9051 §6.3.10): `INBOX.` with some servers. */
async function prefixOf(client: ImapClient): Promise<string> {
  if (!client.capabilities.has('NAMESPACE') && !client.capabilities.has('IMAP4REV2')) return '';
  let personal: Value | undefined;
  await client.ok(['NAMESPACE'], {
    untagged: (response) => {
      if (response.type === 'data' && response.name === 'NAMESPACE') personal = response.values[0];
    },
  });
  const [first] = Array.isArray(personal) ? personal : [];
  return Array.isArray(first) ? (textOf(first[0]) ?? '') : '';
}
