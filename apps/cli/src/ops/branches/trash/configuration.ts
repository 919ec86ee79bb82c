/** What a repository's own configuration file says of branches, moved by sections: git keeps every value as it stands there. */
import { createHash, type Hash } from 'node:crypto';
import { ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { ABSENT } from '../../plan/actions/place.ts';
import { readEntries, splitEntry } from './entries.ts';
import { gitText } from './git-text.ts';

/** The section of a branch, and the one that keeps it. */
export const sectionOf = (name: string): string => `branch.${name}`;
export const keptSectionOf = (lot: string, name: string): string => `scorpiox-trash.${lot}/${name}`;

/** Tells of a section what is in it, as a state that any change changes; values are not to be told from it. */
export type SectionStates = (section: string) => string;

/** Reads those of a repository. `git branch -D` looks into its own file only, and so does this. */
export async function readSections(repository: string): Promise<Result<SectionStates, Failure>> {
  const entries = await readEntries(repository, 'config');
  if (!entries.ok) return entries;
  const hashes = new Map<string, Hash>();
  for (const entry of entries.value) {
    const { section, rest } = splitEntry(entry);
    if (!/^(?:branch|scorpiox-trash)\../s.test(section)) continue;
    hashes.set(section, (hashes.get(section) ?? createHash('sha256')).update(`${rest}\0`, 'latin1'));
  }
  const states = new Map([...hashes].map(([section, hash]) => [section, `set, ${hash.digest('hex').slice(0, 12)}`]));
  return ok((section) => states.get(Buffer.from(section).toString('latin1')) ?? ABSENT);
}

/** Takes a section out. */
export async function removeSection(repository: string, section: string): Promise<Result<void, Failure>> {
  const removed = await gitText(repository, ['config', '--local', '--remove-section', section]);
  return removed.ok ? ok(undefined) : removed;
}
