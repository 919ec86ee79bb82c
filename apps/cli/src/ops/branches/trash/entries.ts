/** The entries of a repository's own configuration, as git lists them: octet by octet, as latin1. */
import { ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { gitBytes } from './git-text.ts';
import { placeOf } from './lot.ts';

/** Reads those of a file beside the repository's references: `config`, or its lock. */
export async function readEntries(repository: string, file: string): Promise<Result<readonly string[], Failure>> {
  // By a relative path: the whole one may be no text, as an argument has to be.
  const path = placeOf(repository) === repository ? file : `.git/${file}`;
  const listed = await gitBytes(repository, ['config', '--file', path, '--no-includes', '--list', '-z']);
  return listed.ok ? ok(listed.value.toString('latin1').split('\0').slice(0, -1)) : listed;
}

/** An entry is `section.key`, and its value behind a line feed; the section's own name may hold dots. */
export function splitEntry(entry: string): { readonly section: string; readonly rest: string } {
  const [key = ''] = entry.split('\n', 1);
  const dot = Math.max(0, key.lastIndexOf('.'));
  return { section: entry.slice(0, dot), rest: entry.slice(dot) };
}
