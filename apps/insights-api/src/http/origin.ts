import type { FastifyRequest } from 'fastify';
import { ApiError } from './errors.ts';

/**
 * Refuses a change that another site's page asks for. Browsers send Origin with every such request, so one that carries
 * a session cookie must have it (`required`); programs with tokens send none. The site is the Host that was asked, or
 * the public address where a proxy rewrites Host.
 */
export function checkOrigin(request: FastifyRequest, publicUrl: string, required: boolean): void {
  const { origin, host } = request.headers;
  if (origin === undefined && !required) return;
  const ours = origin !== undefined && (sameHost(origin, host) || origin === new URL(publicUrl).origin);
  if (!ours) throw new ApiError('cross-site', 'This request has to come from the dashboard itself.');
}

function sameHost(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}
