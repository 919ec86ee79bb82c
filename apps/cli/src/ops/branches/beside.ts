/** What stands beside a verdict: who has a branch in hand, what keeps it, what it follows. */
import type { Repository } from '../git/repositories.ts';
import type { Asking } from './asking.ts';
import type { History } from './history.ts';
import { readInUse } from './in-use.ts';
import type { Judged } from './judge.ts';
import { KEPT_ALWAYS, keptBy } from './kept.ts';
import { configured, type Reference, type References } from './references.ts';
import type { Branch, InUse } from './verdict.ts';

export interface Beside {
  readonly inUse: ReadonlyMap<string, readonly InUse[]>;
  readonly patterns: readonly string[];
  readonly remotes: readonly string[];
  readonly refs: ReadonlySet<string>;
}

export async function readBeside(
  asking: Asking,
  repository: Repository,
  { all }: References,
  keep: readonly string[],
): Promise<Beside> {
  const { stdout } = await asking.answer(['remote']);
  return {
    inUse: await readInUse(asking, repository),
    patterns: [...keep, ...(await configured(asking, 'scorpiox.keep')), ...KEPT_ALWAYS],
    remotes: stdout
      .toString()
      .split('\n')
      .filter((name) => name !== ''),
    refs: new Set(all.map(({ ref }) => ref)),
  };
}

/** A branch with all that is known of it. `judged` is absent where its commit cannot be read. */
export function branchOf(reference: Reference, history: History, judged: Judged | undefined, beside: Beside): Branch {
  const { ref, id, upstream } = reference;
  const remote = remoteOf(ref, beside.remotes);
  const name = ref.replace(/^refs\/(?:heads|remotes)\//, '');
  const keeping = keptBy(remote === undefined ? name : name.slice(remote.length + 1), beside.patterns);
  const commit = history.find(id);
  return {
    ref,
    name,
    tip: id,
    time: commit === undefined ? 0 : history.timeOf(commit),
    ahead: judged?.ahead ?? 0,
    behind: judged?.behind ?? 0,
    verdict: judged?.verdict ?? { kind: 'unknown', why: 'broken' },
    inUse: beside.inUse.get(ref) ?? [],
    ...(remote === undefined ? {} : { remote }),
    ...(keeping === undefined ? {} : { keptBy: keeping }),
    ...(upstream === undefined ? {} : { upstream: { name: shortName(upstream), isGone: !beside.refs.has(upstream) } }),
  };
}

const shortName = (ref: string): string => ref.replace(/^refs\/(?:heads|remotes)\//, '');

/** The remote whose branch a reference is a copy of: names of remotes may have slashes, so the longest that fits. */
function remoteOf(ref: string, remotes: readonly string[]): string | undefined {
  if (!ref.startsWith('refs/remotes/')) return undefined;
  const rest = ref.slice('refs/remotes/'.length);
  const fitting = remotes.filter((name) => rest.startsWith(`${name}/`));
  return fitting.sort((a, b) => b.length - a.length)[0] ?? rest.slice(0, rest.indexOf('/'));
}
