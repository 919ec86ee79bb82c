import { eventHash, type NativeEvent, parseNativeEvent } from '@scorpiox/shared/telemetry';
import type { IdentifiedEvent, Submission } from '../../src/store/port.ts';

/** A moment that events of tests happen at: the start of a minute. */
export const NOON = Date.parse('2026-11-20T12:00:00Z');

/** A request at NOON, unless told otherwise. */
export function nativeRequest(fields: Partial<NativeEvent> = {}): NativeEvent {
  return {
    kind: 'request',
    time: new Date(NOON).toISOString(),
    name: 'GET /',
    durationMs: 10,
    success: true,
    ...fields,
  };
}

/** The same as the writer gets it. */
export function identified(fields: Partial<NativeEvent> = {}): IdentifiedEvent {
  const parsed = parseNativeEvent(nativeRequest(fields));
  if (!parsed.ok) throw new Error(parsed.error.message);
  return { event: parsed.value, hash: eventHash(parsed.value) };
}

export function submission(
  appId: number,
  events: readonly IdentifiedEvent[],
  more: Partial<Submission> = {},
): Submission {
  return { appId, receivedAt: NOON, events, dropped: {}, ...more };
}
