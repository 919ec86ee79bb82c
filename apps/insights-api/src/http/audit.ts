import type { FastifyRequest } from 'fastify';

/** What somebody may change by the API, as the log names it. */
type Change =
  | 'app.add'
  | 'app.retention'
  | 'app.apdex'
  | 'key.add'
  | 'key.limit'
  | 'key.revoke'
  | 'token.add'
  | 'token.revoke'
  | 'user.add'
  | 'user.role'
  | 'user.password'
  | 'alert.rule'
  | 'backup'
  | 'import';

/** Says in the log who changed what. `details` holds no secret: a key is told by its first characters (`keyHint`). */
export function audit(
  { log, principal, ip }: FastifyRequest,
  change: Change,
  details: Readonly<Record<string, string | number | null>>,
): void {
  log.info({ audit: change, by: principal?.user, role: principal?.role, from: ip, ...details }, 'audit');
}

/** Enough of a key to tell it from others in a list, too little to send with. */
export const keyHint = (key: string): string => `${key.slice(0, 8)}…`;
