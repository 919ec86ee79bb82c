/** What the index says of a message, as rows of its tables. */
import type { BaseName, ObjectId, Uid } from '../api.ts';
import type { Place } from '../files/places.ts';
import { toBaseName, toObjectId, toUid } from '../names/ids.ts';
import { integer, numbers, type Row, text, texts } from './row.ts';

/** A message's row. */
export interface MessageRow extends Place {
  readonly uid: Uid;
  readonly modSeq: number;
  readonly base: BaseName;
  readonly mask: number;
  readonly extra: string;
  readonly recent: boolean;
  readonly internalDate: number;
  readonly size: number;
  readonly virtualSize: number;
  readonly details: Details;
  /** When the message came into the mailbox, milliseconds since the epoch. */
  readonly saveDate: number;
  /** Undefined while it follows from the base name. */
  readonly emailId: ObjectId | undefined;
}

/** What is known of a message's file: its name; its date and presumable sizes; its date and sizes as counted. */
export type Details = 'name' | 'claimed' | 'counted';
export const DETAILS: readonly Details[] = ['name', 'claimed', 'counted'];

/** What a `MessageState` is made of. */
export type StateRow = Pick<MessageRow, 'uid' | 'modSeq' | 'mask' | 'extra' | 'recent'>;

/** What a look at a file tells beyond its name. */
export type Learnt = Pick<MessageRow, 'internalDate' | 'size' | 'virtualSize' | 'details'>;

/** A file of which only the name is known. */
export type NamedRow = Pick<MessageRow, 'base' | 'inNew' | 'info' | 'mask' | 'extra' | 'recent' | 'saveDate'>;

/** One that nothing but its name tells of. */
export type FoundRow = Pick<MessageRow, 'base' | 'inNew' | 'info' | 'mask' | 'recent'>;

/** A row without what the index itself gives. */
export type NewRow = Omit<MessageRow, 'uid' | 'modSeq'>;

/** What can change in a row. */
export type RowUpdate = Pick<MessageRow, 'inNew' | 'info' | 'mask' | 'extra'>;

/** What reconciliation compares. */
export interface PlaceRow extends Place {
  readonly uid: Uid;
  readonly base: BaseName;
}

export const toPlaceRow = (row: Row): PlaceRow => ({
  uid: toUid(integer(row, 'uid')),
  base: toBaseName(text(row, 'base')),
  inNew: integer(row, 'in_new') === 1,
  info: text(row, 'info'),
});

export const toStateRow = (row: Row): StateRow => ({
  uid: toUid(integer(row, 'uid')),
  modSeq: integer(row, 'modseq'),
  mask: integer(row, 'mask'),
  extra: text(row, 'extra'),
  recent: integer(row, 'recent') === 1,
});

/** The rows that one of STATES stands for. */
export function toStateRows(row: Row | undefined): StateRow[] {
  const [modSeqs, masks, recents] = [numbers(row, 'modseqs'), numbers(row, 'masks'), numbers(row, 'recents')];
  const extras = texts(row, 'extras'); // as many of each, since one statement makes all of them
  return numbers(row, 'uids').map((uid, at) => ({
    uid: toUid(uid),
    modSeq: modSeqs[at] ?? 0,
    mask: masks[at] ?? 0,
    extra: extras[at] ?? '',
    recent: recents[at] === 1,
  }));
}

export const toUidOf = (row: Row): Uid => toUid(integer(row, 'uid'));

export const toMessageRow = (row: Row): MessageRow => ({
  ...toStateRow(row),
  base: toBaseName(text(row, 'base')),
  inNew: integer(row, 'in_new') === 1,
  info: text(row, 'info'),
  internalDate: integer(row, 'internal_date'),
  size: integer(row, 'size'),
  virtualSize: integer(row, 'virtual_size'),
  details: DETAILS[integer(row, 'details')] ?? 'name',
  saveDate: integer(row, 'save_date'),
  emailId: text(row, 'email_id') === '' ? undefined : toObjectId(text(row, 'email_id')),
});

/** Selects what `toStateRow` takes. */
export const STATE = 'SELECT uid, modseq, mask, extra, recent FROM messages WHERE mailbox = ?';
/** Selects all of those that are in one row, for `toStateRows`. */
export const STATES = `SELECT json_group_array(uid) AS uids, json_group_array(modseq) AS modseqs, json_group_array(mask) AS masks,
  json_group_array(extra) AS extras, json_group_array(recent) AS recents`;
