/** A symbolic link gets another target. What it points to is never touched, and need not be there. */
import { lchown, lstat, rename, symlink } from 'node:fs/promises';
import { err, ok } from '@scorpiox/shared/result';
import { Type } from 'typebox';
import { defineAction } from '../../plan/action.ts';
import { pathOf } from '../../plan/actions/path.ts';
import { ABSENT, parentOf } from '../../plan/actions/place.ts';
import { syncDirectory } from '../../sync-directory.ts';
import { hasSpare, removeSpare, spareOf } from './spare.ts';
import { lookAtThing, targetOf, withTarget } from './thing.ts';

/** All as `pathText` writes them. */
const Retargeting = Type.Object({ path: Type.String(), from: Type.String(), to: Type.String() });

export const retargetLink = defineAction({
  kind: 'retarget-link',
  data: Retargeting,
  look: lookAtThing,
  foresee: ({ path, from, to }, before) => ({
    [path]: withTarget(before[path] ?? ABSENT, from, to),
  }),
  perform: async ({ path, from, to }) => {
    await removeSpare(path);
    const target = await targetOf(path);
    if (target === to) return ok(undefined);
    if (target !== from) return err({ kind: 'stale', message: `${path} has changed.` });
    await put(path, to);
    return ok(undefined);
  },
  half: async (data) => ((await hasSpare(data.path)) ? lookAtThing(data) : undefined),
  inverse: ({ path, from, to }) => ({
    does: `Let ${path} point to ${from} again.`,
    action: { kind: 'retarget-link', data: { path, from: to, to: from } },
  }),
});

async function put(path: string, to: string): Promise<void> {
  const [place, spare] = [pathOf(path), pathOf(spareOf(path))];
  const { uid, gid } = await lstat(place);
  try {
    await symlink(pathOf(to), spare);
    const own = await lstat(spare);
    if (own.uid !== uid || own.gid !== gid) await lchown(spare, uid, gid);
    await rename(spare, place);
  } finally {
    await removeSpare(path);
  }
  await syncDirectory(pathOf(parentOf(path)));
}
