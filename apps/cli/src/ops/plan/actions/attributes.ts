/** Mode, owner and date of a file. A symbolic link in its place is never followed: it may have been put there for root. */
import { constants } from 'node:fs';
import { chmod, lchown, lstat, lutimes, open } from 'node:fs/promises';
import { ok } from '@scorpiox/shared/result';
import { Type } from 'typebox';
import { systemErrorCode } from '../../failure.ts';
import { defineAction } from '../action.ts';
import type { World } from '../plan.ts';
import { pathOf } from './path.ts';
import { ABSENT, stateOf } from './place.ts';

const Change = Type.Object({ path: Type.String(), from: Type.Integer(), to: Type.Integer() });

/** An attribute that is a number: how a state tells it, and how it is set. */
function attribute(
  kind: string,
  does: (path: string, to: number) => string,
  told: (state: string, to: number) => string,
  set: (path: Buffer, to: number) => Promise<void>,
) {
  return defineAction({
    kind,
    data: Change,
    look: async ({ path }) => ({ [path]: await stateOf(path) }),
    foresee: ({ path, to }, before): World => ({ [path]: told(before[path] ?? ABSENT, to) }),
    perform: async ({ path, to }) => {
      await set(pathOf(path), to);
      return ok(undefined);
    },
    inverse: ({ path, from, to }) => ({
      does: does(path, from),
      action: { kind, data: { path, from: to, to: from } },
    }),
  });
}

export const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

/** The rights of a file, as in `chmod`. */
export const setMode = attribute(
  'mode',
  (path, to) => `Set the mode of ${path} back to ${octal(to)}.`,
  (state, to) => state.replace(/mode \d+/, `mode ${octal(to)}`),
  changeMode,
);

/** The user whose file it is. */
export const setOwner = attribute(
  'owner',
  (path, to) => `Give ${path} back to user ${to}.`,
  (state, to) => state.replace(/user \d+/, `user ${to}`),
  async (path, to) => {
    await lchown(path, to, (await lstat(path)).gid);
    await sync(path);
  },
);

/** When a file was last changed, in seconds since the epoch: those can be set exactly. */
export const setDate = attribute(
  'date',
  (path, to) => `Give ${path} the date ${new Date(to * 1_000).toISOString()} back.`,
  (state, to) => state.replace(/bytes of -?\d+/, `bytes of ${to}000000000`),
  async (path, to) => {
    await lutimes(path, to, to);
    await sync(path);
  },
);

const NOT_FOLLOWED = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

async function changeMode(path: Buffer, to: number): Promise<void> {
  try {
    const file = await open(path, NOT_FOLLOWED);
    try {
      await file.chmod(to);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    // Its owner may not open it, and is not root.
    if (systemErrorCode(error) !== 'EACCES') throw error;
    await chmod(path, to);
  }
}

async function sync(path: Buffer): Promise<void> {
  const file = await open(path, NOT_FOLLOWED);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
