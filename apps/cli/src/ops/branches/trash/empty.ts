/** Ending what is kept of branches: from then on, `git gc` may take their commits, two weeks later as a rule. */
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Static, Type } from 'typebox';
import type { Failure } from '../../failure.ts';
import { defineAction } from '../../plan/action.ts';
import { ABSENT } from '../../plan/actions/place.ts';
import type { World } from '../../plan/plan.ts';
import { keptSectionOf, readSections, removeSection } from './configuration.ts';
import { keptRef, Lot } from './lot.ts';
import { forgetWhenEmpty } from './move.ts';
import { changeRefs, readRefs } from './refs.ts';
import { keptName } from './world.ts';

const Emptied = Type.Object({ ...Lot.properties, remote: Type.Optional(Type.String({ minLength: 1 })) });

/** Takes branches of a lot out of the trash for good. Nothing takes that back. */
export const emptyTrash = defineAction({
  kind: 'empty-trash',
  data: Emptied,
  look,
  foresee: (lot) => Object.fromEntries(lot.branches.map(({ name }) => [keptName(lot, name), ABSENT])),
  perform: async (lot) => {
    const { repository, branches } = lot;
    const refs = branches.map(({ name, id }) => ({ does: 'delete', ref: refOf(lot, name), id }) as const);
    const emptied = await changeRefs(repository, refs, 'branches trash empty');
    if (!emptied.ok) return emptied;
    const sections = await removeSections(lot);
    return sections.ok ? forgetWhenEmpty(lot) : sections;
  },
  inverse: () => undefined,
});

const refOf = ({ lot, remote }: Static<typeof Emptied>, name: string): string => keptRef(lot, name, remote);

async function look(lot: Static<typeof Emptied>): Promise<World> {
  const refs = await readRefs(lot.repository, `refs/scorpiox/trash/${lot.lot}/`);
  // The message becomes a sentence where it is caught.
  if (!refs.ok) throw new Error(refs.error.message.replace(/\.$/, ''));
  const { value } = refs;
  return Object.fromEntries(
    lot.branches.map(({ name }) => [keptName(lot, name), value.get(refOf(lot, name)) ?? ABSENT]),
  );
}

async function removeSections({
  repository,
  lot,
  remote,
  branches,
}: Static<typeof Emptied>): Promise<Result<void, Failure>> {
  if (remote !== undefined) return ok(undefined);
  const states = await readSections(repository);
  if (!states.ok) return states;
  const sections = branches.map(({ name }) => keptSectionOf(lot, name));
  for (const section of sections.filter((name) => states.value(name) !== ABSENT)) {
    const removed = await removeSection(repository, section);
    if (!removed.ok) return err(removed.error);
  }
  return ok(undefined);
}
