/**
 * Files that were changed are committed, these and nothing else, and a commit is taken back. What the user has staged of
 * other files stays staged. A commit that was taken back is still there, under `refs/scorpiox/undone/`: nothing is lost.
 *
 * The repository's hooks run for the commit as for any other, unless that is not wanted. Where one refuses it, the step has
 * failed, and the files stay changed until the run is undone.
 */
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Static, Type } from 'typebox';
import type { Failure } from '../../failure.ts';
import { defineAction } from '../../plan/action.ts';
import type { World } from '../../plan/plan.ts';
import { gitOctets, gitText, orThrow, pathspecs } from './git-text.ts';
import { headName, headOf, headState, lookAtHead, refName } from './head.ts';
import { lookAtThing } from './thing.ts';

const Commit = Type.Object({
  /** The working tree, as `pathText` writes it. */
  folder: Type.String(),
  /** The branch that is checked out, in full; without it, none is. */
  ref: Type.Optional(Type.String()),
  /** The commit that this one follows. */
  parent: Type.String(),
  message: Type.String(),
  /** What is committed, as `pathText` writes it: paths from the file system's root. */
  paths: Type.Array(Type.String()),
  /** Whether the hooks that may refuse it are left out. */
  noVerify: Type.Optional(Type.Literal(true)),
});

type Commit = Static<typeof Commit>;

/** HEAD, its branch, and what is committed: that has to be what the steps before made. */
async function look({ folder, ref, paths }: Commit): Promise<World> {
  const world: Record<string, string> = { ...(await lookAtHead(folder, ref === undefined ? [] : [ref])) };
  for (const path of paths) Object.assign(world, await lookAtThing({ path }));
  return world;
}

export const commitFiles = defineAction({
  kind: 'commit-files',
  data: Commit,
  look,
  foresee: () => undefined, // a commit's id holds its time
  perform: async (data) => {
    const { folder, message, paths, noVerify } = data;
    const kept = await keptCommit(data);
    if (kept !== undefined) return moveTo(data, kept);
    const hooks = noVerify === true ? ['--no-verify'] : [];
    const args = [LITERAL, 'commit', '--quiet', '--only', ...hooks, `--message=${message}`, ...PATHS];
    return done(await gitText(folder, args, { input: pathspecs(folder, paths), network: true }));
  },
  half: async (data) => ((await isCommitted(data)) ? look(data) : undefined),
  inverse: (data) => ({
    does: `Take back the commit in ${data.folder}; it stays reachable under ${UNDONE}.`,
    action: { kind: 'take-commit-back', data },
  }),
});

export const takeCommitBack = defineAction({
  kind: 'take-commit-back',
  data: Commit,
  look,
  foresee: (data, before) => ({
    ...before,
    [headName(data.folder)]: headState({ ref: data.ref, commit: data.parent }),
    ...(data.ref === undefined ? {} : { [refName(data.folder, data.ref)]: data.parent }),
  }),
  perform: async (data) => {
    const { folder, ref, parent } = data;
    const head = orThrow(await headOf(folder));
    if (head.commit === parent) return moveTo(data, parent);
    // That it is the commit of this run, the journal knows by its id; what hooks have made of it does not matter.
    if (head.commit === undefined || head.ref !== ref || !(await follows(data, head.commit))) return stale(data);
    const kept = done(await gitText(folder, ['update-ref', `${UNDONE}${head.commit}`, head.commit]));
    return kept.ok ? moveTo(data, parent) : kept;
  },
  half: async (data) => ((await isHalfTakenBack(data)) ? look(data) : undefined),
  inverse: (data) => ({
    does: `Commit ${data.paths.length} files in ${data.folder} again.`,
    action: { kind: 'commit-files', data },
  }),
});

const LITERAL = '--literal-pathspecs';
const PATHS = ['--pathspec-from-file=-', '--pathspec-file-nul'];
const UNDONE = 'refs/scorpiox/undone/';

/** Lets the branch, or HEAD where none is checked out, be at a commit, and the index hold the files as they are there. */
async function moveTo({ folder, paths }: Commit, commit: string): Promise<Result<void, Failure>> {
  const { ref, commit: now = '' } = orThrow(await headOf(folder));
  const args = ['update-ref', '--no-deref', '-m', 'scorpiox refs replace', ref ?? 'HEAD', commit, now];
  const moved = done(await gitText(folder, args));
  if (!moved.ok) return moved;
  return done(await gitText(folder, [LITERAL, 'reset', '--quiet', ...PATHS], { input: pathspecs(folder, paths) }));
}

/** The commit that was made here and taken back, where it is the same that is to be made: it keeps its id. */
async function keptCommit(data: Commit): Promise<string | undefined> {
  const { folder, paths } = data;
  const refs = orThrow(await gitText(folder, ['for-each-ref', '--format=%(objectname)', UNDONE]));
  for (const commit of refs.split('\n').filter((id) => id !== '')) {
    if (!(await isTheOne(data, commit))) continue;
    const differing = await gitOctets(folder, ['diff', '--name-only', '-z', '--no-renames', commit]);
    const names = new Set(namesIn(orThrow(differing)));
    if (!namesIn(pathspecs(folder, paths)).some((name) => names.has(name))) return commit;
  }
  return undefined;
}

/**
 * Whether a commit is the one that was to be made, where nothing says so but itself: its parent, its message, and that it
 * changes some of the files. Hooks may have added to all of that but the parent.
 */
async function isTheOne(data: Commit, commit: string): Promise<boolean> {
  const { folder, parent, message, paths } = data;
  if (!(await follows(data, commit))) return false;
  const shown = orThrow(await gitText(folder, ['show', '--no-patch', '--format=%B', commit]));
  if (!words(shown).includes(words(message))) return false;
  const changed = await gitOctets(folder, ['diff-tree', '-r', '--name-only', '-z', '--no-renames', parent, commit]);
  const names = new Set(namesIn(orThrow(changed)));
  return namesIn(pathspecs(folder, paths)).some((name) => names.has(name));
}

const follows = async ({ folder, parent }: Commit, commit: string): Promise<boolean> =>
  orThrow(await gitText(folder, ['show', '--no-patch', '--format=%P', commit])) === parent;

/** git folds blanks and empty lines of a message. */
const words = (text: string): string => text.split(/\s+/).filter(Boolean).join(' ');

const namesIn = (octets: Buffer): string[] => octets.toString('latin1').split('\0').slice(0, -1);

/** Whether HEAD is back, and the index still has what was committed. */
async function isHalfTakenBack({ folder, parent, paths }: Commit): Promise<boolean> {
  if (orThrow(await headOf(folder)).commit !== parent) return false;
  const staged = new Set(
    namesIn(orThrow(await gitOctets(folder, ['diff', '--cached', '--name-only', '-z', '--no-renames']))),
  );
  return namesIn(pathspecs(folder, paths)).some((name) => staged.has(name));
}

async function isCommitted(data: Commit): Promise<boolean> {
  const { ref, commit } = orThrow(await headOf(data.folder));
  return ref === data.ref && commit !== undefined && (await isTheOne(data, commit));
}

const done = (result: Result<string, Failure>): Result<void, Failure> => (result.ok ? ok(undefined) : result);

const stale = ({ folder }: Commit): Result<void, Failure> =>
  err({ kind: 'stale', message: `The newest commit of ${folder} is not the one that was made here.` });
