/** What a scan has found, sorted out: what is to be changed in which working tree, what is left, and what others mend. */
import { basename } from 'node:path';
import { pathText } from '../../plan/actions/path.ts';
import type { AbsolutePath } from '../absolute-path.ts';
import type { Finding, Report } from '../scan/findings.ts';
import { below, octetsOfText, octetText } from '../scan/octets.ts';
import type { Left } from './change.ts';
import { isChanged } from './internals.ts';
import type { Candidate, Group } from './plan-replace.ts';
import { isSpare } from './spare.ts';

export interface Sorted {
  readonly groups: readonly Group[];
  readonly left: readonly Left[];
  /** What others have to change, each with the command that does it. */
  readonly mends: readonly string[];
  /** What else people are to know, a sentence each. */
  readonly notes: readonly string[];
}

export interface SortOptions {
  /** What is written in place of the path. */
  readonly put: AbsolutePath;
  /** Whether files are passed over that git does not track. */
  readonly onlyTracked: boolean;
}

export function sortOut(report: Report, options: SortOptions): Sorted {
  const left: Left[] = [];
  const mends: string[] = [];
  const groups = new Map<string, Group & { readonly candidates: Candidate[] }>();
  const seen = new Set<string>();
  for (const finding of report.findings) {
    if (finding.kind !== 'hit') continue;
    const path = pathText(octetsOfText(finding.path));
    const treatment = treatmentOf(finding, options);
    if (treatment === 'named') mends.push(...finding.mend.map((command) => `${path}: ${command}`));
    if (treatment === 'named' || treatment === 'passed' || seen.has(path)) continue;
    seen.add(path);
    if (treatment === 'binary') left.push({ path, why: 'binary', message: 'is binary.' });
    else if (treatment === 'unknown') left.push({ path, why: 'not-permitted', message: UNKNOWN });
    else groupOf(groups, finding).candidates.push({ path, standing: treatment });
  }
  return {
    groups: [...groups.values()],
    left: [...left, ...unreadable(report)],
    mends,
    notes: [...report.notes, ...counted(report)],
  };
}

const UNKNOWN = 'is in a working tree that git knows nothing of: mend that first.';

type Treatment = Candidate['standing'] | 'named' | 'passed' | 'binary' | 'unknown';

function treatmentOf({ standing, content, path, home }: Finding, { put, onlyTracked }: SortOptions): Treatment {
  if (standing === 'user-config') return 'named';
  if (standing === 'git') {
    const isOwn = home.kind === 'git-folder' && isChanged(below(path, home.root), put);
    return isOwn && !onlyTracked ? 'internal' : 'named';
  }
  // What a run that died has left: the run that is undone takes it away.
  if (isSpare(basename(path))) return 'passed';
  if (standing === 'unknown') return 'unknown';
  if (onlyTracked && standing !== 'tracked') return 'passed';
  if (content === 'binary') return 'binary';
  return standing;
}

function groupOf(groups: Map<string, Group & { readonly candidates: Candidate[] }>, { home }: Finding) {
  const repository = 'repository' in home ? home.repository : undefined;
  const key = repository === undefined ? '' : octetText(repository.root);
  const group = groups.get(key) ?? { repository, candidates: [] };
  groups.set(key, group);
  return group;
}

const unreadable = ({ unreadable: all }: Report): readonly Left[] =>
  all.map(({ path, code }) => {
    return { path: pathText(octetsOfText(path)), why: 'not-permitted', message: `cannot be read: ${code}.` };
  });

function counted({ counts: { nearMisses } }: Report): readonly string[] {
  if (nearMisses === 0) return [];
  return [`Near misses stay as they are: ${nearMisses.toLocaleString('en')}. \`scorpiox refs scan\` shows them.`];
}
