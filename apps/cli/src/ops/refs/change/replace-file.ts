/**
 * A path is replaced in a file, and the file's octets are put back. What it held is kept before it is changed
 * (originals.ts): a replacing the other way would not give the same octets again.
 */
import { Type } from 'typebox';
import { type ActionSpec, defineAction } from '../../plan/action.ts';
import { ABSENT } from '../../plan/actions/place.ts';
import { type AbsolutePath, parseAbsolutePath } from '../absolute-path.ts';
import { windowsOf } from './contents.ts';
import { exchange } from './exchange.ts';
import { keepOriginal, original } from './originals.ts';
import { rewritten } from './rewritten.ts';
import { hasSpare } from './spare.ts';
import { lookAtThing, withContent } from './thing.ts';

const Replacement = Type.Object({
  /** As `pathText` writes it. */
  path: Type.String(),
  /** The path that is replaced, and by which. */
  find: Type.String(),
  put: Type.String(),
  /** SHA-256 of the file before and after. */
  before: Type.String(),
  after: Type.String(),
  /** Where originals are kept. */
  originals: Type.String(),
  /** Whether it may be parted from other names of the file. */
  hardLinks: Type.Optional(Type.Literal(true)),
});

const half: ActionSpec<typeof Replacement>['half'] = async (data) =>
  (await hasSpare(data.path)) ? lookAtThing(data) : undefined;

export const replaceInFile = defineAction({
  kind: 'replace-in-file',
  data: Replacement,
  look: lookAtThing,
  foresee: ({ path, before, after }, world) => ({ [path]: withContent(world[path] ?? ABSENT, before, after) }),
  perform: ({ path, find, put, before, after, originals, hardLinks }) =>
    exchange({ path, from: before, to: after, mayHaveNames: hardLinks === true }, async function* (old) {
      if (await keepOriginal(originals, before, old))
        yield* rewritten(windowsOf(old), { find: absolute(find), put: absolute(put) });
    }),
  half,
  inverse: (data) => ({
    does: `Put back what ${data.path} held.`,
    action: { kind: 'restore-file', data },
  }),
});

export const restoreFile = defineAction({
  kind: 'restore-file',
  data: Replacement,
  look: lookAtThing,
  foresee: ({ path, before, after }, world) => ({ [path]: withContent(world[path] ?? ABSENT, after, before) }),
  perform: ({ path, before, after, originals, hardLinks }) =>
    exchange({ path, from: after, to: before, mayHaveNames: hardLinks === true }, () => original(originals, before)),
  half,
  inverse: (data) => ({
    does: `Write ${data.put} for ${data.find} in ${data.path} again.`,
    action: { kind: 'replace-in-file', data },
  }),
});

/** A path that a plan was made with. */
function absolute(text: string): AbsolutePath {
  const path = parseAbsolutePath(text);
  if (!path.ok) throw new Error(path.error.replace(/\.$/, ''));
  return path.value;
}
