/** What the log says of deliveries: users and outcomes, never senders, subjects or content. */
import type { Logger } from 'pino';
import type { SessionObserver } from '../lmtp/session.ts';
import { describeError } from './describe-error.ts';
import type { Metrics } from './metrics.ts';

/** Watches all of LMTP. */
export interface LmtpObserver extends SessionObserver {
  opened(): void;
  /** A connection that was one too many. */
  refused(): void;
  received(octets: number): void;
  sent(octets: number): void;
}

export function createLmtpObserver(log: Logger, metrics: Metrics): LmtpObserver {
  return {
    opened: () => metrics.opened('lmtp'),
    refused: () => {
      log.warn('LMTP connection refused: too many');
      metrics.refused('lmtp');
    },
    received: (octets) => metrics.received('lmtp', octets),
    sent: (octets) => metrics.sent('lmtp', octets),
    stored: (delivery) => {
      log.info({ ...delivery }, 'message stored');
      metrics.recipient('stored');
    },
    failed: (delivery) => {
      log.warn({ ...delivery }, 'message not stored');
      metrics.recipient(delivery.code);
    },
    unknown: () => metrics.recipient('unknown-user'),
    trouble: (message, error) => {
      log.error({ error: describeError(error) }, message);
      metrics.trouble();
    },
  };
}
