/** What was found, with how git sees it and what mends it: git is asked once for each repository that has findings. */
import type { Repository } from '../../git/repositories.ts';
import type { Finding, Findings, RawFinding, Report } from './findings.ts';
import { shownRoot } from './home.ts';
import { type Mender, mendOf } from './mend.ts';
import { below, type OctetText } from './octets.ts';
import { type Standing, standings } from './standing.ts';
import { userSettings } from './user-settings.ts';

export async function settle(found: Findings, mender: Mender, signal: AbortSignal): Promise<Report> {
  const all = [...found.hits, ...found.nearMisses];
  const broken = all.flatMap(({ home }) => (home.kind === 'broken' ? [home.message] : []));
  const notes = [...new Set(broken)];
  const known = new Map<OctetText, ReadonlyMap<OctetText, Standing>>();
  for (const [root, { repository, paths }] of byWorkTree(all)) {
    const told = await standings(repository, paths, mender.env, signal);
    if (told.ok) known.set(root, told.value);
    else notes.push(told.error.message);
  }
  const findings: Finding[] = [];
  const mended = new Set<OctetText>();
  for (const raw of all) {
    const standing = standingOf(raw, known);
    // All commands that mend a file stand with its first hit.
    const isToMend = standing === 'git' && raw.kind === 'hit' && !mended.has(raw.path);
    if (isToMend) mended.add(raw.path);
    findings.push({ ...raw, standing, mend: isToMend ? await mendOf(raw, mender) : [] });
  }
  const own = await userSettings(mender);
  found.counts.hits += own.length;
  found.counts.saying += own.length;
  return {
    findings: [...findings, ...own].sort(byPlace),
    unreadable: found.unreadable.toSorted((a, b) => compare(a.path, b.path)),
    notes,
    counts: found.counts,
  };
}

interface Asked {
  readonly repository: Repository;
  readonly paths: Set<OctetText>;
}

/** Paths that git is to be asked about, by their work trees. */
function byWorkTree(all: readonly RawFinding[]): ReadonlyMap<OctetText, Asked> {
  const trees = new Map<OctetText, Asked>();
  for (const { path, home } of all) {
    if (home.kind !== 'work-tree' || isDotGit(path)) continue;
    const asked = trees.get(home.root) ?? { repository: home.repository, paths: new Set() };
    asked.paths.add(below(path, home.root));
    trees.set(home.root, asked);
  }
  return trees;
}

function standingOf(
  { path, home }: RawFinding,
  known: ReadonlyMap<OctetText, ReadonlyMap<OctetText, Standing>>,
): Standing {
  if (home.kind === 'git-folder' || isDotGit(path)) return 'git';
  if (home.kind === 'tree') return 'outside';
  if (home.kind === 'broken') return 'unknown';
  return known.get(home.root)?.get(below(path, home.root)) ?? 'unknown';
}

/** The file by which a linked worktree, or a submodule, names its repository. */
const isDotGit = (path: OctetText): boolean => path.endsWith('/.git');

function byPlace(a: Finding, b: Finding): number {
  if (a.kind !== b.kind) return a.kind === 'hit' ? -1 : 1;
  return compare(shownRoot(a.home), shownRoot(b.home)) || compare(a.path, b.path) || compare(a.form, b.form);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
