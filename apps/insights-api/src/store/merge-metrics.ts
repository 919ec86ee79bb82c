import type { MetricListed } from './metric-questions.ts';

/** Each metric once, of all pieces of a span together, by name and unit. */
export function mergeListed(pieces: readonly MetricListed[]): readonly MetricListed[] {
  const merged = new Map<string, MetricListed>();
  for (const piece of pieces) {
    const key = JSON.stringify([piece.name, piece.unit]);
    const there = merged.get(key);
    const newest = there === undefined || piece.lastUs >= there.lastUs ? piece : there;
    merged.set(key, { ...newest, points: piece.points + (there?.points ?? 0) });
  }
  const order = (one: MetricListed) => [one.name, one.unit] as const;
  return [...merged.values()].toSorted((a, b) => compare(order(a), order(b)));
}

function compare(a: readonly [string, string], b: readonly [string, string]): number {
  const place = a[0] === b[0] ? 1 : 0;
  return a[place] < b[place] ? -1 : a[place] > b[place] ? 1 : 0;
}
