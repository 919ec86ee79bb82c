/**
 * Moves the branches of a lot, refs with their logs and sections of the configuration; of what is on the way already, the rest.
 *
 * The order is chosen by what is left where this ends half-way: the record comes before all, and a branch's place in the trash
 * is given up last, so that there is always one from which it can be restored.
 */
import { ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { ABSENT } from '../../plan/actions/place.ts';
import { keptSectionOf, sectionOf } from './configuration.ts';
import { headRef, keptRef, type Lot, type LotBranch, TRASH } from './lot.ts';
import { noteDeleted, removeRecord } from './record.ts';
import { copyLog, removeLog } from './reflogs.ts';
import { changeRefs, type RefChange, readRefs } from './refs.ts';
import { type Renaming, renameSections } from './sections.ts';
import type { SeenBranch } from './see.ts';

/** A branch of the lot as it is now. */
export type See = (branch: LotBranch) => SeenBranch;

export async function moveIntoTrash(lot: Lot, see: See): Promise<Result<void, Failure>> {
  await noteDeleted(lot);
  const refs = await moveRefs(lot, see, 'branch', 'kept', 'branches prune: moved into the trash');
  if (refs.ok) return renameSections(lot.repository, sectionsOf(lot, see, 'configuration', 'keptConfiguration'));
  await forgetWhenEmpty(lot);
  return refs;
}

export async function moveOutOfTrash(lot: Lot, see: See): Promise<Result<void, Failure>> {
  const sections = sectionsOf(lot, see, 'keptConfiguration', 'configuration');
  const renamed = await renameSections(lot.repository, sections);
  if (!renamed.ok) return renamed;
  const refs = await moveRefs(lot, see, 'kept', 'branch', 'branches restore: moved out of the trash');
  if (refs.ok) return forgetWhenEmpty(lot);
  await renameSections(lot.repository, sections.map(reversed));
  return refs;
}

/** Forgets when a lot was deleted, and why, once nothing of it is in the trash. */
export async function forgetWhenEmpty(lot: Pick<Lot, 'repository' | 'lot'>): Promise<Result<void, Failure>> {
  const left = await readRefs(lot.repository, `${TRASH}${lot.lot}/`);
  if (!left.ok) return left;
  if (left.value.size === 0) await removeRecord(lot);
  return ok(undefined);
}

type RefField = 'branch' | 'kept';

async function moveRefs(
  lot: Lot,
  see: See,
  from: RefField,
  to: RefField,
  message: string,
): Promise<Result<void, Failure>> {
  const refOf = { branch: headRef, kept: (name: string) => keptRef(lot.lot, name) };
  const changes: RefChange[] = [];
  const logs: string[] = [];
  for (const branch of lot.branches) {
    const [source, target] = [refOf[from](branch.name), refOf[to](branch.name)];
    if (see(branch)[to] === ABSENT) {
      if (await copyLog(lot.repository, source, target)) logs.push(target);
      changes.push({ does: 'create', ref: target, id: branch.id });
    }
    if (see(branch)[from] !== ABSENT) changes.push({ does: 'delete', ref: source, id: branch.id });
  }
  const changed = await changeRefs(lot.repository, changes, message);
  if (!changed.ok) await removeLogs(lot.repository, logs);
  return changed;
}

/** Of those refs that were not made: a git that was killed may have made some. */
async function removeLogs(repository: string, refs: readonly string[]): Promise<void> {
  const there = await readRefs(repository, 'refs/heads/', TRASH);
  if (!there.ok) return;
  for (const ref of refs) if (!there.value.has(ref)) await removeLog(repository, ref);
}

const reversed = ({ from, to }: Renaming): Renaming => ({ from: to, to: from });

type SectionField = 'configuration' | 'keptConfiguration';

/** The sections of those branches that have one. */
function sectionsOf(lot: Lot, see: See, from: SectionField, to: SectionField): readonly Renaming[] {
  const sections = { configuration: sectionOf, keptConfiguration: (name: string) => keptSectionOf(lot.lot, name) };
  return lot.branches
    .filter((branch) => see(branch)[from] !== ABSENT)
    .map(({ name }) => ({ from: sections[from](name), to: sections[to](name) }));
}
