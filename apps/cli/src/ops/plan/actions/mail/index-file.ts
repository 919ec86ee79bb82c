/** The index beside a Maildir, as a whole: set aside, brought back, made. Which one it is does not matter, only whether one is there. */
import { existsSync } from 'node:fs';
import { moveIndex, openMailStore } from '@scorpiox/maildir';
import { err, ok } from '@scorpiox/shared/result';
import { Type } from 'typebox';
import { storeFailure } from '../../../mail/store.ts';
import { defineAction } from '../../action.ts';
import type { World } from '../../plan.ts';
import { ABSENT } from '../place.ts';

const THERE = 'there';

interface IndexPlaces {
  readonly indexFile: string;
  readonly aside: string;
}

const look = async ({ indexFile, aside }: IndexPlaces): Promise<World> =>
  Object.fromEntries([indexFile, aside].map((file) => [`index ${file}`, existsSync(file) ? THERE : ABSENT]));

const world = ({ indexFile, aside }: IndexPlaces, isThere: boolean): World => ({
  [`index ${indexFile}`]: isThere ? THERE : ABSENT,
  [`index ${aside}`]: isThere ? ABSENT : THERE,
});

const Direction = Type.Union([Type.Literal('out'), Type.Literal('back')]);

/** Sets an index aside (`out`), or brings it back. */
export const moveIndexFile = defineAction({
  kind: 'move-index',
  data: Type.Object({ indexFile: Type.String(), aside: Type.String(), direction: Direction }),
  look,
  foresee: (data) => world(data, data.direction === 'back'),
  perform: async ({ indexFile, aside, direction }) => {
    if (await moveIndex(indexFile, aside, direction)) return ok(undefined);
    return err({ kind: 'stale', message: `The index ${indexFile} is not as it was planned.` });
  },
  inverse: ({ indexFile, aside, direction }) => ({
    does: direction === 'out' ? `Bring the index ${aside} back.` : `Set the index ${indexFile} aside to ${aside}.`,
    action: {
      kind: 'move-index',
      data: { indexFile, aside, direction: direction === 'out' ? 'back' : 'out' },
    },
  }),
});

/** Makes an index from the last copy and the files; taken back, it is set `aside`. */
export const makeIndex = defineAction({
  kind: 'make-index',
  data: Type.Object({ maildir: Type.String(), indexFile: Type.String(), aside: Type.String() }),
  look,
  foresee: (data) => world(data, true),
  perform: async ({ maildir, indexFile }) => {
    const opened = await openMailStore({ maildir, indexFile });
    if (!opened.ok) return err(storeFailure(opened.error));
    await opened.value.close();
    return ok(undefined);
  },
  inverse: ({ indexFile, aside }) => ({
    does: `Set the index ${indexFile} aside to ${aside}.`,
    action: { kind: 'move-index', data: { indexFile, aside, direction: 'out' } },
  }),
});
