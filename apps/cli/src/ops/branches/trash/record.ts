/** What is noted of a lot beside its refs: when it was deleted, and by what evidence. Whatever is lost of it, the branches are not. */
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { systemErrorCode } from '../../failure.ts';
import { pathOf } from '../../plan/actions/path.ts';
import { parentOf } from '../../plan/actions/place.ts';
import type { Lot } from './lot.ts';

const LotRecord = Type.Object({
  version: Type.Literal(1),
  /** ISO 8601. */
  deleted: Type.String(),
  /** Where the branches were, absent for here. */
  remote: Type.Optional(Type.String()),
  branches: Type.Array(Type.Object({ name: Type.String(), id: Type.String(), why: Type.String() })),
});
export type LotRecord = Static<typeof LotRecord>;

const fileOf = ({ repository, lot }: Pick<Lot, 'repository' | 'lot'>): string =>
  `${repository}/scorpiox/trash/${lot}.json`;

/** A lot's record; undefined where there is none that can be understood. */
export async function readRecord(of: Pick<Lot, 'repository' | 'lot'>): Promise<LotRecord | undefined> {
  try {
    const record: unknown = JSON.parse(await readFile(pathOf(fileOf(of)), 'utf8'));
    return Value.Check(LotRecord, record) ? record : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Notes that these are deleted now, on disk. What the record tells of other branches of the lot stays. */
export async function noteDeleted(lot: Lot, remote?: string): Promise<void> {
  const names = new Set(lot.branches.map(({ name }) => name));
  const others = ((await readRecord(lot))?.branches ?? []).filter(({ name }) => !names.has(name));
  const branches = [...others, ...lot.branches];
  const where = remote === undefined ? {} : { remote };
  await writeWhole(fileOf(lot), { version: 1, deleted: new Date().toISOString(), ...where, branches });
}

/** Forgets a lot, once nothing of it is left. */
export async function removeRecord(lot: Pick<Lot, 'repository' | 'lot'>): Promise<void> {
  await rm(pathOf(fileOf(lot)), { force: true });
}

/** With the rights that git's own files get there: by the umask. */
async function writeWhole(path: string, record: LotRecord): Promise<void> {
  await mkdir(pathOf(parentOf(path)), { recursive: true });
  const draft = `${path}.${process.pid}`;
  const file = await open(pathOf(draft), 'w', 0o666);
  try {
    await file.writeFile(`${JSON.stringify(record)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(pathOf(draft), pathOf(path));
}
