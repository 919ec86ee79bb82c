/**
 * Latency buckets after DDSketch (Masson, Rim, Lee, PVLDB 12(12) 2019) with γ = 2^(1/32): bucket i covers
 * (γ^(i−1), γ^i] microseconds, so an estimate is within 1.09 % of the truth at every quantile, and buckets of any
 * minutes and operations merge by adding their counts. About 700 buckets reach from 1 ms to 1 h.
 */
const PER_OCTAVE = 32;
const GAMMA = 2 ** (1 / PER_OCTAVE);

/** The bucket of durations that are 0: below every other, so that buckets sort by duration. */
export const ZERO_BUCKET = -1;

/** The bucket of a duration in whole microseconds. */
export function bucketOf(microseconds: number): number {
  if (microseconds <= 0) return ZERO_BUCKET;
  return Math.ceil(Math.log2(microseconds) * PER_OCTAVE);
}

/** The duration that stands for a bucket, microseconds: at most 1.09 % from everything in it. */
export function midpointOf(bucket: number): number {
  return bucket === ZERO_BUCKET ? 0 : (2 * GAMMA ** bucket) / (GAMMA + 1);
}
