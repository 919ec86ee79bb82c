/** The operator's port as it is configured. */
import { adminTokenFile, type Config } from '@scorpiox/shared/config';
import type { Operator } from './operator.ts';
import { type AdminLog, AdminServer } from './server.ts';
import { readToken, TokenError } from './token.ts';

/** The port cannot be offered; `message` is a sentence that says what to do. */
export class AdminError extends Error {
  override readonly name = 'AdminError';
  readonly reason: 'port' | 'token';

  constructor(reason: 'port' | 'token', message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface Admin {
  readonly port: number;
  stop(): Promise<void>;
}

/** Listens; undefined where the port is turned off. Rejects with `AdminError`. */
export async function startAdmin(config: Config, operator: Operator, log: AdminLog): Promise<Admin | undefined> {
  const port = config.imap.adminPort;
  if (port === 0) return undefined;
  const token = await readToken(adminTokenFile(config)).catch((error: unknown) => {
    throw error instanceof TokenError ? new AdminError('token', error.message) : error;
  });
  const server = new AdminServer({ port, token, operator, log });
  try {
    return { port: await server.start(), stop: () => server.stop() };
  } catch (error) {
    const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    const what = inUse ? 'is in use' : `cannot be listened on: ${error instanceof Error ? error.message : 'unknown'}`;
    const advice = 'Set imap.admin_port (SCORPIOX_IMAP_ADMIN_PORT) to another port, or to 0 for none.';
    throw new AdminError('port', `Port ${port} on 127.0.0.1 ${what}. ${advice}`);
  }
}
