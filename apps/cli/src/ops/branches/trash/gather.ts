import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { findDistinct } from '../../git/repositories.ts';
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
  const kept: Kept[] = [];
  const unread: string[] = [];
  let repositories = 0;
  for await (const found of findDistinct(roots, signal)) {
    if (found.kind === 'unreadable') {
      unread.push(found.message);
      continue;
    }
    const listed = await listTrash(pathText(found.commonDir));
    if (listed.ok) kept.push(...listed.value);
    else unread.push(listed.error.message);
    repositories += 1;
    onProgress?.(repositories);
  }
  if (signal?.aborted === true) return err({ kind: 'interrupted', message: 'Interrupted; nothing was changed.' });
  if (repositories > 0) return ok({ kept, unread });
  const message = [`There is no repository in ${roots.join(', ')}.`, ...unread].join('\n');
  return err({ kind: 'usage', message });
}
