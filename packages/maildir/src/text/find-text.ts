/** What mailboxes and stores make of the text index; without one, and where it fails, every message is left to be read. */
import type { FindTextOptions, TextHits, TextIndexStatus, TextScope, Uid } from '../api.ts';
import type { StoreContext } from '../context.ts';
import { StoreFailure } from '../errors.ts';
import * as folders from '../folders/folders.ts';
import { bytesOf, type TextMailbox } from '../index/text-db.ts';
import { toUid } from '../names/ids.ts';
import { FolderSync } from '../sync/sync.ts';

/** @param all the UIDs of the mailbox now, ascending */
export async function findText(
  context: StoreContext,
  mailbox: TextMailbox,
  asked: { readonly text: string; readonly scope: TextScope },
  options: FindTextOptions,
  all: () => Uint32Array,
): Promise<TextHits> {
  const { signal } = options;
  signal?.throwIfAborted();
  const uids = options.uids === undefined ? undefined : Uint32Array.from(new Set(options.uids)).sort();
  const found = await context.text?.find({ mailbox, ...asked, uids }, signal).catch((error: unknown) => {
    if (!(error instanceof StoreFailure) || context.text?.isClosed === true) throw error;
    context.log({ level: 'warn', code: 'text-index-failed', message: error.message });
    return undefined;
  });
  if (found !== undefined) return { hits: toUids(found.hits), unindexed: toUids(found.unindexed) };
  const present = new Set(all());
  return { hits: [], unindexed: toUids(uids === undefined ? present : uids.filter((uid) => present.has(uid))) };
}

const toUids = (uids: Iterable<number>): Uid[] => Array.from(uids, toUid);

export async function textIndexStatus(context: StoreContext): Promise<TextIndexStatus> {
  const indexed = await context.text?.counts();
  const mailboxes: TextIndexStatus['mailboxes'][number][] = [];
  for (const { name, selectable } of await folders.listMailboxes(context)) {
    if (!selectable) continue;
    const { id } = await folders.findFolder(context, name);
    const messages = context.index.uids.count(id);
    mailboxes.push({ name, messages, indexed: Math.min(messages, indexed?.get(id) ?? 0) });
  }
  return { mailboxes, bytes: bytesOf(context.textFile) };
}

/** Looks at every mailbox, then waits until the text of all their messages is there. */
export async function buildTextIndex(context: StoreContext, signal: AbortSignal | undefined): Promise<TextIndexStatus> {
  if (context.text === undefined) {
    throw new StoreFailure('not-permitted', 'This mail store was opened without a text index.');
  }
  for (const { name, selectable } of await folders.listMailboxes(context)) {
    signal?.throwIfAborted();
    if (selectable) await new FolderSync(context, await folders.findFolder(context, name)).look();
  }
  await context.text.build(signal);
  return textIndexStatus(context);
}
