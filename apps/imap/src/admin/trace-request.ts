/** What `POST /traces` is sent, made sure of. */
import { randomUUID } from 'node:crypto';
import { TRACE } from '../limits.ts';
import type { TraceRequest, TraceSubject } from './operator.ts';

/** The request, or the sentence that says what is wrong with it. */
export function parseTraceRequest(body: unknown): TraceRequest | string {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return EXPECTED;
  const { user, session, minutes = TRACE.minutes.usual, octets = TRACE.octets.usual, ...others } = fieldsOf(body);
  const [other] = Object.keys(others);
  if (other !== undefined) return `There is no such field: ${other.slice(0, 50)}. ${EXPECTED}`;
  const subject = subjectOf(user, session);
  if (subject === undefined) return EXPECTED;
  if (!isWhole(minutes, 1, TRACE.minutes.most)) return `minutes is a whole number from 1 to ${TRACE.minutes.most}.`;
  if (!isWhole(octets, LEAST_OCTETS, TRACE.octets.most)) {
    return `octets is a whole number from ${LEAST_OCTETS} to ${TRACE.octets.most}.`;
  }
  return { id: randomUUID(), subject, minutes, octets };
}

const EXPECTED = 'Send {"user": NAME} or {"session": ID}, with "minutes" and "octets" where you like.';
/** Some lines. */
const LEAST_OCTETS = 4096;

const fieldsOf = (body: object): Readonly<Record<string, unknown>> => ({ ...body });

/** Names are folded as accounts are. */
function subjectOf(user: unknown, session: unknown): TraceSubject | undefined {
  if (typeof user === 'string' && session === undefined && /^[\w.@+-]{1,64}$/.test(user)) {
    return { user: user.toLowerCase() };
  }
  return typeof session === 'string' && user === undefined && /^[\w-]{1,64}$/.test(session) ? { session } : undefined;
}

function isWhole(value: unknown, from: number, to: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to;
}
