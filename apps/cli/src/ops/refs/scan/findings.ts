/** What a scan has found so far: counts, and findings up to a bound. */
import type { Why } from '../boundaries.ts';
import type { Content } from '../encoding.ts';
import { FINDINGS_KEPT, UNREADABLE_NAMED } from '../limits.ts';
import type { Spelling } from '../spellings.ts';
import type { Home } from './home.ts';
import { type OctetText, octetText } from './octets.ts';
import type { Standing } from './standing.ts';
import type { Tally } from './tally.ts';

/** What a file, or a symbolic link's target, says in one spelling, or says that is nearly it. */
export type RawFinding = {
  readonly path: OctetText;
  readonly home: Home;
  /** What the file holds; `binary` is never to be changed. */
  readonly content: Content | 'link';
  /** How often. */
  readonly count: number;
  /** Where, the first lines; none of a link. */
  readonly lines: readonly number[];
} & ({ readonly kind: 'hit'; readonly form: Spelling } | { readonly kind: 'near-miss'; readonly form: Why });

export type Finding = RawFinding & {
  readonly standing: Standing;
  /** Commands that mend it, where that is not done by writing the file anew: of git's own files. */
  readonly mend: readonly string[];
};

export interface Unreadable {
  readonly path: OctetText;
  /** The system's: `EACCES`. */
  readonly code: string;
}

export interface Report {
  /** Hits first; then by place. */
  readonly findings: readonly Finding[];
  readonly unreadable: readonly Unreadable[];
  /** Sentences on what could not be learnt of them. */
  readonly notes: readonly string[];
  readonly counts: Counts;
}

/** How much of everything there is, whether it was kept or not. */
export interface Counts {
  files: number;
  repositories: number;
  excluded: number;
  unreadable: number;
  /** Files and links that say it, and how often. */
  saying: number;
  hits: number;
  nearMisses: number;
  /** Findings that were not kept. */
  dropped: number;
}

export class Findings {
  readonly counts: Counts = {
    files: 0,
    repositories: 0,
    excluded: 0,
    unreadable: 0,
    saying: 0,
    hits: 0,
    nearMisses: 0,
    dropped: 0,
  };
  readonly hits: RawFinding[] = [];
  readonly nearMisses: RawFinding[] = [];
  readonly unreadable: Unreadable[] = [];
  readonly #repositories = new Set<OctetText>();

  sawHome(home: Home): void {
    if (home.kind === 'tree' || home.kind === 'broken' || this.#repositories.has(home.root)) return;
    this.#repositories.add(home.root);
    // A work tree and its folder are one; a folder without one is another.
    if (home.kind === 'work-tree' || home.root === octetText(home.repository.root)) this.counts.repositories += 1;
  }

  addUnreadable(path: OctetText, code: string): void {
    this.counts.unreadable += 1;
    if (this.unreadable.length < UNREADABLE_NAMED) this.unreadable.push({ path, code });
  }

  add(path: OctetText, home: Home, content: RawFinding['content'], { hits, nearMisses }: Tally): void {
    if (hits.size > 0) this.counts.saying += 1;
    for (const [form, { count, lines }] of hits) {
      this.counts.hits += count;
      this.#keep(this.hits, { kind: 'hit', form, path, home, content, count, lines: content === 'link' ? [] : lines });
    }
    for (const [form, { count, lines }] of nearMisses) {
      this.counts.nearMisses += count;
      this.#keep(this.nearMisses, {
        kind: 'near-miss',
        form,
        path,
        home,
        content,
        count,
        lines: content === 'link' ? [] : lines,
      });
    }
  }

  #keep(kept: RawFinding[], finding: RawFinding): void {
    if (kept.length < FINDINGS_KEPT) kept.push(finding);
    else this.counts.dropped += 1;
  }
}
