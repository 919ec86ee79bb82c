/**
 * How what is wrong with a file is mended. Pure.
 *
 * Nothing is thrown away: a file gets another name, mode, owner or date, or is set aside where no mail program looks. What
 * clients were told under a UID stays true: a message whose content is another one than the index knows, or that shares its
 * base name, gets a base name of its own, so that it is a message of its own; one whose name only tells a wrong size stays
 * the message that it is, and its row in the index is renamed along with it.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { deliveryTime, formatInfo, parseInfo, splitFileName } from '../names/file-name.ts';
import { isForbidden } from './check-name.ts';
import type { Fault, FoundFile } from './faults.ts';

export type Remedy =
  | { readonly kind: 'set-aside' }
  /** To another name in the same directory; `withRow`: the index's row goes along, so that the UID stays. */
  | { readonly kind: 'rename'; readonly to: string; readonly withRow: boolean }
  | { readonly kind: 'mode'; readonly from: number; readonly to: number }
  | { readonly kind: 'owner'; readonly from: number; readonly to: number }
  /** Back to the date that the index has, seconds since the epoch. */
  | { readonly kind: 'date'; readonly from: number; readonly to: number };

const ASIDE: readonly Fault[] = ['not-a-file', 'dangling-link', 'stale-tmp', 'two-names'];
/** After these it is another message than any that clients know. */
const ANOTHER: readonly Fault[] = ['forbidden-name', 'duplicate-base', 'index-size'];
const IN_NAME: readonly Fault[] = [...ANOTHER, 'wrong-size', 'wrong-virtual-size', 'unknown-flag', 'unnamed-keyword'];

/** What mends the faults that were found of one file, in this order. Notes, which settle by themselves, need nothing. */
export function remediesOf(file: FoundFile, faults: ReadonlySet<Fault>): readonly Remedy[] {
  const has = (some: readonly Fault[]): boolean => some.some((fault) => faults.has(fault));
  if (has(ASIDE)) return [{ kind: 'set-aside' }];
  const { stat, owner, row } = file;
  const remedies: Remedy[] = [];
  if (has(['open-to-others', 'closed-to-owner'])) {
    const from = stat.mode & 0o7777;
    remedies.push({ kind: 'mode', from, to: (from & ~0o007) | 0o600 });
  }
  if (has(['wrong-owner'])) remedies.push({ kind: 'owner', from: stat.uid, to: owner });
  if (has(IN_NAME)) remedies.push(rename(file, has(ANOTHER)));
  if (has(['index-date']) && !has(ANOTHER) && row?.learnt !== undefined) {
    const [from, to] = [stat.mtimeMs, row.learnt.internalDate].map((ms) => Math.floor(ms / 1_000));
    remedies.push({ kind: 'date', from: from ?? 0, to: to ?? 0 });
  }
  return remedies;
}

function rename(file: FoundFile, isAnother: boolean): Remedy {
  const { base, info } = splitFileName(Buffer.from(file.name).toString());
  const to = isAnother ? freshBase(file) : withSizes(base, file);
  return {
    kind: 'rename',
    to: `${to}${infoOf(file, info)}`,
    withRow: to !== base && !isAnother && file.row !== undefined,
  };
}

/** The base with true sizes. What it claims stays claimed: the index may have the message by just that name. */
function withSizes(base: string, { stat, virtualSize }: FoundFile): string {
  const sized = base.replace(/,S=\d{1,15}(?=,|$)/, `,S=${stat.size}`);
  return virtualSize === undefined ? sized : sized.replace(/,W=\d{1,15}(?=,|$)/, `,W=${virtualSize}`);
}

/** A base of its own for a file: the same whenever it is asked for, and no other file's. */
function freshBase(file: FoundFile): string {
  const { folder, directory, name, stat } = file;
  const hash = createHash('sha256')
    .update(join(folder, directory, '/'))
    .update(name)
    .update(`/${stat.dev}:${stat.ino}`);
  const micros = deliveryTime(Buffer.from(name).toString()) ?? Math.floor(stat.mtimeMs) * 1_000;
  const [seconds, rest] = [Math.floor(micros / 1_000_000), String(micros % 1_000_000).padStart(6, '0')];
  return `${seconds}.M${rest}R${hash.digest('hex').slice(0, 16)}.mended,S=${stat.size}`;
}

/** The flags of a name without the letters that mean nothing; of one that is no message's, those at its end. */
function infoOf({ name, directory, letters = '' }: FoundFile, info: string): string {
  if (isForbidden(name)) {
    const flags = /:2,[A-Za-z]*$/.exec(Buffer.from(name).toString('latin1'))?.[0] ?? '';
    return directory === 'new' ? '' : formatInfo({ ...parseInfo(flags), unknown: '' });
  }
  if (!info.startsWith(':2,')) return info;
  const end = info.indexOf(',', 3);
  const [flags, rest] = end < 0 ? [info.slice(3), ''] : [info.slice(3, end), info.slice(end)];
  return `:2,${[...flags].filter((letter) => !letters.includes(letter)).join('')}${rest}`;
}
