import { ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { ABSENT } from '../../plan/actions/place.ts';
import { keptSectionOf, readSections, sectionOf } from './configuration.ts';
import { readHolds } from './holds.ts';
import { headRef, keptRef, type Lot, TRASH } from './lot.ts';
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
export async function seeLot({ repository, lot, branches }: Lot): Promise<Result<Map<string, SeenBranch>, Failure>> {
  const refs = await readRefs(repository, 'refs/heads/', `${TRASH}${lot}/`);
  if (!refs.ok) return refs;
  const holds = await readHolds(repository);
  if (!holds.ok) return holds;
  const sections = await readSections(repository);
  if (!sections.ok) return sections;
  const aliases = new Map([...refs.value].map(([ref, to]) => [to, ref]));
  const see = (name: string): SeenBranch => {
    const alias = aliases.get(headRef(name));
    const why = holds.value.get(name) ?? (alias === undefined ? undefined : `what ${alias} stands for`);
    return {
      branch: `${refs.value.get(headRef(name)) ?? ABSENT}${why === undefined ? '' : `, ${why}`}`,
      configuration: sections.value(sectionOf(name)),
      kept: refs.value.get(keptRef(lot, name)) ?? ABSENT,
      keptConfiguration: sections.value(keptSectionOf(lot, name)),
    };
  };
  return ok(new Map(branches.map(({ name }) => [name, see(name)])));
}
