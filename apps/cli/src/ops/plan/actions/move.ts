import { rename } from 'node:fs/promises';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Static, Type } from 'typebox';
import type { Failure } from '../../failure.ts';
import { syncDirectory } from '../../sync-directory.ts';
import { type ActionSpec, defineAction } from '../action.ts';
import { pathOf } from './path.ts';
import { ABSENT, makeFolder, parentOf, removeEmpty, stateOf } from './place.ts';

const Move = Type.Object({
  from: Type.String(),
  to: Type.String(),
  /** Whether the folders above `to` are made, or those above `from` removed where nothing is left in them. */
  folders: Type.Optional(Type.Union([Type.Literal('make'), Type.Literal('tidy')])),
});

/**
 * Gives a file or a folder another name on the same file system. Nothing is ever replaced: a thing at the new name is a
 * reason not to begin. Paths are as `pathText` writes them.
 */
export const MOVE: ActionSpec<typeof Move> = {
  kind: 'move',
  data: Move,
  look: async ({ from, to }) => ({ [from]: await stateOf(from), [to]: await stateOf(to) }),
  foresee: ({ from, to }, before) => ({ [from]: ABSENT, [to]: before[from] ?? ABSENT }),
  perform: async ({ from, to, folders }) => {
    const free = await isFree(to);
    if (!free.ok) return free;
    if (folders === 'make') await makeFolder(parentOf(to));
    await rename(pathOf(from), pathOf(to));
    await syncDirectory(pathOf(parentOf(to)));
    await syncDirectory(pathOf(parentOf(from)));
    if (folders === 'tidy') await removeEmpty(parentOf(from));
    return ok(undefined);
  },
  inverse: (data) => ({
    does: `Move ${data.to} back to ${data.from}.`,
    action: { kind: 'move', data: reversed(data) },
  }),
};

export const move = defineAction(MOVE);

/** The move that takes a move back. */
export const reversed = ({ from, to, folders }: Static<typeof Move>): Static<typeof Move> => ({
  from: to,
  to: from,
  ...opposite(folders),
});

function opposite(folders: Static<typeof Move>['folders']): Pick<Static<typeof Move>, 'folders'> {
  if (folders === undefined) return {};
  return { folders: folders === 'make' ? 'tidy' : 'make' };
}

async function isFree(to: string): Promise<Result<void, Failure>> {
  if ((await stateOf(to)) === ABSENT) return ok(undefined);
  return err({ kind: 'refused', message: `Something lies at ${to} already.` });
}
