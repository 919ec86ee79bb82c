/** What got better or worse since a report that was saved. Pure. */
import { CHANGE_SHARE } from './limits.ts';
import type { Report } from './report.ts';

export interface Comparison {
  /** When the saved one was made, ISO 8601. */
  readonly with: string;
  readonly findings: readonly { readonly id: string; readonly change: 'new' | 'gone' }[];
  readonly measures: readonly ComparedMeasure[];
}

/** A type rather than an interface: only those are records of printable values. */
type ComparedMeasure = {
  readonly measure: string;
  readonly before: number;
  readonly after: number;
  readonly change: 'better' | 'worse' | 'same' | 'other';
};

/** Measures that only one of them has are left out: nothing can be said of those. */
export function compare(before: Report, after: Report): Comparison {
  const [had, has] = [idsOf(before), idsOf(after)];
  const known = new Map(before.measures.map(({ measure, value }) => [measure, value]));
  return {
    with: before.at,
    findings: [
      ...[...has].filter((id) => !had.has(id)).map((id) => ({ id, change: 'new' as const })),
      ...[...had]
        .filter((id) => !has.has(id) && wasLookedAt(id, before, after))
        .map((id) => ({ id, change: 'gone' as const })),
    ],
    measures: after.measures.flatMap(({ measure, value, better }) => {
      const earlier = known.get(measure);
      if (earlier === undefined) return [];
      return [{ measure, before: earlier, after: value, change: changeOf(earlier, value, better) }];
    }),
  };
}

const idsOf = ({ findings }: Report): ReadonlySet<string> => new Set(findings.map(({ id }) => id));

/** A finding is gone only where what it was found in was looked at again: a section that told nothing this time cures nothing. */
function wasLookedAt(id: string, before: Report, after: Report): boolean {
  const measured = new Set(after.sections.filter(({ reason }) => reason === null).map(({ section }) => section));
  const finding = before.findings.find((one) => one.id === id);
  return finding !== undefined && measured.has(finding.section);
}

function changeOf(before: number, after: number, better: 'less' | 'neither'): ComparedMeasure['change'] {
  if (Math.abs(after - before) <= Math.abs(before) * CHANGE_SHARE) return 'same';
  if (better === 'neither') return 'other';
  return after < before ? 'better' : 'worse';
}
