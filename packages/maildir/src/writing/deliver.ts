/**
 * Delivers messages: each is written and synced in tmp/ by itself; those that are ready at the same time are moved into
 * place together, share one fsync of the directory and one transaction of the index, and are answered then. A message is
 * whole or absent at every moment; one that has no UID yet when the process dies gets it at the next look.
 */
import { join, relative } from 'node:path';
import type { NewMessage, Uid } from '../api.ts';
import { toInternalDate } from '../content/content.ts';
import type { Delivery, DeliveryFile, Folder, StoreContext } from '../context.ts';
import { StoreFailure } from '../errors.ts';
import { directoryOf, pathOf } from '../files/places.ts';
import { ensureKeywords } from '../folders/keywords.ts';
import { MAX_FILE_NAME, PARALLEL } from '../limits.ts';
import { formatInfo, parseFileName, parseInfo } from '../names/file-name.ts';
import { nameFlags, storeFlags } from '../names/flags.ts';
import { toBaseName } from '../names/ids.ts';
import { type Amount, NOTHING, sum } from '../quota/maildirsize.ts';
import { ensureRoom, release, reserve } from '../quota/quota.ts';
import { enter } from './landed.ts';
import { clearUp, moveIntoPlace, type Placed, removeIfThere, withdraw } from './place.ts';
import { untilAborted, writeTemporary } from './write.ts';

const gone = (): StoreFailure => new StoreFailure('no-such-mailbox', 'The mailbox was deleted meanwhile.');

/** Whether the folder of this name is still this mailbox's: it may have been renamed, and another one made in its place. */
const isOwn = ({ index }: StoreContext, { id, name }: Folder): boolean => index.mailboxes.byId(id)?.folder === name;

/** A message in tmp/, on disk once `synced` resolves. */
interface Ready {
  readonly file: DeliveryFile;
  readonly synced: Promise<void>;
}

async function write(context: StoreContext, folder: Folder, message: NewMessage, closing: AbortSignal): Promise<Ready> {
  const { flags: wanted = [] } = message;
  const internalDate = toInternalDate(message.internalDate ?? context.clock());
  message.signal?.throwIfAborted();
  const named = nameFlags(wanted);
  const keywords = named.keywords.length === 0 ? [] : await ensureKeywords(context, folder, named.keywords);
  const flags = storeFlags(named, keywords);
  const length = message.content instanceof Uint8Array ? message.content.length : message.length;
  await ensureRoom(context, { storage: length ?? 0, messages: 1 });
  const name = context.newBase();
  const temporary = join(folder.path, 'tmp', name);
  const { sizes, synced } = await writeTemporary(context.fs, temporary, message, internalDate, closing);
  const inNew = wanted.length === 0;
  const place = { inNew, info: inNew ? '' : formatInfo({ ...parseInfo(''), mask: flags.mask }) };
  const base = givenBase(message, place.info) ?? `${name},S=${sizes.size},W=${sizes.virtualSize}`;
  const landed = { base, place, flags, internalDate, sizes, details: 'counted', emailId: undefined } as const;
  return { file: { temporary, path: pathOf(folder.path, toBaseName(base), place), landed }, synced };
}

/** The base name that the message comes with, where a file can have it. */
function givenBase({ baseName }: NewMessage, info: string): string | undefined {
  if (baseName === undefined || Buffer.byteLength(baseName + info) > MAX_FILE_NAME) return undefined;
  return baseName.includes('/') || parseFileName(baseName + info)?.base !== baseName ? undefined : baseName;
}

/** Delivers one message; durable, with its UID, when it resolves. */
export async function deliver(context: StoreContext, folder: Folder, message: NewMessage): Promise<Uid> {
  const [uid] = await deliverAll(context, folder, [message]);
  if (uid === undefined) throw new Error('A message that was delivered has no UID.');
  return uid;
}

/**
 * Delivers all of the messages or none (RFC 3502), in their order; durable, with their UIDs, when it resolves. Each
 * content is read to its end before the next message is asked for.
 */
export function deliverAll(
  context: StoreContext,
  folder: Folder,
  messages: AsyncIterable<NewMessage> | Iterable<NewMessage>,
): Promise<readonly Uid[]> {
  return context.underway.run(async (closing) => {
    const { ready, signal } = await writeAll(context, folder, messages, closing);
    if (ready.length === 0) return [];
    const files = ready.map(({ file }) => file);
    return new Promise((answer, refuse) => {
      const delivery = { folder, files, amount: amountOf(files), signal, answer, refuse, noted: false, placed: 0 };
      context.deliveries.add(folder.id, delivery, (group) => land(context, group));
    });
  });
}

/** Writes all messages to tmp/, synced; leaves nothing behind when it rejects. */
async function writeAll(
  context: StoreContext,
  folder: Folder,
  messages: AsyncIterable<NewMessage> | Iterable<NewMessage>,
  closing: AbortSignal,
): Promise<{ readonly ready: readonly Ready[]; readonly signal: AbortSignal | undefined }> {
  const ready: Ready[] = [];
  let signal: AbortSignal | undefined;
  try {
    for await (const message of untilAborted(messages, closing)) {
      ({ signal } = message);
      const one = await write(context, folder, message, closing);
      one.synced.catch(() => undefined); // asked for below; several may fail at once
      ready.push(one);
      await ready.at(-PARALLEL)?.synced; // as many files are open at once, not more
    }
    for (const { synced } of ready) await synced;
    signal?.throwIfAborted();
    return { ready, signal };
  } catch (error) {
    await clearUp(context, () => discard(context, ready));
    throw error;
  }
}

/** Removes what was written to tmp/, once nothing is being written any more. */
async function discard(context: StoreContext, ready: readonly Ready[]): Promise<void> {
  await Promise.allSettled(ready.map(({ synced }) => synced));
  for (const { file } of ready) await removeIfThere(context.fs, file.temporary);
}

const amountOf = (files: readonly DeliveryFile[]): Amount => ({
  storage: files.reduce((size, { landed }) => size + landed.sizes.size, 0),
  messages: files.length,
});

/** Answers deliveries that failed, when nothing of them is left. Refused is refused: the sender will try again. */
async function refuseAll(context: StoreContext, deliveries: readonly Delivery[], error: unknown): Promise<void> {
  await withdrawAll(context, deliveries);
  await clearUp(context, async () => {
    for (const { files } of deliveries) {
      for (const { temporary } of files) await removeIfThere(context.fs, temporary);
    }
  });
  const noted = deliveries.filter((delivery) => delivery.noted).map(({ amount }) => amount);
  await clearUp(context, async () => release(context, noted.reduce(sum, NOTHING)));
  for (const delivery of deliveries) delivery.refuse(error);
}

/** Takes away what may be in place; all at once, so that a directory is synced, or read, once. */
async function withdrawAll(context: StoreContext, deliveries: readonly Delivery[]): Promise<void> {
  const folders = new Map<string, Placed[]>();
  for (const { folder, files, placed } of deliveries) {
    // Where the folder was renamed meanwhile, the files went along, or are just in its successor.
    const now = join(context.maildir, context.index.mailboxes.byId(folder.id)?.folder ?? folder.name);
    for (const root of placed === 0 ? [] : new Set([folder.path, now])) {
      const found = folders.get(root) ?? [];
      for (const { path, landed } of files.slice(0, placed)) {
        found.push({ path: join(root, relative(folder.path, path)), base: landed.base });
      }
      folders.set(root, found);
    }
  }
  for (const [path, placed] of folders) await clearUp(context, () => withdraw(context, path, placed));
}

/** Those that have room in the quota; the others are refused. */
async function admit(context: StoreContext, group: readonly Delivery[]): Promise<readonly Delivery[]> {
  const amounts = group.map(({ amount }) => amount);
  const answers = await reserve(context, amounts);
  const admitted: Delivery[] = [];
  for (const [at, delivery] of group.entries()) {
    delivery.noted = answers[at] === undefined;
    if (delivery.noted) admitted.push(delivery);
    else await refuseAll(context, [delivery], answers[at]);
  }
  return admitted;
}

/** Renames what they bring into place, by calls that no other turn of the loop comes between; one that fails is refused. */
async function place(context: StoreContext, deliveries: readonly Delivery[]): Promise<readonly Delivery[]> {
  const placed: Delivery[] = [];
  const failed: (readonly [Delivery, unknown])[] = [];
  for (const delivery of deliveries) {
    try {
      delivery.signal?.throwIfAborted();
      if (!isOwn(context, delivery.folder)) throw gone();
      for (const { temporary, path } of delivery.files) {
        moveIntoPlace(context.fs.now, temporary, path);
        delivery.placed += 1;
      }
      placed.push(delivery);
    } catch (error) {
      failed.push([delivery, error]);
    }
  }
  for (const [delivery, error] of failed) await refuseAll(context, [delivery], error);
  return placed;
}

async function syncDirectories(context: StoreContext, deliveries: readonly Delivery[]): Promise<void> {
  const touched = new Set<string>();
  for (const { folder, files } of deliveries) {
    for (const { landed } of files) touched.add(directoryOf(folder.path, landed.place.inNew));
  }
  await Promise.all([...touched].map((directory) => context.fs.syncDirectory(directory)));
}

/** Enters a group; runs inside a write transaction. All of its folders are one mailbox's. */
function enterAll(context: StoreContext, deliveries: readonly Delivery[]): readonly (readonly Uid[])[] {
  const { mailboxes } = context.index;
  let given: number | undefined;
  return deliveries.map(({ folder, files }) => {
    if (!isOwn(context, folder)) throw gone();
    const modSeq = (): number => {
      given ??= mailboxes.nextModSeq(folder.id);
      if (given === undefined) throw gone();
      return given;
    };
    const uids: Uid[] = [];
    for (const { landed } of files) {
      const uid = enter(context, folder, landed, modSeq, uids.at(-1));
      if (uid === undefined) throw gone();
      uids.push(uid);
    }
    return uids;
  });
}

/** Moves a group into place and answers each delivery of it. One that fails by itself does not concern the others. */
async function land(context: StoreContext, group: readonly Delivery[]): Promise<void> {
  let left = group;
  try {
    left = await admit(context, group);
    left = await place(context, left);
    const [first] = left;
    if (first === undefined) return;
    await syncDirectories(context, left);
    const uids = await context.index.db.write(() => enterAll(context, left));
    context.index.committed(first.folder.id);
    for (const [at, delivery] of left.entries()) delivery.answer(uids[at] ?? []);
  } catch (error) {
    await refuseAll(context, left, error);
  }
}
