/** What the sessions of the load send. */
import { CRISIS_APPS, RESEND_EVERY, RESEND_MS } from '../limits.ts';

/** A row as an application sends it. */
export interface CrisisEvent {
  readonly app: string;
  readonly name: string;
  /** `2026-03-21 01:02:03.456`, UTC. */
  readonly time: string;
  readonly operation: string;
  /** As the journal's applications spelt it: `00:00:00.1083441`. */
  readonly duration: string;
  /** The same in milliseconds: what is parsed when it comes in, not when somebody asks. */
  readonly durationMs: number;
  readonly success: 0 | 1;
}

/** One of the sessions, and what tells this load from another one. */
export interface Sender {
  readonly load: string;
  readonly session: number;
}

/**
 * What a session sends in a turn of its own. Every other one is an event that its neighbour sends within the same second as well, as a
 * sender does that got no answer in time: the race that let duplicates through.
 */
export function eventOf({ load, session }: Sender, turn: number, now: number): CrisisEvent {
  if (turn % RESEND_EVERY !== 0) return make(`${load}-${session}-${turn}`, session, now, turn);
  const [pair, second] = [Math.floor(session / 2), Math.floor(now / RESEND_MS)];
  return make(`${load}-pair-${pair}-${second}`, pair, second * RESEND_MS, second);
}

function make(operation: string, by: number, at: number, number: number): CrisisEvent {
  const ticks = 1_083_441 + ((number * 7919) % 9_000) * 1_000;
  const [seconds, rest] = [Math.floor(ticks / 10_000_000), ticks % 10_000_000];
  return {
    app: appName(by % CRISIS_APPS),
    name: `GET /item/${number % 200}`,
    time: new Date(at).toISOString().slice(0, -1).replace('T', ' '),
    operation,
    duration: `00:00:${two(seconds)}.${String(rest).padStart(7, '0')}`,
    durationMs: Math.round(ticks / 10_000),
    success: number % 50 === 0 ? 0 : 1,
  };
}

const two = (number: number): string => String(number).padStart(2, '0');

const appName = (number: number): string => `app-${two(number)}`;
