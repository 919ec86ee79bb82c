/*
 * Where branches go that are deleted
 *
 * A lot is what one step deletes together, of one repository or at one of its remotes. A branch that is deleted is moved:
 *
 *   refs/heads/NAME                -> refs/scorpiox/trash/LOT/heads/NAME              (holds the commits against `git gc`)
 *   .git/logs/refs/heads/NAME      -> the log of that ref                             (holds what only the reflog knew)
 *   [branch "NAME"] of .git/config -> [scorpiox-trash "LOT/NAME"] of the same file
 *   NAME at the remote R           -> refs/scorpiox/trash/LOT/remotes/R/NAME          (here: R keeps nothing)
 *
 * and restoring it is the move back. All of it stays in the repository, so that a branch can be restored by its name alone,
 * by somebody else, and without any journal; and what its configuration holds (an address with a password, it may be) is
 * never written anywhere else (sections.ts). `.git/scorpiox/trash/LOT.json` notes when, and by what evidence.
 *
 * Invariants
 * - All refs of a lot change in one transaction with the ids that were seen, or none does.
 * - A lot's name is a hash over what it holds (plans come out the same for the same world), so no two lots share a folder of
 *   refs: `a` and `a/b`, which cannot be at the same time, may both be in the trash.
 *
 * Hazards, each seen with git 2.39
 * - `update-ref` deletes a branch that is checked out, being rebased or bisected (../in-use.ts), and follows a branch that is a
 *   symbolic ref to delete the one it names (`option no-deref`).
 * - `verify` of the branch that HEAD is on, within a transaction, writes a line into HEAD's log by which HEAD lost its commit.
 *   So the branch that others were merged into is looked at right before the transaction, not in it.
 * - A transaction without `start` and `commit` is carried out where its input ends: also where who writes it was killed.
 */
import { createHash } from 'node:crypto';
import { type Static, Type } from 'typebox';

const Branch = Type.Object({
  /** Without `refs/heads/`. */
  name: Type.String({ minLength: 1 }),
  /** Of its last commit. */
  id: Type.String({ pattern: '^[0-9a-f]{40,64}$' }),
  /** By what evidence it is deleted: a sentence. */
  why: Type.String(),
});

const ofLots = {
  /** The repository's common git directory, as `pathText` writes it. */
  repository: Type.String({ minLength: 1 }),
  lot: Type.String({ pattern: '^[0-9a-f]{12}$' }),
  branches: Type.Array(Branch, { minItems: 1 }),
};

/** Branches that are deleted, or restored, together. */
export const Lot = Type.Object(ofLots);
export type Lot = Static<typeof Lot>;
export type LotBranch = Static<typeof Branch>;

/** The same, of branches at a remote. */
export const RemoteLot = Type.Object({ ...ofLots, remote: Type.String({ minLength: 1 }) });
export type RemoteLot = Static<typeof RemoteLot>;

/** A branch in the trash. */
export interface Kept extends LotBranch {
  readonly repository: string;
  readonly lot: string;
  /** The remote that it was at; absent for a branch of the repository itself. */
  readonly remote?: string;
  /** ISO 8601; absent where that is noted nowhere. */
  readonly deleted?: string;
}

/** Below it is the trash. */
export const TRASH = 'refs/scorpiox/trash/';

export const headRef = (name: string): string => `refs/heads/${name}`;

/** Where a branch of a lot is kept; `remote` is where it was, undefined for here. */
export const keptRef = (lot: string, name: string, remote?: string): string =>
  `${TRASH}${lot}/${remote === undefined ? 'heads' : `remotes/${remote}`}/${name}`;

/** How a repository is called: by its folder. */
export const placeOf = (repository: string): string => repository.replace(/(?<=.)\/\.git$/, '');

/** The name of a lot that holds this, the nth of those that do. */
export const lotName = (of: Omit<RemoteLot, 'lot' | 'remote'> & { readonly remote?: string }, nth: number): string =>
  createHash('sha256')
    .update(JSON.stringify([of.repository, of.remote ?? null, of.branches.map(({ name, id }) => [name, id]), nth]))
    .digest('hex')
    .slice(0, 12);
