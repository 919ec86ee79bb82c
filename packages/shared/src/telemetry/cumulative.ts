import { subtractPoint } from './cumulative-subtract.ts';
import type { CountingPoint } from './metric-point.ts';

/*
 * From cumulative points to deltas
 *
 * A cumulative counter says how much there was since it started; rollups add up, so they need how much there was since
 * the point before. `advanceSeries` is that step as a pure function of what is remembered of a series and its next point;
 * whoever stores the memory commits it together with the delta.
 *
 * Invariants
 * - Within one life of a counter (one start) the deltas that were given, plus the baseline, add up to the value of the
 *   newest point that was taken. So a point that is lost costs nothing: the next delta holds its share.
 * - A point moves the memory forward in time or not at all. One that comes twice, or after a newer one, gives nothing,
 *   and nothing is missing for that: its share has been given already. So a batch that is sent again changes nothing.
 * - No delta of a counter that only grows is ever negative.
 *
 * Hazards, and what is done
 * - Restart: the start moves on. What the new life has counted is all new: a delta from its start. Where the start lies
 *   behind the newest point of the old life nobody knows what happened between (`gap`); where it lies before it, the
 *   sender's clock or its bookkeeping is wrong, or two writers share a series (`overlap`): the start is believed.
 * - A sender that never says its start (0), or that starts anew without saying so: a value, count or bucket that fell
 *   shows it (`reset`), and the new life began somewhere after the point before. A restart that has already overtaken the
 *   old value cannot be seen by anybody.
 * - The first point of a series: all since its start is news only if nothing of it was ever given, that is if the start
 *   lies within the memory of whoever remembers (`rememberedSince`). Else it is the baseline, and gives nothing.
 * - Histograms whose bounds change cannot be compared: a new baseline (`incomparable`). Exponential ones that change
 *   their scale or their zero threshold can, at the coarser of the two.
 * - Extremes: the least and greatest of a whole life say nothing of its last minute. A delta has them only where it
 *   covers the life from its start.
 */

/** What is remembered of a series: its newest point. */
export type SeriesState<P extends CountingPoint = CountingPoint> = P;

/**
 * What a point turned out to be:
 * - `first`: of its series, with what it brings since its start
 * - `baseline`: the first one, of a counter that is older than what is remembered
 * - `next`: the usual
 * - `restart`, `gap`, `overlap`, `reset`: a new life, as above
 * - `late`: not newer than what was seen
 * - `incomparable`: its buckets, its kind or its being monotonic are not those of the point before
 */
export type Advance = 'first' | 'baseline' | 'next' | 'restart' | 'gap' | 'overlap' | 'reset' | 'late' | 'incomparable';

export interface Advanced {
  readonly state: SeriesState;
  /** Temporality delta; absent where the point brings nothing. */
  readonly delta?: CountingPoint;
  readonly what: Advance;
}

/**
 * The next point of a series. `state` is what the last call gave for the series, undefined where nothing is remembered.
 * Of points that are deltas already nothing is remembered: they are not for this function.
 */
export function advanceSeries(state: SeriesState | undefined, point: CountingPoint, rememberedSince: bigint): Advanced {
  if (state === undefined) {
    if (point.start === 0n || point.start < rememberedSince) return { state: point, what: 'baseline' };
    return { state: point, delta: sinceStart(point), what: 'first' };
  }
  if (point.time <= state.time || isOlderLife(state, point)) return { state, what: 'late' };
  if (point.start > state.start && state.start !== 0n) return newLife(state, point);
  const difference = subtractPoint(point, state);
  if (difference === 'incomparable') return { state: point, what: 'incomparable' };
  if (difference === 'fell') return { state: point, delta: sinceStart({ ...point, start: state.time }), what: 'reset' };
  return { state: point, delta: { ...difference, temporality: 'delta', start: state.time }, what: 'next' };
}

/** A point of a life that ended before the one that is remembered began. An unknown start is of the same life. */
const isOlderLife = (state: SeriesState, point: CountingPoint): boolean =>
  point.start !== 0n && state.start !== 0n && point.start < state.start;

function newLife(state: SeriesState, point: CountingPoint): Advanced {
  const what = point.start === state.time ? 'restart' : point.start > state.time ? 'gap' : 'overlap';
  return { state: point, delta: sinceStart(point), what };
}

const sinceStart = (point: CountingPoint): CountingPoint => ({ ...point, temporality: 'delta' });
