import { join } from 'node:path';
import { renameMessage } from '@scorpiox/maildir';
import { err, ok } from '@scorpiox/shared/result';
import { Type } from 'typebox';
import { storeFailure } from '../../../mail/store.ts';
import { defineAction } from '../../action.ts';
import { pathText } from '../path.ts';
import { ABSENT, stateOf } from '../place.ts';

const Rename = Type.Object({
  maildir: Type.String(),
  indexFile: Type.String(),
  folder: Type.String(),
  directory: Type.Union([Type.Literal('new'), Type.Literal('cur')]),
  from: Type.String(),
  to: Type.String(),
});

const place = ({ maildir, folder, directory }: { maildir: string; folder: string; directory: string }, name: string) =>
  pathText(Buffer.from(join(maildir, folder, directory, name)));

/** Gives a message's file another base name, and its row in the index with it: it keeps its UID. */
export const renameWithRow = defineAction({
  kind: 'rename-message',
  data: Rename,
  look: async (data) => {
    const [from, to] = [place(data, data.from), place(data, data.to)];
    return { [from]: await stateOf(from), [to]: await stateOf(to) };
  },
  foresee: (data, before) => {
    const from = place(data, data.from);
    return { [from]: ABSENT, [place(data, data.to)]: before[from] ?? ABSENT };
  },
  perform: async ({ maildir, indexFile, ...message }) => {
    const renamed = await renameMessage({ maildir, indexFile }, message);
    return renamed.ok ? ok(undefined) : err(storeFailure(renamed.error));
  },
  inverse: (data) => ({
    does: `Give ${place(data, data.to)} its name ${data.from} back.`,
    action: { kind: 'rename-message', data: { ...data, from: data.to, to: data.from } },
  }),
});
