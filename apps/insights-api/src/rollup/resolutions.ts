/**
 * The lengths of time that requests are summed up by, in minutes, finest first. Each holds all events, and each is a
 * multiple of the one before, so a span is covered by a few days, hours at their ends, and minutes at theirs.
 */
export const RESOLUTIONS = [1, 60, 1440] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

/** A part of a span and the sums that cover it exactly. `from` and `to` in whole minutes since 1970, `to` excluded. */
export interface Piece {
  readonly resolution: Resolution;
  readonly from: number;
  readonly to: number;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** The fewest pieces, in order of time, that are the span together, none coarser than that. */
export function cover({ from, to }: Span, coarsest: Resolution): readonly Piece[] {
  const resolution = RESOLUTIONS.findLast((one) => one <= coarsest) ?? 1;
  if (from >= to) return [];
  const start = Math.ceil(from / resolution) * resolution;
  const end = Math.floor(to / resolution) * resolution;
  const finer = RESOLUTIONS.findLast((one) => one < resolution);
  if (finer === undefined) return [{ resolution, from, to }];
  if (start >= end) return cover({ from, to }, finer);
  return [
    ...cover({ from, to: start }, finer),
    { resolution, from: start, to: end },
    ...cover({ from: end, to }, finer),
  ];
}

/** The coarsest sums of which none lies in two steps of a span. */
export function coarsestFor({
  from,
  stepMinutes,
}: {
  readonly from: number;
  readonly stepMinutes: number;
}): Resolution {
  return RESOLUTIONS.findLast((one) => from % one === 0 && stepMinutes % one === 0) ?? 1;
}
