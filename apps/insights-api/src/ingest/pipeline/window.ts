import type { ParsedEvent } from '@scorpiox/shared/telemetry';
import { AHEAD_MS, RETENTION_MARGIN_MS } from '../../limits.ts';
import type { Drop } from './reasons.ts';

/** What became of an event that the store refuses for its time: retention has been made longer since. */
export const DELETED: Drop = {
  reason: 'too-old',
  message: 'time lies where events of this application have been deleted already.',
};

/**
 * Step "validate": whether the event lies in the time that can be stored. Undefined when it does.
 * `keptMs`: how long its application's events are kept, milliseconds.
 */
export function checkWindow(event: ParsedEvent, now: number, keptMs: number): Drop | undefined {
  if (event.timeMs > now + AHEAD_MS) {
    return { reason: 'too-far-ahead', message: 'time is more than two hours ahead of the server.' };
  }
  if (event.timeMs < now - (keptMs - RETENTION_MARGIN_MS)) {
    return { reason: 'too-old', message: 'time is further back than events of this application are kept.' };
  }
  return undefined;
}
