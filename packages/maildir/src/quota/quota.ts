/**
 * Keeps the quota of a store in `maildirsize`, together with other programs that do so: each addition is noted before
 * the message lands, each removal afterwards, by one appended line. Counting anew is for a file that has grown too long, is
 * broken, or says that there is no room although it was not just counted. Without the file there is no quota, and no cost
 * but a look for it.
 */
import { join } from 'node:path';
import type { Quota, QuotaLimits } from '../api.ts';
import type { StoreContext } from '../context.ts';
import { StoreFailure } from '../errors.ts';
import { MAX_QUOTA, QUOTA_ATTEMPTS, QUOTA_FILE_SIZE, QUOTA_STALE } from '../limits.ts';
import { removeIfThere } from '../writing/place.ts';
import { countStore } from './count.ts';
import {
  type Amount,
  exceeds,
  formatAmount,
  formatSizeFile,
  hasLimit,
  isNothing,
  NOTHING,
  negative,
  parseSizeFile,
  QUOTA_FILE,
  type SizeFile,
  sum,
} from './maildirsize.ts';

const pathOf = ({ maildir }: StoreContext): string => join(maildir, QUOTA_FILE);

/** Whether the store has a quota: what it costs to keep is paid only then. */
export const hasQuota = (context: StoreContext): boolean => context.fs.now.stat(pathOf(context)) !== undefined;

/** Most stores have none: to look first costs each delivery a tenth of a failed attempt to read. */
const readNow = (context: StoreContext): string | undefined =>
  context.fs.now.exists(pathOf(context)) ? context.fs.now.readText(pathOf(context)) : undefined;

/** Counts the store and writes the file anew, unless somebody keeps changing it: then the last count is as good as any. */
async function recount(context: StoreContext, limits: QuotaLimits): Promise<SizeFile> {
  for (let attempt = 1; ; attempt += 1) {
    const before = readNow(context);
    const used = await countStore(context);
    const written = await context.index.db.write(() => {
      if (attempt < QUOTA_ATTEMPTS && readNow(context) !== before) return false;
      context.fs.now.replaceText(pathOf(context), formatSizeFile(limits, used));
      return true;
    });
    if (written) return { limits, used, lines: 1, valid: true };
  }
}

/** The file as it is, counted anew where it cannot be relied on; undefined where there is none. */
async function current(context: StoreContext, wanted: Amount): Promise<SizeFile | undefined> {
  const text = readNow(context);
  if (text === undefined) return undefined;
  const file = parseSizeFile(text);
  if (!hasLimit(file.limits)) return undefined;
  if (!file.valid || text.length >= QUOTA_FILE_SIZE) return recount(context, file.limits);
  if (!exceeds(file.limits, sum(file.used, wanted))) return file;
  const mtime = Number((context.fs.now.stat(pathOf(context))?.mtime ?? 0n) / 1_000_000n);
  const isFresh = file.lines === 1 && mtime > context.fs.time() - QUOTA_STALE;
  return isFresh ? file : recount(context, file.limits);
}

const part = (what: string, used: number, limit: number | undefined): string =>
  limit === undefined ? '' : ` ${used} of ${limit} ${what} are used.`;

function refused({ limits, used }: Quota): StoreFailure {
  const parts = part('bytes', used.storage, limits.storage) + part('messages', used.messages, limits.messages);
  return new StoreFailure(
    'quota-exceeded',
    `There is no room left in the quota:${parts} Delete messages to make room.`,
  );
}

/** Throws `quota-exceeded` where this much has no room, and notes nothing: for what has not been written yet. */
export async function ensureRoom(context: StoreContext, wanted: Amount): Promise<void> {
  const file = await current(context, wanted);
  if (file !== undefined && exceeds(file.limits, sum(file.used, wanted))) throw refused(file);
}

/**
 * Notes what is about to land, by one line for all. Answers for each in its order: undefined where it has room, else why
 * it may not land.
 */
export async function reserve(
  context: StoreContext,
  amounts: readonly Amount[],
): Promise<readonly (StoreFailure | undefined)[]> {
  const file = await current(context, amounts.reduce(sum, NOTHING));
  if (file === undefined) return amounts.map(() => undefined);
  let total = NOTHING;
  const answers = amounts.map((amount) => {
    const used = sum(file.used, sum(total, amount));
    if (exceeds(file.limits, used)) return refused({ ...file, used: sum(file.used, total) });
    total = sum(total, amount);
    return undefined;
  });
  note(context, total);
  return answers;
}

/** Appends what came or, negative, went. */
function note(context: StoreContext, amount: Amount): void {
  if (!isNothing(amount)) context.fs.now.appendText(pathOf(context), formatAmount(amount));
}

/** Notes that this much is gone, or did not land after all. */
export const release = (context: StoreContext, amount: Amount): void => note(context, negative(amount));

/** The quota and what is used of it; undefined where none is set. */
export async function readQuota(context: StoreContext): Promise<Quota | undefined> {
  const file = await current(context, NOTHING);
  return file === undefined ? undefined : { limits: file.limits, used: file.used };
}

/** In `maildirsize` 0 means that there is no limit, and anything but digits nothing: neither may become one by mistake. */
function checkLimit(limit: number | undefined): void {
  if (limit === undefined || (Number.isInteger(limit) && limit >= 1 && limit <= MAX_QUOTA)) return;
  throw new RangeError(`A limit of a quota has to be a whole number, 1 to ${MAX_QUOTA}, or undefined.`);
}

/** Sets the limits, counting anew, or takes the quota away. Durable when it resolves. */
export async function setQuota(context: StoreContext, limits: QuotaLimits | undefined): Promise<void> {
  for (const limit of [limits?.storage, limits?.messages]) checkLimit(limit);
  if (limits !== undefined && hasLimit(limits)) {
    await recount(context, limits);
    return;
  }
  await removeIfThere(context.fs, pathOf(context));
  await context.fs.syncDirectory(context.maildir);
}
