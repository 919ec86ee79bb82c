import type { Config } from '@scorpiox/shared/config';
import type { Role } from '@scorpiox/shared/contract';
import { err, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import { withControl } from '../insights/control.ts';
import { LOCAL_SESSION_MS } from '../limits.ts';
import { ApiClient, type Remote } from './client.ts';

/** Which API is meant: one that is named, or the one of an installation on this machine. */
export type Where =
  | { readonly kind: 'remote'; readonly remote: Remote }
  | { readonly kind: 'here'; readonly config: Config };

/** No account can have this name: nobody else's session is mistaken for it, and the log says what it was. */
const LOCAL_USER = '(scorpiox)';

/**
 * Asks an API. Whoever can write to the database of an installation needs no token for its API: a session is begun there,
 * of that role and no more, and ended again.
 */
export async function withApi<T>(
  where: Where,
  role: Role,
  use: (api: ApiClient) => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  if (where.kind === 'remote') return use(new ApiClient(where.remote));
  const url = localUrl(where.config);
  // Asked first: a database is not made for an API that is not there.
  const there = await new ApiClient({ url }).done('GET', '/healthz');
  if (!there.ok) return err(there.error.kind === 'unavailable' ? notRunning(there.error) : there.error);
  return withControl(where.config, async (control) => {
    const { token } = await control.createSession({ user: LOCAL_USER, role, ttlMs: LOCAL_SESSION_MS });
    try {
      const done = await use(new ApiClient({ url, session: token }));
      return done.ok || done.error.kind !== 'not-signed-in' ? done : err(stranger(url));
    } finally {
      await control.endSession(token);
    }
  });
}

/** Where the API of a configuration listens, as this machine reaches it. */
function localUrl({ insights: { host, port } }: Config): string {
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}

const notRunning = ({ message }: Failure): Failure => ({
  kind: 'unavailable',
  message: `${message} Start it with \`scorpiox up\`, or name another API with \`scorpiox login URL\`.`,
});

const stranger = (url: string): Failure => ({
  kind: 'error',
  message: `The API at ${url} works on another database than this configuration names (insights.database).`,
});
