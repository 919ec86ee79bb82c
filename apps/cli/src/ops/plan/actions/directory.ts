import { rmdir } from 'node:fs/promises';
import { ok } from '@scorpiox/shared/result';
import { Type } from 'typebox';
import { syncDirectory } from '../../sync-directory.ts';
import { defineAction } from '../action.ts';
import type { World } from '../plan.ts';
import { pathOf } from './path.ts';
import { ABSENT, makeFolder, parentOf, stateOf } from './place.ts';

const Directory = Type.Object({ path: Type.String() });
const THERE = 'there';

/** Which directory it is does not matter: one that another program makes meanwhile is as good. */
const look = async ({ path }: { path: string }): Promise<World> => ({
  [path]: (await stateOf(path)) === ABSENT ? ABSENT : THERE,
});

export const makeDirectory = defineAction({
  kind: 'make-directory',
  data: Directory,
  look,
  foresee: ({ path }) => ({ [path]: THERE }),
  perform: async ({ path }) => {
    await makeFolder(path);
    return ok(undefined);
  },
  inverse: ({ path }) => ({
    does: `Remove the empty directory ${path}.`,
    action: { kind: 'remove-directory', data: { path } },
  }),
});

/** Fails where it is not empty. */
export const removeDirectory = defineAction({
  kind: 'remove-directory',
  data: Directory,
  look,
  foresee: ({ path }) => ({ [path]: ABSENT }),
  perform: async ({ path }) => {
    await rmdir(pathOf(path));
    await syncDirectory(pathOf(parentOf(path)));
    return ok(undefined);
  },
  inverse: ({ path }) => ({
    does: `Make the directory ${path}.`,
    action: { kind: 'make-directory', data: { path } },
  }),
});
