import { ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { failureOfGit } from '../../git/failure.ts';
import { isBareConfig } from '../../git/layout.ts';
import type { Repository } from '../../git/repositories.ts';
import { pathOf } from '../../plan/actions/path.ts';
import { ABSENT } from '../../plan/actions/place.ts';
import { Asking, GitFailed } from '../asking.ts';
import { tellUse } from '../evidence.ts';
import { readInUse } from '../in-use.ts';
import { keptSectionOf, readSections, sectionOf } from './configuration.ts';
import { headRef, keptRef, type Lot, placeOf, TRASH } from './lot.ts';
import { readRefs } from './refs.ts';

/** A branch of a lot as it is now: each of these a state, `absent` where there is none. */
export interface SeenBranch {
  /** Its commit's id; more words where it has to stay. */
  readonly branch: string;
  readonly configuration: string;
  readonly kept: string;
  readonly keptConfiguration: string;
}

/** Looks at the branches of a lot, by name. */
export async function seeLot({
  repository,
  lot,
  branches,
}: Lot): Promise<Result<ReadonlyMap<string, SeenBranch>, Failure>> {
  const [refs, uses, sections] = await Promise.all([
    readRefs(repository, headRef(''), `${TRASH}${lot}/`),
    readUses(repository),
    readSections(repository),
  ]);
  if (!refs.ok) return refs;
  if (!uses.ok) return uses;
  if (!sections.ok) return sections;
  const aliases = aliasesIn(refs.value);
  const see = (name: string): SeenBranch => {
    const why = uses.value.get(headRef(name)) ?? aliases.get(headRef(name));
    return {
      branch: `${refs.value.get(headRef(name)) ?? ABSENT}${why === undefined ? '' : `, ${why}`}`,
      configuration: sections.value(sectionOf(name)),
      kept: refs.value.get(keptRef(lot, name)) ?? ABSENT,
      keptConfiguration: sections.value(keptSectionOf(lot, name)),
    };
  };
  return ok(new Map(branches.map(({ name }) => [name, see(name)])));
}

/** Of refs that others are only another name of: by which, as the end of `NAME is …`. */
export const aliasesIn = (refs: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
  new Map([...refs].filter(([, to]) => to.startsWith('refs/')).map(([ref, to]) => [to, `what ${ref} stands for`]));

/** By a branch's ref: how it is in use. */
async function readUses(repository: string): Promise<Result<ReadonlyMap<string, string>, Failure>> {
  const at = await repositoryAt(repository);
  try {
    const uses = await readInUse(new Asking(at, {}), at);
    return ok(new Map([...uses].map(([ref, those]) => [ref, those.map(tellUse).join(', ')])));
  } catch (error) {
    if (error instanceof GitFailed) return { ok: false, error: failureOfGit(error.failure) };
    throw error;
  }
}

async function repositoryAt(repository: string): Promise<Repository> {
  const commonDir = pathOf(repository);
  const root = pathOf(placeOf(repository));
  const isBare = await isBareConfig(commonDir);
  return { kind: 'repository', root, gitDir: commonDir, commonDir, isBare, isLinkedWorktree: false };
}
