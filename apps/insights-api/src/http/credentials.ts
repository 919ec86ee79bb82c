import { SESSION_COOKIE } from '@scorpiox/shared/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The token or key of `Authorization: Bearer …`. */
export function readBearer(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
}

/** Out of reach of scripts, and never sent along with a request that another site started. */
const attributes = (publicUrl: string) =>
  ({ path: '/', httpOnly: true, sameSite: 'strict', secure: publicUrl.startsWith('https:') }) as const;

/** Gives the browser its session. */
export function setSessionCookie(reply: FastifyReply, publicUrl: string, token: string, ttlMs: number): void {
  reply.setCookie(SESSION_COOKIE, token, { ...attributes(publicUrl), maxAge: Math.floor(ttlMs / 1000) });
}

/** Takes it away. */
export function clearSessionCookie(reply: FastifyReply, publicUrl: string): void {
  reply.clearCookie(SESSION_COOKIE, attributes(publicUrl));
}
