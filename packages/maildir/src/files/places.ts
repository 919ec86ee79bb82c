/** Paths of messages in a folder. */
import { join } from 'node:path';
import type { BaseName } from '../api.ts';

/** Where a message's file is, and how it is called there. */
export interface Place {
  /** In new/, else in cur/. */
  readonly inNew: boolean;
  /** The file name after the base. */
  readonly info: string;
}

export const directoryOf = (folder: string, inNew: boolean): string => join(folder, inNew ? 'new' : 'cur');

export const pathOf = (folder: string, base: BaseName, place: Place): string =>
  join(directoryOf(folder, place.inNew), base + place.info);

export const samePlace = (a: Place, b: Place): boolean => a.inNew === b.inNew && a.info === b.info;
