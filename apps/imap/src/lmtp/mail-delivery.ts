/**
 * Delivery into the stores that the sessions of this process have open too: who waits in IDLE hears of it at once. A
 * detail names a folder where there is one of that name, and never makes one: else whoever sends mail could.
 */
import type { Lease } from '../mailbox/leases.ts';
import {
  INBOX,
  isIndexReplaced,
  type MailboxName,
  type MailStore,
  parseMailboxName,
  type StoreResult,
} from '../mailbox/store.ts';
import type { Mail, UserMail } from '../mailbox/user-mail.ts';
import { decodeMailboxName } from '../wire/utf7.ts';
import { type Address, candidatesOf } from './address.ts';
import type { Delivery, NewMail, Recipient } from './delivery.ts';

/** The part of the accounts that is needed here. `find` throws where they cannot be read. */
export interface AccountNames {
  find(name: string): { readonly name: string } | undefined;
}

export function createMailDelivery(accounts: AccountNames, mail: Mail): Delivery {
  return {
    find: (address) => findRecipient(accounts, address),
    async deliver(recipient, message) {
      const first = await deliverOnce(mail, recipient, message);
      // Whoever asks next gets the store opened anew, and it is there that the message belongs.
      return !first.ok && isIndexReplaced(first.error) ? deliverOnce(mail, recipient, message) : first;
    },
  };
}

function findRecipient(accounts: AccountNames, address: Address): Recipient | undefined {
  for (const { account, detail } of candidatesOf(address)) {
    const found = accounts.find(account);
    if (found !== undefined) return { user: found.name, detail };
  }
  return undefined;
}

async function deliverOnce(mail: Mail, { user, detail }: Recipient, message: NewMail): Promise<StoreResult<void>> {
  const lease = await mail.acquire(user);
  if (!lease.ok) return lease;
  try {
    return await store(lease.value, detail, message);
  } finally {
    await lease.value.release();
  }
}

async function store(lease: Lease<UserMail>, detail: string | undefined, message: NewMail): Promise<StoreResult<void>> {
  const { store: mailStore } = lease.value;
  const append = (name: MailboxName) => mailStore.append(name, { content: message.content(), length: message.length });
  try {
    const name = await mailboxFor(mailStore, detail);
    const stored = await append(name);
    const folderIsGone = !stored.ok && stored.error.code === 'no-such-mailbox' && name !== INBOX;
    const landed = folderIsGone ? await append(INBOX) : stored;
    if (!landed.ok && isIndexReplaced(landed.error)) lease.value.abandon();
    return landed.ok ? { ok: true, value: undefined } : landed;
  } catch (error) {
    if (!isIndexReplaced(error)) throw error;
    lease.value.abandon();
    return { ok: false, error: { code: 'index-replaced', message: 'The mail index was replaced.' } };
  }
}

/** The folder that a detail names: spelled so, or in modified UTF-7, or else so but for case; INBOX where there is none. */
async function mailboxFor(mailStore: MailStore, detail: string | undefined): Promise<MailboxName> {
  const wanted = detail === undefined ? [] : spellingsOf(detail);
  if (wanted.length === 0) return INBOX;
  const listed = await mailStore.list();
  if (!listed.ok) return INBOX; // appending tells what is wrong
  const names = listed.value.filter(({ selectable }) => selectable).map(({ name }) => name);
  const exact = wanted.flatMap((text) => names.filter((name) => name === text))[0];
  if (exact !== undefined) return exact;
  const folded = new Set(wanted.map((text) => text.toLowerCase()));
  const similar = names.filter((name) => folded.has(name.normalize('NFC').toLowerCase()));
  return (similar.length === 1 ? similar[0] : undefined) ?? INBOX; // of several nobody knows which was meant
}

function spellingsOf(detail: string): string[] {
  const spellings = [detail, decodeMailboxName(detail) ?? detail].flatMap((text) => [text, text.normalize('NFC')]);
  return [...new Set(spellings)].flatMap((text) => {
    const name = parseMailboxName(text);
    return name.ok ? [name.value] : [];
  });
}
