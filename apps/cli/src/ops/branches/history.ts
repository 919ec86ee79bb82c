/*
 * The commits of a repository and their parents, in memory
 *
 * One `git rev-list` tells all of them; what is asked of a thousand branches (what is theirs alone, where they left the trunk,
 * how far it has gone on) is then answered without a process for each. A commit is a number; parents have lower numbers than
 * their children, so whoever goes down the numbers meets children first.
 */
import type { Asking } from './asking.ts';
import { CommitIds } from './commit-ids.ts';

/** What a branch has that the trunk has not, and where both meet. */
export interface Fork {
  /** Commits that only the branch has, parents first. */
  readonly own: readonly number[];
  /** The best common ancestors: one as a rule, several where each merged the other, none where histories are unrelated. */
  readonly bases: readonly number[];
}

export class History {
  readonly #ids: CommitIds;
  readonly #times: number[] = [];
  /** Where the parents of a commit begin in the list of all parents; those of the next follow. */
  readonly #starts: number[] = [0];
  readonly #parents: number[] = [];
  /** For walks: the last walk that came to a commit. */
  #seen = new Int32Array(0);
  #walk = 0;

  /** `hexDigits` is the length of an id: 40 or 64. */
  constructor(hexDigits: number) {
    this.#ids = new CommitIds(hexDigits / 2);
  }

  get count(): number {
    return this.#ids.count;
  }

  /** Adds a commit by a line of `rev-list --reverse --topo-order --parents --timestamp`. */
  add(line: string): void {
    const [time = '0', id = '', ...parents] = line.split(' ');
    this.#ids.add(id);
    this.#times.push(Number(time));
    for (const parent of parents) {
      const number = this.#ids.find(parent);
      // A parent that is not told is beyond the end of a shallow history.
      if (number !== undefined) this.#parents.push(number);
    }
    this.#starts.push(this.#parents.length);
  }

  find(id: string): number | undefined {
    return this.#ids.find(id);
  }

  idOf(commit: number): string {
    return this.#ids.idOf(commit);
  }

  /** The only commit whose id begins so; undefined where there is none, or several. */
  startingWith(digits: string): number | undefined {
    const found: number[] = [];
    for (let commit = 0; commit < this.count && found.length < 2; commit += 1) {
      if (this.idOf(commit).startsWith(digits)) found.push(commit);
    }
    return found.length === 1 ? found[0] : undefined;
  }

  /** When it was committed, seconds since 1970. */
  timeOf(commit: number): number {
    return this.#times[commit] ?? 0;
  }

  parentsOf(commit: number): readonly number[] {
    return this.#parents.slice(this.#starts[commit], this.#starts[commit + 1]);
  }

  firstParent(commit: number): number | undefined {
    const at = this.#starts[commit] ?? 0;
    return at < (this.#starts[commit + 1] ?? 0) ? this.#parents[at] : undefined;
  }

  isMerge(commit: number): boolean {
    return (this.#starts[commit + 1] ?? 0) - (this.#starts[commit] ?? 0) > 1;
  }

  /** Goes from commits to their ancestors, each once, and only on from those of which `enter` says so. */
  walk(from: readonly number[], enter: (commit: number) => boolean): void {
    if (this.#seen.length < this.count) this.#seen = new Int32Array(this.count);
    this.#walk += 1;
    const [seen, walk, open] = [this.#seen, this.#walk, [...from]];
    for (let commit = open.pop(); commit !== undefined; commit = open.pop()) {
      if (seen[commit] === walk) continue;
      seen[commit] = walk;
      if (!enter(commit)) continue;
      const end = this.#starts[commit + 1] ?? 0;
      for (let at = this.#starts[commit] ?? 0; at < end; at += 1) open.push(this.#parents[at] ?? 0);
    }
  }

  /** Whether one commit is another, or an ancestor of it. */
  isAncestor(commit: number, of: readonly number[]): boolean {
    let found = false;
    this.walk(of, (each) => {
      found ||= each === commit;
      // Ancestors have lower numbers: below the commit there is nothing to be looked for.
      return !found && each > commit;
    });
    return found;
  }

  /** What of a commit's past is not in a set, and the best of those commits of the set that it meets. */
  fork(tip: number, isInside: (commit: number) => boolean): Fork {
    const own: number[] = [];
    const met: number[] = [];
    this.walk([tip], (commit) => {
      if (isInside(commit)) met.push(commit);
      else own.push(commit);
      return !isInside(commit);
    });
    return { own: own.sort((a, b) => a - b), bases: this.#best(met) };
  }

  /** Without those that are ancestors of others. */
  #best(commits: readonly number[]): readonly number[] {
    if (commits.length < 2) return commits;
    const lowest = Math.min(...commits);
    const sorted = [...commits].sort((a, b) => b - a);
    const covered = new Set<number>();
    for (const commit of sorted) {
      if (covered.has(commit)) continue;
      this.walk([commit], (each) => {
        if (each !== commit) covered.add(each);
        return each > lowest;
      });
    }
    return sorted.filter((commit) => !covered.has(commit));
  }
}

/** Reads the history of commits: all their ancestors. */
export async function readHistory(asking: Asking, commits: readonly string[]): Promise<History> {
  const history = new History(commits[0]?.length ?? 40);
  if (commits.length === 0) return history;
  const args = ['rev-list', '--reverse', '--topo-order', '--parents', '--timestamp', '--stdin'];
  const options = { input: commits.map((id) => `${id}\n`).join(''), separator: '\n' } as const;
  await asking.records([args], options, (line) => history.add(line.toString('latin1')));
  return history;
}
