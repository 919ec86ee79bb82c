import type { AppReport } from '@scorpiox/shared/contract';
import { type Decoder, list, moment, nullable, number, oneOf, record, text } from '../decode.ts';

/** Decodes how an application stands, as a state of its own or of a node on the map. */
export const appState: Decoder<AppReport['state']> = oneOf(['healthy', 'failing', 'silent', 'waiting']);

/** Decodes one application with what is judged of it. */
export const decodeAppReport = record<AppReport>({
  name: text,
  lastSeen: nullable(moment),
  requests: number,
  failures: number,
  p50: nullable(number),
  p95: nullable(number),
  p99: nullable(number),
  received: number,
  accepted: number,
  duplicates: number,
  rejected: number,
  sparkline: list(number),
  state: appState,
  stateReason: record<AppReport['stateReason']>({
    code: oneOf(['ok', 'failures', 'quiet', 'gone', 'never']),
    message: text,
  }),
  usualIntervalSeconds: nullable(number),
  requestsPerMinute: number,
  failureRate: nullable(number),
  requestsBefore: number,
  failureRateBefore: nullable(number),
  apdex: nullable(number),
  apdexMs: number,
  exceptions: number,
  newExceptions: number,
});
