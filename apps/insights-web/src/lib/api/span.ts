import type { OverviewResponse } from '@scorpiox/shared/contract';
import { flag, moment, number, record } from '../decode.ts';

/** What is kept of the time that was asked for: see the contract's `Kept`. */
export type Kept = OverviewResponse['kept'];

/** The decoders of what every answer over a span says of it. */
export const spanFields = {
  from: moment,
  to: moment,
  now: moment,
  kept: record<Kept>({ unitSeconds: number, since: moment, complete: flag }),
};
