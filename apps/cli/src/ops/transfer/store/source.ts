/** A user's mail as a source. */
import type { Mailbox, MailboxInfo, MailboxName, MailStore, MessageRecord } from '@scorpiox/maildir';
import { DELIMITER } from '@scorpiox/maildir';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { storeFailure } from '../../mail/store.ts';
import { type SourceFolder, SourceLost, type SourceMessage, stableName, vanished } from '../model.ts';

/** A mailbox as a source, with its name. */
export interface StoreFolder extends SourceFolder {
  readonly name: MailboxName;
}

/** All mailboxes, or those that are named; `usage` for a name that is none. */
export async function storeFolders(
  store: MailStore,
  names: readonly string[],
): Promise<Result<readonly StoreFolder[], Failure>> {
  const listed = await store.list();
  if (!listed.ok) return err(storeFailure(listed.error));
  const missing = names.find((name) => !listed.value.some((one) => one.name === name && one.selectable));
  if (missing !== undefined) return err({ kind: 'usage', message: `There is no mailbox ${JSON.stringify(missing)}.` });
  const folders: StoreFolder[] = [];
  for (const info of listed.value) {
    if (!info.selectable || (names.length > 0 && !names.includes(info.name))) continue;
    const folder = await folderOf(store, info);
    if (!folder.ok) return folder;
    folders.push(folder.value);
  }
  return ok(folders);
}

async function folderOf(store: MailStore, info: MailboxInfo): Promise<Result<StoreFolder, Failure>> {
  const status = await store.status(info.name, { size: false });
  if (!status.ok) return err(storeFailure(status.error));
  return ok({
    name: info.name,
    path: info.name.split(DELIMITER),
    specialUse: info.specialUse[0],
    subscribed: info.subscribed,
    messages: status.value.messages,
    bytes: undefined,
    state: `${status.value.mailboxId} ${status.value.uidValidity}`,
    read: (signal) => readMessages(store, info.name, signal),
  });
}

async function* readMessages(store: MailStore, name: MailboxName, signal: AbortSignal): AsyncGenerator<SourceMessage> {
  const opened = await store.open(name);
  if (!opened.ok) throw new SourceLost(storeFailure(opened.error));
  const mailbox = opened.value;
  try {
    for await (const records of mailbox.records(undefined, signal)) {
      for (const record of records) yield message(mailbox, record);
    }
  } finally {
    await mailbox.close();
  }
}

const message = (mailbox: Mailbox, { uid, baseName, flags, internalDate, size }: MessageRecord): SourceMessage => ({
  kind: 'message',
  key: stableName(baseName),
  where: `UID ${uid}`,
  flags: [...flags],
  internalDate,
  size,
  open: () => contentOf(mailbox, uid),
});

async function* contentOf(mailbox: Mailbox, uid: MessageRecord['uid']): AsyncGenerator<Uint8Array> {
  const content = await mailbox.open(uid);
  if (!content.ok && content.error.code === 'vanished') throw vanished();
  if (!content.ok) throw new SourceLost(storeFailure(content.error));
  try {
    yield* content.value.stream();
  } finally {
    await content.value.close();
  }
}
