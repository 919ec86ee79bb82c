import { resolve } from 'node:path';
import { CommandFailed, orFail } from '../../../command.ts';
import type { Io } from '../../../io.ts';
import type { Kept } from '../../../ops/branches/trash/lot.ts';
import { showProgress } from '../../../output/progress.ts';
import { visible } from '../../../output/visible.ts';
import { listenForStop } from '../../../signals.ts';
import { count } from '../../count.ts';

/**
 * What is in the trash below some folders, the current one where none is named. `finish` ends the command with `partly-done`
 * where some of it could not be looked at, which is told at once.
 */
export async function gather(
  io: Io,
  roots: readonly string[],
): Promise<{ readonly kept: readonly Kept[]; finish(): void }> {
  const { gatherTrash } = await import('../../../ops/branches/trash/gather.ts');
  const signals = listenForStop();
  const progress = showProgress(io, { label: 'Looking for branches in the trash', unit: 'repositories' });
  try {
    const folders = (roots.length === 0 ? ['.'] : roots).map((root) => resolve(io.cwd, root));
    const gathered = await gatherTrash(folders, { signal: signals.stop, onProgress: progress.update });
    progress.end();
    const { kept, unread } = orFail(gathered);
    for (const why of unread) io.say(`Not looked at: ${visible(why)}\n`);
    return { kept, finish: () => failWhere(unread) };
  } finally {
    progress.end();
    signals.dispose();
  }
}

function failWhere(unread: readonly string[]): void {
  if (unread.length === 0) return;
  throw new CommandFailed({ kind: 'partly-done', message: `${count(unread.length, 'place')} could not be looked at.` });
}
