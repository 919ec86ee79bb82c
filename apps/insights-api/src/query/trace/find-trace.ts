import type { AppRecord } from '@scorpiox/shared/database';
import { AHEAD_MS, DAY, KEPT_DAYS } from '../../limits.ts';
import type { RawEvents, StoredEvent } from '../../store/raw/raw-port.ts';
import type { RawTools } from '../raw/answers.ts';
import { SEARCH_BUDGET, TRACE_EVENTS, TRACE_MINUTES, TRACE_NEAR_MS } from '../raw/limits.ts';

const MINUTE_MS = 60_000;

export interface FoundTrace {
  /** By time; the earliest where there are more than are shown. */
  readonly events: readonly StoredEvent[];
  readonly cut: boolean;
  readonly notes: readonly string[];
}

/**
 * The events of an operation. With a moment near to it, those of an hour around; else all that is kept is looked through,
 * a day at a time, the newest first, until a day has nothing more of it. `near`: milliseconds since 1970.
 */
export async function findTrace(
  tools: RawTools,
  operationId: string,
  { near, apps }: { readonly near?: number | undefined; readonly apps: readonly AppRecord[] },
): Promise<FoundTrace> {
  if (near !== undefined) {
    const [from, to] = [toMinute(near - TRACE_NEAR_MS), toMinute(near + TRACE_NEAR_MS) + 1];
    const events = await readPart(tools.raw, operationId, from, to);
    if (events.length > 0) return conclude(events, ['Only what happened within an hour of that moment is shown.']);
  }
  const kept = Math.max(KEPT_DAYS, ...apps.map(({ retentionDays = 0 }) => retentionDays));
  return lookThrough(tools, operationId, tools.now() - (kept + 1) * DAY);
}

async function lookThrough(tools: RawTools, operationId: string, oldest: number): Promise<FoundTrace> {
  const { raw, ticks, now, signal } = tools;
  const began = ticks();
  const found: StoredEvent[] = [];
  for (let to = toMinute(now() + AHEAD_MS) + 1; to > toMinute(oldest); to -= TRACE_MINUTES) {
    signal?.throwIfAborted();
    const events = await readPart(raw, operationId, Math.max(0, to - TRACE_MINUTES), to);
    if (events.length === 0 && found.length > 0) break;
    found.unshift(...events);
    if (ticks() - began < SEARCH_BUDGET.ms) continue;
    const since = new Date((to - TRACE_MINUTES) * MINUTE_MS).toISOString();
    return conclude(found, [`The search took too long: what happened before ${since} was not looked at.`]);
  }
  return conclude(found, []);
}

const toMinute = (ms: number): number => Math.floor(ms / MINUTE_MS);

/** One more than are shown, so that it is seen that there are more. */
const readPart = (raw: RawEvents, operationId: string, fromMinute: number, toMinute: number) =>
  raw.operation({ operationId, fromMinute, toMinute, most: TRACE_EVENTS + 1 });

function conclude(events: readonly StoredEvent[], notes: readonly string[]): FoundTrace {
  return { events: events.slice(0, TRACE_EVENTS), cut: events.length > TRACE_EVENTS, notes };
}
