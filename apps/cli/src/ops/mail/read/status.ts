import type { IndexTrouble, MailReader } from '@scorpiox/maildir';
import type { Config } from '@scorpiox/shared/config';
import { ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { findMailbox, withReader } from './reader.ts';

/** A mailbox; what the index alone tells is null where there is none, or it does not know the mailbox yet. */
export type StatusOfMailbox = {
  readonly user: string;
  readonly mailbox: string;
  readonly uidValidity: number | null;
  readonly uidNext: number | null;
  readonly highestModSeq: number | null;
  readonly mailboxId: string | null;
  readonly messages: number;
  readonly unseen: number;
  readonly recent: number | null;
  readonly deleted: number;
  readonly size: number;
  /** Files that no server has looked at yet. */
  readonly notIndexed: number;
  readonly keywords: string;
  readonly subscribed: boolean;
  readonly specialUse: string;
  readonly textIndexed: number;
};

/** All mail of a user. */
export type StatusOfUser = {
  readonly user: string;
  readonly mailboxes: number;
  readonly messages: number;
  readonly unseen: number;
  readonly size: number;
  readonly notIndexed: number;
  readonly quotaStorage: number | null;
  readonly quotaStorageUsed: number | null;
  readonly quotaMessages: number | null;
  readonly quotaMessagesUsed: number | null;
  readonly index: 'sound' | 'missing' | 'damaged' | 'of another version';
  readonly indexBytes: number;
  /** When it was last copied, ISO 8601. */
  readonly indexCopied: string | null;
  readonly textIndexed: number;
  readonly textBytes: number;
};

export function statusOfMailbox(
  config: Config,
  user: string,
  named: string,
): Promise<Result<StatusOfMailbox, Failure>> {
  return withReader(config, user, async (opened) => {
    const found = findMailbox(opened, named);
    if (!found.ok) return found;
    const { name, folder } = found.value;
    const { reader } = opened;
    const { messages, unseen, deleted, size, notIndexed } = await folder.tally();
    const numbers = reader.numbers(name);
    const listed = (await reader.mailboxes()).find((mailbox) => mailbox.name === name);
    return ok({
      user: opened.user,
      mailbox: name,
      uidValidity: numbers?.uidValidity ?? null,
      uidNext: numbers?.uidNext ?? null,
      highestModSeq: numbers?.highestModSeq ?? null,
      mailboxId: numbers?.mailboxId ?? null,
      ...{ messages, unseen, recent: numbers?.recent ?? null, deleted, size, notIndexed },
      keywords: numbers?.keywords.join(' ') ?? '',
      subscribed: listed?.subscribed ?? false,
      specialUse: listed?.specialUse.join(' ') ?? '',
      textIndexed: reader.indexedTexts(name),
    });
  });
}

export function statusOfUser(config: Config, named: string): Promise<Result<StatusOfUser, Failure>> {
  return withReader(config, named, async ({ user, reader }) => {
    const quota = reader.quota();
    const { trouble, indexBytes, copied, textBytes } = reader.sideFiles();
    return ok({
      user,
      ...(await sums(reader)),
      quotaStorage: quota?.limits.storage ?? null,
      quotaStorageUsed: quota?.used.storage ?? null,
      quotaMessages: quota?.limits.messages ?? null,
      quotaMessagesUsed: quota?.used.messages ?? null,
      index: trouble === undefined ? 'sound' : TROUBLES[trouble],
      indexBytes,
      indexCopied: copied === undefined ? null : new Date(copied).toISOString(),
      textBytes,
    });
  });
}

const TROUBLES: Readonly<Record<IndexTrouble, StatusOfUser['index']>> = {
  'index-missing': 'missing',
  'index-damaged': 'damaged',
  'index-version': 'of another version',
};

type Sums = Pick<StatusOfUser, 'mailboxes' | 'messages' | 'unseen' | 'size' | 'notIndexed' | 'textIndexed'>;

async function sums(reader: MailReader): Promise<Sums> {
  let [mailboxes, messages, unseen, size, notIndexed, textIndexed] = [0, 0, 0, 0, 0, 0];
  for (const { name } of await reader.mailboxes()) {
    const tally = await reader.folder(name)?.tally();
    if (tally === undefined) continue; // it was deleted meanwhile
    mailboxes += 1;
    messages += tally.messages;
    unseen += tally.unseen;
    size += tally.size;
    notIndexed += tally.notIndexed;
    textIndexed += reader.indexedTexts(name);
  }
  return { mailboxes, messages, unseen, size, notIndexed, textIndexed };
}
