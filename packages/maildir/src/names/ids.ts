/** The only places that make branded identifiers: what calls these has checked or read back what it passes. */
import type { BaseName, MailboxName, ModSeq, ObjectId, Uid, UidValidity } from '../api.ts';

// A brand has no runtime shape; these casts state where each value comes from.

/** From the index, where UIDs are given in ascending order from 1. */
export const toUid = (value: number): Uid => value as Uid;
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
