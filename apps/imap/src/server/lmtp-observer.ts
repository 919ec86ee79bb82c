/** What the log says of deliveries: users and outcomes, never senders, subjects or content. */
import type { Logger } from 'pino';
import type { SessionObserver } from '../lmtp/session.ts';

export function createLmtpObserver(log: Logger): SessionObserver {
  return {
    stored: (delivery) => log.info({ ...delivery }, 'message stored'),
    failed: (delivery) => log.warn({ ...delivery }, 'message not stored'),
    trouble: (message, error) => log.error({ error: describe(error) }, message),
  };
}

/** What of an error may be logged: its kind and where it came from. Messages of strange errors may hold anything. */
function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error;
  const code = 'code' in error ? error.code : undefined;
  return { name: error.name, code, at: error.stack?.split('\n').slice(1, 6) };
}
