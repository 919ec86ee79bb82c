import { RETRY_AFTER_SECONDS } from '../limits.ts';
import { ApiError } from './errors.ts';
import type { ApiInstance } from './instance.ts';

/** Why nothing is done now, and the routes that are answered all the same. */
export interface NotNow {
  readonly message: string;
  readonly except: readonly string[];
  /** Whether the connection ends with the answer. */
  readonly close: boolean;
}

export const notNow = (message: string): ApiError =>
  new ApiError('unavailable', message, { retryAfter: RETRY_AFTER_SECONDS });

/**
 * While `when` says so, whatever comes is to come again, before it is asked who it is. After every `onRequest`, so that a
 * route's own headers are on its answer; a browser that only asks whether it may send gets its answer.
 */
export function turnAway(app: ApiInstance, when: () => NotNow | undefined): void {
  app.addHook('preParsing', async (request, reply) => {
    const now = when();
    if (now === undefined || request.method === 'OPTIONS') return;
    if (now.close) reply.header('connection', 'close');
    if (!now.except.includes(request.routeOptions.url ?? '')) throw notNow(now.message);
  });
}
