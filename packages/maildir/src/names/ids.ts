/** The only places that make branded identifiers: what calls these has checked or read back what it passes. */
import type { BaseName, MailboxName, ModSeq, ObjectId, Uid, UidValidity } from '../api.ts';

// A brand has no runtime shape; these casts state where each value comes from.

/** From the index, where UIDs are given in ascending order from 1. */
export const toUid = (value: number): Uid => value as Uid;
/** A UID that was written down or received, 1 … 2^32-1; undefined for any other number. Whether a message has it is not said. */
export const parseUid = (value: number): Uid | undefined =>
  Number.isInteger(value) && value >= 1 && value < 2 ** 32 ? toUid(value) : undefined;
/** A modification sequence that was written down or received, 1 … 2^53-1; undefined for any other number. */
export const parseModSeq = (value: number): ModSeq | undefined =>
  Number.isSafeInteger(value) && value >= 1 ? toModSeq(value) : undefined;
/** From the index, where mod-sequences only rise. */
export const toModSeq = (value: number): ModSeq => value as ModSeq;
/** From the index; never 0. */
export const toUidValidity = (value: number): UidValidity => value as UidValidity;
/** A file name's part before `:`, from a directory or from the base name generator. */
export const toBaseName = (value: string): BaseName => value as BaseName;
/** Only after `parseMailboxName` has checked it. */
export const toMailboxName = (value: string): MailboxName => value as MailboxName;
/** Hexadecimal digits behind a letter, or read back from the index. */
export const toObjectId = (value: string): ObjectId => value as ObjectId;
