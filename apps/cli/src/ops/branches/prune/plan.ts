/** Plans which branches are deleted, a step for each repository, or for each of its remotes. */
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { ACTIONS } from '../../plan/actions/actions.ts';
import { pathOf, pathText } from '../../plan/actions/path.ts';
import type { Plan } from '../../plan/plan.ts';
import { Planner } from '../../plan/planner.ts';
import { evidenceOf } from '../evidence.ts';
import { PUSHED_MAX } from '../limits.ts';
import { pruneBranches } from '../trash/actions.ts';
import { headRef, type LotBranch, lotName, placeOf, TRASH } from '../trash/lot.ts';
import { readRefs } from '../trash/refs.ts';
import { type RemoteBranches, remoteBranches } from '../trash/remote.ts';
import { pruneRemoteBranches } from '../trash/remote-actions.ts';
import { aliasesIn } from '../trash/see.ts';
import { tellBranches } from '../trash/tell.ts';
import type { Branch, Survey, VerdictKind } from '../verdict.ts';
import { type Selection, whyStays, whyStaysAtRemote } from './select.ts';

interface Request extends Selection {
  /** Whether branches of remotes are meant, rather than those of the repositories themselves. */
  readonly isRemote: boolean;
  /** Tells of a branch's name whether it is asked about. */
  readonly isMeant: (name: string) => boolean;
}

/** What becomes of a branch. */
export interface Judged {
  /** The repository's folder. */
  readonly repository: string;
  /** Its name, where it is. */
  readonly branch: string;
  readonly remote: string | null;
  readonly commit: string;
  readonly verdict: VerdictKind;
  readonly evidence: string;
  /** Whether it is deleted. */
  readonly goes: boolean;
  /** Why not; empty where it is. */
  readonly why: string;
}

/** Collects the plan, repository by repository. */
export class Pruning {
  readonly judged: Judged[] = [];
  readonly #planner = new Planner(ACTIONS);
  readonly #request: Request;

  constructor(request: Request) {
    this.#request = request;
  }

  get plan(): Plan {
    return { title: 'branches prune', steps: this.#planner.steps };
  }

  /** Adds what is known of a repository's branches. */
  async add(survey: Survey): Promise<Result<void, Failure>> {
    const { isRemote, isMeant } = this.#request;
    const meant = survey.branches.filter(
      (branch) => (branch.remote !== undefined) === isRemote && isMeant(nameOf(branch)),
    );
    for (const [remote, branches] of Map.groupBy(meant, (branch) => branch.remote)) {
      const added =
        remote === undefined ? await this.#addHere(survey, branches) : await this.#addAt(remote, survey, branches);
      if (!added.ok) return added;
    }
    return ok(undefined);
  }

  async #addHere(survey: Survey, branches: readonly Branch[]): Promise<Result<void, Failure>> {
    const repository = pathText(survey.repository.commonDir);
    const refs = await readRefs(repository, headRef(''));
    if (!refs.ok) return refs;
    const aliases = aliasesIn(refs.value);
    const going = this.#judge(survey, branches, ({ ref }) => aliases.get(ref));
    const lot = await nextLot({ repository, branches: going });
    if (!lot.ok || going.length === 0) return lot.ok ? ok(undefined) : lot;
    const into = [{ ref: survey.trunk.ref, id: survey.trunk.tip }];
    await this.#planner.add(`Delete ${tellBranches(lot.value)}.`, pruneBranches.of({ ...lot.value, into }));
    return ok(undefined);
  }

  async #addAt(remote: string, survey: Survey, branches: readonly Branch[]): Promise<Result<void, Failure>> {
    const repository = pathText(survey.repository.commonDir);
    const there = await remoteBranches({ repository, remote });
    if (!there.ok) return there;
    const moved = whyNotAt(remote, survey, there.value);
    if (moved !== undefined) return err(moved);
    const going = this.#judge(survey, branches, (branch) =>
      whyStaysAtRemote(branch, nameOf(branch), survey, there.value),
    );
    for (let from = 0; from < going.length; from += PUSHED_MAX) {
      const lot = await nextLot({ repository, remote, branches: going.slice(from, from + PUSHED_MAX) });
      if (!lot.ok) return lot;
      await this.#planner.add(`Delete ${tellBranches(lot.value)}.`, pruneRemoteBranches.of(lot.value));
    }
    return ok(undefined);
  }

  /** Notes of each branch what becomes of it; those that go. */
  #judge(survey: Survey, branches: readonly Branch[], whyElse: (branch: Branch) => string | undefined): LotBranch[] {
    const { trunk, repository } = survey;
    const going: LotBranch[] = [];
    for (const branch of branches) {
      const evidence = evidenceOf(branch.verdict, trunk.name);
      const why = whyStays(branch, survey, this.#request) ?? whyElse(branch);
      if (why === undefined) going.push({ name: nameOf(branch), id: branch.tip, why: evidence });
      this.judged.push({
        repository: placeOf(pathText(repository.commonDir)),
        branch: nameOf(branch),
        remote: branch.remote ?? null,
        commit: branch.tip,
        verdict: branch.verdict.kind,
        evidence,
        goes: why === undefined,
        why: why ?? '',
      });
    }
    return going.sort((one, other) => (one.name < other.name ? -1 : 1));
  }
}

/** Evidence against a trunk that is no longer what the remote has is none. */
function whyNotAt(remote: string, { trunk, repository }: Survey, there: RemoteBranches): Failure | undefined {
  const folder = `refs/remotes/${remote}/`;
  if (!trunk.ref.startsWith(folder) || there.ids.get(trunk.ref.slice(folder.length)) === trunk.tip) return undefined;
  const message = `${trunk.name} of ${placeOf(pathText(repository.commonDir))} is not what ${remote} has now: \`git fetch ${remote}\` first.`;
  return { kind: 'refused', message };
}

/** A branch's name where it is: `topic`, also at a remote. One that is no UTF-8 stays as `pathText` writes it. */
function nameOf({ ref, remote }: Branch): string {
  const name = ref.slice((remote === undefined ? 'refs/heads/' : `refs/remotes/${remote}/`).length);
  const octets = pathOf(name);
  return Buffer.from(octets.toString()).equals(octets) ? octets.toString() : name;
}

/** The lot that these are to be: one whose name nothing in the trash has yet. */
async function nextLot<T extends { readonly repository: string; readonly branches: LotBranch[] }>(
  of: T,
): Promise<Result<T & { readonly lot: string }, Failure>> {
  const refs = await readRefs(of.repository, TRASH);
  if (!refs.ok) return refs;
  const taken = new Set([...refs.value.keys()].map((ref) => ref.slice(TRASH.length).split('/', 1)[0]));
  for (let nth = 1; ; nth += 1) {
    const lot = lotName(of, nth);
    if (!taken.has(lot)) return ok({ ...of, lot });
  }
}
