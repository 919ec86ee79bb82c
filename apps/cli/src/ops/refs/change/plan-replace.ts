/** The plan of `refs replace`: for each working tree its branch, its files and links, its commit; then what lies in none. */
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import type { Repository } from '../../git/repositories.ts';
import type { Actions } from '../../plan/action.ts';
import { pathOf, pathText } from '../../plan/actions/path.ts';
import type { Plan } from '../../plan/plan.ts';
import { Planner } from '../../plan/planner.ts';
import { type Change, type ChangeOptions, changeOf, type Left } from './change.ts';
import { commitFiles } from './commit.ts';
import type { Head } from './head.ts';
import { missedFolder } from './internals.ts';
import { CHANGES_AT_ONCE } from './limits.ts';
import { backName, makeBranch } from './make-branch.ts';
import { readiness, type Touched } from './readiness.ts';

/** A file or a link that says the path, as it was found. */
export interface Candidate {
  /** As `pathText` writes it. */
  readonly path: string;
  /** What git knows of it; `internal` is what lies in a repository's own folder, `outside` what lies in no working tree. */
  readonly standing: 'tracked' | 'untracked' | 'ignored' | 'internal' | 'outside';
}

/** Candidates of one working tree, or of none. */
export interface Group {
  readonly repository: Repository | undefined;
  readonly candidates: readonly Candidate[];
}

export interface ReplaceRequest extends ChangeOptions {
  /** Whether working trees are taken that hold somebody's own changes. */
  readonly dirty: boolean;
  /** A branch to be made, without `refs/heads/`. */
  readonly branch?: string;
  /** The message of a commit; without it nothing is committed. */
  readonly commit?: string;
  /** Whether the hooks that may refuse a commit are left out. */
  readonly noVerify: boolean;
}

export interface PlannedReplace {
  readonly plan: Plan;
  /** What stays as it is. */
  readonly left: readonly Left[];
  /** Why working trees are left, a sentence each. */
  readonly refused: readonly string[];
  /** What is changed, as `pathText` writes it. */
  readonly changed: readonly string[];
  /** Whether there is more than one run does. */
  readonly isCut: boolean;
}

interface Planned extends Candidate, Change {}

export class ReplacePlanner {
  readonly #planner: Planner;
  readonly #request: ReplaceRequest;
  readonly #left: Left[] = [];
  readonly #refused: string[] = [];
  readonly #changed: string[] = [];
  /** Repositories that get the branch: their working trees share it. */
  readonly #branched = new Set<string>();
  #isCut = false;

  constructor(actions: Actions, request: ReplaceRequest) {
    this.#planner = new Planner(actions);
    this.#request = request;
  }

  /** Adds what is to be done in one working tree. */
  async add({ repository, candidates }: Group): Promise<void> {
    const planned: Planned[] = [];
    for (const candidate of candidates) {
      this.#isCut ||= this.#changed.length + planned.length >= CHANGES_AT_ONCE;
      if (this.#isCut) break;
      const change = await this.#changeOf(candidate);
      if (!change.ok) this.#left.push(change.error);
      else if (change.value !== undefined) planned.push({ ...candidate, ...change.value });
    }
    if (planned.length === 0) return;
    const added = repository === undefined ? await this.#addAll(planned) : await this.#addTree(repository, planned);
    if (added.ok) this.#changed.push(...planned.map(({ path }) => path));
    else this.#refused.push(added.error.message);
  }

  async #changeOf({ path, standing }: Candidate): ReturnType<typeof changeOf> {
    const change = await changeOf(path, this.#request);
    if (standing !== 'internal' || !change.ok || change.value === undefined) return change;
    const missed = await missedFolder(path, this.#request);
    if (missed === undefined) return change;
    return err({ path, why: 'missing', message: `would send git to ${missed}, which is not there.` });
  }

  planned(title: string): PlannedReplace {
    const [left, refused, changed] = [this.#left, this.#refused, this.#changed];
    return { plan: { title, steps: this.#planner.steps }, left, refused, changed, isCut: this.#isCut };
  }

  async #addAll(planned: readonly Planned[]): Promise<Result<void, Failure>> {
    for (const { does, action } of planned) await this.#planner.add(does, action);
    return ok(undefined);
  }

  async #addTree(repository: Repository, planned: readonly Planned[]): Promise<Result<void, Failure>> {
    const tracked = planned.filter(({ standing }) => standing === 'tracked').map(({ path }) => path);
    const untracked = planned.filter(({ standing }) => standing === 'untracked').map(({ path }) => path);
    if (tracked.length === 0 && untracked.length === 0) return this.#addAll(planned);
    const { branch, commit, dirty } = this.#request;
    // Where git has nothing to show there is nothing to branch off.
    const name = tracked.length === 0 ? undefined : branch;
    const wishes = { dirty, commit: commit !== undefined, branch: name, branched: this.#branched };
    const touched: Touched = { tracked: below(repository, tracked), untracked: below(repository, untracked) };
    const head = await readiness(repository, touched, wishes);
    if (!head.ok) return head;
    const ref = name === undefined ? head.value.ref : await this.#addBranch(repository, name, head.value);
    await this.#addAll(planned);
    if (commit !== undefined && tracked.length > 0) await this.#addCommit(repository, tracked, { ...head.value, ref });
    return ok(undefined);
  }

  async #addBranch({ root, commonDir }: Repository, name: string, { ref, commit }: Head): Promise<string> {
    const folder = pathText(root);
    const back = { ...(ref === undefined ? {} : { back: ref }), ...(commit === undefined ? {} : { commit }) };
    const does = `Go from ${backName(back)} to the new branch ${name} in ${folder}.`;
    await this.#planner.add(does, makeBranch.of({ folder, name, ...back }));
    this.#branched.add(commonDir.toString('latin1'));
    return `refs/heads/${name}`;
  }

  async #addCommit({ root }: Repository, paths: readonly string[], { ref, commit: parent = '' }: Head): Promise<void> {
    const folder = pathText(root);
    const { commit: message = '', noVerify } = this.#request;
    const hooks = noVerify ? { noVerify: true as const } : {};
    const data = { folder, parent, message, paths: [...paths], ...(ref === undefined ? {} : { ref }), ...hooks };
    const what = paths.length === 1 ? 'this file' : `these ${paths.length} files`;
    await this.#planner.add(`Commit ${what} in ${folder}.`, commitFiles.of(data));
  }
}

/** Paths as git tells them, an octet a character. */
const below = ({ root }: Repository, paths: readonly string[]): readonly string[] =>
  paths.map((path) =>
    pathOf(path)
      .subarray(root.length + 1)
      .toString('latin1'),
  );
