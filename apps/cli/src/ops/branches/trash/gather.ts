import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { findRepositories } from '../../git/repositories.ts';
import { pathText } from '../../plan/actions/path.ts';
import { listTrash } from './list.ts';
import type { Kept } from './lot.ts';

interface Gathering {
  readonly signal?: AbortSignal;
  /** How many repositories were looked at. */
  readonly onProgress?: (done: number) => void;
}

export interface Gathered {
  readonly kept: readonly Kept[];
  /** What could not be looked at: sentences. */
  readonly unread: readonly string[];
}

/** What is in the trash of the repositories below some folders, which are absolute paths. */
export async function gatherTrash(
  roots: readonly string[],
  { signal, onProgress }: Gathering = {},
): Promise<Result<Gathered, Failure>> {
  const seen = new Set<string>();
  const kept: Kept[] = [];
  const unread: string[] = [];
  for await (const found of findRepositories(roots, signal)) {
    if (found.kind === 'unreadable') unread.push(found.message);
    else if (seen.size !== seen.add(pathText(found.commonDir)).size) {
      const listed = await listTrash(pathText(found.commonDir));
      if (listed.ok) kept.push(...listed.value);
      else unread.push(listed.error.message);
      onProgress?.(seen.size);
    }
  }
  if (signal?.aborted === true) return err({ kind: 'interrupted', message: 'Interrupted; nothing was changed.' });
  if (seen.size > 0) return ok({ kept, unread });
  const message = [`There is no repository in ${roots.join(', ')}.`, ...unread].join('\n');
  return err({ kind: 'usage', message });
}
