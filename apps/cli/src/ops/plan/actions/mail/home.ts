/** A user's mail as a whole: Maildir, index and all that lies beside them. It is moved or removed while nobody has it open. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isOpenElsewhere } from '@scorpiox/maildir';
import { ok } from '@scorpiox/shared/result';
import { Type } from 'typebox';
import { syncDirectory } from '../../../sync-directory.ts';
import { defineAction } from '../../action.ts';
import type { World } from '../../plan.ts';
import { MOVE, reversed } from '../move.ts';
import { pathOf } from '../path.ts';
import { ABSENT, parentOf, stateOf } from '../place.ts';

/** The state of a home that some program has open. */
export const SOMEBODY = 'somebody';
const NOBODY = 'nobody';

const readerOf = (user: string): string => `who has the mail of ${user} open`;

/** Whether anybody has the mail open, wherever it lies. */
function reader(user: string, homes: readonly string[]): World {
  const isOpen = homes.some((home) => isOpenIndex(join(pathOf(home).toString(), 'index.db')));
  return { [readerOf(user)]: isOpen ? SOMEBODY : NOBODY };
}

function isOpenIndex(file: string): boolean {
  try {
    return isOpenElsewhere(file);
  } catch {
    return false; // a damaged index is nobody's
  }
}

export const moveMail = defineAction({
  kind: 'move-mail',
  data: Type.Object({ ...MOVE.data.properties, user: Type.String() }),
  look: async ({ user, ...data }) => ({ ...(await MOVE.look(data)), ...reader(user, [data.from, data.to]) }),
  foresee: ({ user, ...data }, before) => ({ ...MOVE.foresee(data, before), [readerOf(user)]: NOBODY }),
  perform: ({ user: _, ...data }) => MOVE.perform(data),
  inverse: ({ user, ...data }) => ({
    does: `Move the mail of ${user} back to ${data.from}.`,
    action: { kind: 'move-mail', data: { ...reversed(data), user } },
  }),
});

/** Removes all of a user's mail, for good. */
export const removeMail = defineAction({
  kind: 'remove-mail',
  data: Type.Object({ user: Type.String(), home: Type.String() }),
  look: async ({ user, home }) => ({ [home]: await fullStateOf(home), ...reader(user, [home]) }),
  foresee: ({ user, home }) => ({ [home]: ABSENT, [readerOf(user)]: NOBODY }),
  perform: async ({ home }) => {
    await rm(pathOf(home), { recursive: true, maxRetries: 2 });
    await syncDirectory(pathOf(parentOf(home)));
    return ok(undefined);
  },
  inverse: () => undefined,
});

/** With how much is in it: a removal that was cut short has left less. */
async function fullStateOf(home: string): Promise<string> {
  const state = await stateOf(home);
  if (state === ABSENT) return state;
  return `${state}, ${(await readdir(pathOf(home).toString(), { recursive: true, encoding: 'latin1' })).length} entries`;
}
