import { err, ok, type Result } from '@scorpiox/shared/result';
import type { GitFailure } from '../git/failure.ts';
import type { Repository } from '../git/repositories.ts';
import type { GitOptions } from '../git/run.ts';
import { pathText } from '../plan/actions/path.ts';
import { Asking, GitFailed } from './asking.ts';
import { branchOf, readBeside } from './beside.ts';
import { readHistory } from './history.ts';
import { isShallowAt, judge } from './judge.ts';
import { Mainline } from './mainline.ts';
import { commitsAmong, type Reference, type References, readReferences, refBytes } from './references.ts';
import { readReflogs } from './reflogs.ts';
import { chooseTrunk, findTrunk, type TrunkReferences } from './trunk.ts';
import { byVerdict, type Survey } from './verdict.ts';

export interface SurveyRequest {
  /** The branch that work lands in; found out where it is not named. */
  readonly into?: string;
  /** Patterns of names that are kept, beside those that always are and those of git's configuration (`scorpiox.keep`). */
  readonly keep?: readonly string[];
  /** Whether branches of remotes are looked at too, as they were last fetched. */
  readonly remote?: boolean;
  /** How git is asked. */
  readonly git?: GitOptions;
  /** Called now and then with how many commits were looked at, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Why nothing can be said of a repository's branches. */
export type SurveyFailure =
  | GitFailure
  /** It has branches, but none is known to be the one that work lands in. */
  | { readonly code: 'no-trunk'; readonly message: string }
  /** It has no branches: no commits either, as a rule. */
  | { readonly code: 'no-branches'; readonly message: string };

/** Finds out what became of a repository's branches. It changes nothing in the repository, and writes no object. */
export async function surveyBranches(
  repository: Repository,
  request: SurveyRequest = {},
): Promise<Result<Survey, SurveyFailure>> {
  try {
    return await survey(repository, request);
  } catch (error) {
    if (error instanceof GitFailed) return err(error.failure);
    throw error;
  }
}

/** History as it is: replacements and grafts show another than the one that goes when a branch goes. */
const AS_IT_IS = { GIT_NO_REPLACE_OBJECTS: '1', GIT_GRAFT_FILE: '/dev/null' } as const;

async function survey(repository: Repository, request: SurveyRequest): Promise<Result<Survey, SurveyFailure>> {
  const asking = new Asking(repository, request.git ?? {}).with(AS_IT_IS);
  const old = await oldGit(asking);
  if (old !== undefined) return err(old);
  const references = await readReferences(asking);
  const where = pathText(repository.root);
  if (references.all.length === 0) return err({ code: 'no-branches', message: `${where} has no branches yet.` });
  const found = await findTrunk(asking, repository, references.all, request.into);
  if (found === undefined) return err(noTrunk(where, request.into));
  const asked = references.all.filter((reference) => isAsked(reference, found, request.remote === true));
  const commits = await commitsAmong(
    asking,
    [...asked, ...found.references].map(({ id }) => id),
  );
  const history = await readHistory(asking, [...commits]);
  const trunk = await chooseTrunk(repository, history, found);
  if (trunk === undefined)
    return err({ code: 'failed', message: `The last commit of ${found.name} in ${where} cannot be read.` });
  const mainline = new Mainline(history, trunk.commit);
  const known = asked.flatMap(({ ref, id }) => {
    const commit = history.find(id);
    return commit === undefined ? [] : [{ ref, commit }];
  });
  const merged = known.filter(({ commit }) => mainline.has(commit)).map(({ ref }) => ref);
  const reflogs = await readReflogs(asking, merged, refBytes);
  const isShallow = await isShallowAt(repository);
  const onProgress = request.onProgress ?? (() => undefined);
  const judged = await judge({ asking, repository, history, mainline, isShallow, reflogs, onProgress }, known);
  const beside = await readBeside(asking, repository, references, request.keep ?? []);
  const branches = asked.map((reference) => branchOf(reference, history, judged.get(reference.ref), beside));
  const notes = [...trunk.notes, ...notesOn(where, asked, references, isShallow)];
  return ok({ repository, trunk: trunk.told, branches: branches.sort(byVerdict), notes });
}

/** `git patch-id --verbatim` and `git merge-tree --stdin` came with this version. */
const LEAST = { major: 2, minor: 39 } as const;

async function oldGit(asking: Asking): Promise<SurveyFailure | undefined> {
  const { stdout } = await asking.answer(['version']);
  const [, major = 0, minor = 0] = /(\d+)\.(\d+)/.exec(stdout.toString())?.map(Number) ?? [];
  if (major > LEAST.major || (major === LEAST.major && minor >= LEAST.minor)) return undefined;
  const message = `Branches are looked at with git ${LEAST.major}.${LEAST.minor} or newer; this is ${major}.${minor}.`;
  return { code: 'no-git', message };
}

function noTrunk(where: string, into: string | undefined): SurveyFailure {
  const message =
    into === undefined
      ? `${where} has no main, master or other branch that is known to be the one that work lands in: name it with --into.`
      : `${where} has no branch ${into}.`;
  return { code: 'no-trunk', message };
}

/** Branches that are to be judged: the trunk is not, here or at a remote, and a name that stands for another is no branch. */
function isAsked({ ref, symref }: Reference, trunk: TrunkReferences, remote: boolean): boolean {
  if (symref !== undefined || trunk.references.some((one) => one.ref === ref)) return false;
  return ref.startsWith('refs/heads/') || (remote && !ref.endsWith('/HEAD'));
}

function notesOn(
  where: string,
  asked: readonly Reference[],
  references: References,
  isShallow: boolean,
): readonly string[] {
  const shallow = `${where} is a shallow clone: what landed before its history begins is not seen.`;
  const names = references.all.filter(({ ref, symref }) => symref !== undefined && ref.startsWith('refs/heads/'));
  return [
    ...(isShallow && asked.length > 0 ? [shallow] : []),
    ...names.map(({ ref, symref }) => `${ref} in ${where} is only another name of ${symref}, and is left out.`),
    ...references.broken.map((ref) => `${ref} in ${where} is broken, and is left out: \`git fsck\` tells more.`),
  ];
}
