/** Which branch of a repository work lands in. */
import { stat } from 'node:fs/promises';
import type { Repository } from '../git/repositories.ts';
import { pathText } from '../plan/actions/path.ts';
import type { Asking } from './asking.ts';
import type { History } from './history.ts';
import { configured, type Reference } from './references.ts';
import type { Trunk } from './verdict.ts';

/** The trunk here and as its remote has it: one of them, or both. */
export interface TrunkReferences {
  /** `main`. */
  readonly name: string;
  readonly references: readonly [Reference, ...Reference[]];
}

/**
 * Finds it. `into` names it: a branch, here or at a remote. Otherwise it is what the remote's HEAD names, what HEAD names where
 * the repository is bare, `init.defaultBranch`, `main` or `master`, the first of them that is there; else the only branch.
 */
export async function findTrunk(
  asking: Asking,
  repository: Repository,
  all: readonly Reference[],
  into: string | undefined,
): Promise<TrunkReferences | undefined> {
  const byRef = new Map(all.map((reference) => [reference.ref, reference]));
  const remote = remoteOf(all);
  const named = (name: string): TrunkReferences | undefined => {
    const [first, ...rest] = [`refs/heads/${name}`, `refs/remotes/${remote}/${name}`].flatMap(
      (ref) => byRef.get(ref) ?? [],
    );
    return first === undefined ? undefined : { name, references: [first, ...rest] };
  };
  if (into !== undefined) return named(into) ?? exactly(into, byRef);
  const head = byRef.get(`refs/remotes/${remote}/HEAD`)?.symref?.slice(`refs/remotes/${remote}/`.length);
  const names = [
    head,
    ...(await ownHead(asking, repository)),
    ...(await configured(asking, 'init.defaultBranch')).slice(-1),
  ];
  for (const name of [...names, 'main', 'master']) {
    const found = name === undefined ? undefined : named(name);
    if (found !== undefined) return found;
  }
  const local = all.filter(({ ref }) => ref.startsWith('refs/heads/'));
  return local.length === 1 ? named(local[0]?.ref.slice('refs/heads/'.length) ?? '') : undefined;
}

/** A name that says where: `origin/main`, `refs/remotes/origin/main`. */
function exactly(into: string, byRef: ReadonlyMap<string, Reference>): TrunkReferences | undefined {
  const found = byRef.get(`refs/remotes/${into}`) ?? byRef.get(into);
  if (found === undefined) return undefined;
  const name = found.ref.replace(/^refs\/(?:heads|remotes\/[^/]+)\//, '');
  return { name, references: [found] };
}

/** The remote whose HEAD counts: origin, or the only one there is. */
function remoteOf(all: readonly Reference[]): string {
  const remotes = new Set(all.flatMap(({ ref }) => /^refs\/remotes\/([^/]+)\//.exec(ref)?.[1] ?? []));
  return remotes.has('origin') || remotes.size !== 1 ? 'origin' : ([...remotes][0] ?? 'origin');
}

async function ownHead(asking: Asking, { isBare }: Repository): Promise<readonly string[]> {
  if (!isBare) return [];
  const { stdout } = await asking.answer(['symbolic-ref', '--quiet', 'HEAD'], { okCodes: [1] });
  return [/^refs\/heads\/(.+)$/s.exec(pathText(stdout.subarray(0, -1)))?.[1]].filter((name) => name !== undefined);
}

/** The trunk as it is compared with. */
export interface ChosenTrunk {
  readonly told: Trunk;
  readonly commit: number;
  readonly notes: readonly string[];
}

/** Of the trunk here and at its remote, the one that has the other in its past: work may have landed here or there. */
export async function chooseTrunk(
  repository: Repository,
  history: History,
  { name, references }: TrunkReferences,
): Promise<ChosenTrunk | undefined> {
  const isRemote = references.some(({ ref }) => ref.startsWith('refs/remotes/'));
  const when = isRemote ? { fetched: await lastFetched(repository) } : {};
  const known = references.flatMap(({ ref, id }) => {
    const commit = history.find(id);
    return commit === undefined ? [] : [{ told: { ref, name: shortName(ref), tip: id, ...when }, commit, notes: [] }];
  });
  const [here, there] = known;
  if (here === undefined || there === undefined || history.isAncestor(there.commit, [here.commit])) return here;
  if (history.isAncestor(here.commit, [there.commit])) return there;
  const note = `${name} and ${there.told.name} in ${pathText(repository.root)} have diverged: branches are compared with ${name}.`;
  return { ...here, notes: [note] };
}

const shortName = (ref: string): string => ref.replace(/^refs\/(?:heads|remotes)\//, '');

/** When something was last fetched, seconds since 1970: git writes FETCH_HEAD then, in the work tree where that is done. */
async function lastFetched({ gitDir, commonDir }: Repository): Promise<number | 'never'> {
  const files = [gitDir, commonDir].map((folder) => Buffer.concat([folder, Buffer.from('/FETCH_HEAD')]));
  const times = await Promise.all(files.map((file) => stat(file).catch(() => undefined)));
  const found = times.flatMap((each) => each?.mtimeMs ?? []);
  return found.length === 0 ? 'never' : Math.floor(Math.max(...found) / 1000);
}
