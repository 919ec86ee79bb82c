import type { AppTotals } from './port.ts';

/** What an application's requests in one piece of a span come to. */
export type PieceTotals = Pick<AppTotals, 'requests' | 'failures' | 'buckets' | 'min' | 'max'>;

/** The same for all pieces together. */
export function mergeTotals(pieces: readonly PieceTotals[]): PieceTotals {
  const mins = pieces.flatMap(({ min }) => min ?? []);
  const maxs = pieces.flatMap(({ max }) => max ?? []);
  return {
    requests: pieces.reduce((sum, { requests }) => sum + requests, 0),
    failures: pieces.reduce((sum, { failures }) => sum + failures, 0),
    buckets: addUp(pieces.flatMap(({ buckets }) => buckets.map(({ bucket, count }) => [bucket, count] as const))).map(
      ([bucket, count]) => ({ bucket, count }),
    ),
    ...(mins.length === 0 ? {} : { min: Math.min(...mins) }),
    ...(maxs.length === 0 ? {} : { max: Math.max(...maxs) }),
  };
}

/** Steps of all pieces, ascending; two pieces may meet within one. */
export function mergeSteps(steps: AppTotals['steps']): AppTotals['steps'] {
  return addUp(steps.map(({ step, count }) => [step, count] as const)).map(([step, count]) => ({ step, count }));
}

/** One entry for each number, ascending. */
function addUp(entries: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const sums = new Map<number, number>();
  for (const [key, count] of entries) sums.set(key, (sums.get(key) ?? 0) + count);
  return [...sums].toSorted(([a], [b]) => a - b);
}
