import { setTimeout as sleep } from 'node:timers/promises';
import { type EventRecord, LiveEnd, LiveEvents } from '@scorpiox/shared/contract';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { ApiClient } from '../api/client.ts';
import { readServerSentEvents, type ServerSentEvent } from '../api/sse.ts';
import type { Failure } from '../failure.ts';
import { TAIL_RETRY_MS, TAIL_SILENCE_MS } from '../limits.ts';

/*
 * Following events as they are stored
 *
 * Nothing is left out silently. What the API could not send it counts; where a connection was lost, what was stored
 * meanwhile is not shown, and the span of it is told. Whoever prints slowly is waited for: then the API, which holds little
 * back for a reader, counts what it left out.
 *
 * A connection that is lost is opened again, as long as it takes; what the API says no to (a query, a token) is not asked
 * again. The first connection has to come about: an address that is wrong is not waited for.
 */

/** Who is told of what. */
export interface TailListener {
  /** Events, oldest first; the next come when it resolves. */
  events(events: readonly EventRecord[]): Promise<void>;
  /** So many events were left out before what comes next. */
  skipped(count: number): void;
  /** The connection is gone; it is tried again. */
  lost(reason: string): void;
  /** It is back; what was stored between these moments (milliseconds since 1970) is not shown. */
  back(from: number, to: number): void;
}

export interface TailOptions {
  /** Opens a connection and reads it to its end, with an API at hand. */
  readonly withApi: <T>(use: (api: ApiClient) => Promise<Result<T, Failure>>) => Promise<Result<T, Failure>>;
  readonly query: string;
  readonly listener: TailListener;
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly now?: () => number;
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const rest = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);

/** Why a connection ended that had come about. */
interface Ended {
  readonly reason: string;
}

/** Follows until the signal says so; fails with what the API says no to. */
export async function tailEvents(options: TailOptions): Promise<Result<void, Failure>> {
  const { withApi, listener, signal, now = Date.now, pause = rest } = options;
  let goneAt: number | undefined;
  let hasBeenThere = false;
  for (let tries = 0; !signal.aborted; tries += 1) {
    const opened = () => {
      if (goneAt !== undefined) listener.back(goneAt, now());
      [goneAt, hasBeenThere, tries] = [undefined, true, 0];
    };
    const ended = await withApi((api) => readTail(api, options, opened));
    if (signal.aborted) break;
    const reason = ended.ok ? ended.value.reason : ended.error.message;
    if (!ended.ok && !(hasBeenThere && passes(ended.error))) return ended;
    if (goneAt === undefined) listener.lost(reason);
    goneAt ??= now();
    await pause(TAIL_RETRY_MS[Math.min(tries, TAIL_RETRY_MS.length - 1)] ?? 0, signal);
  }
  return ok(undefined);
}

/** Whether a failure may be over a little later. */
const passes = ({ kind }: Failure): boolean => kind === 'unavailable' || kind === 'try-again';

async function readTail(
  api: ApiClient,
  { query, listener, signal }: TailOptions,
  opened: () => void,
): Promise<Result<Ended, Failure>> {
  const silence = new AbortController();
  const watch = () => setTimeout(() => silence.abort(), TAIL_SILENCE_MS);
  let timer = watch();
  const either = AbortSignal.any([signal, silence.signal]);
  try {
    const body = await api.open(`/api/live?${new URLSearchParams({ q: query })}`, either);
    if (!body.ok) return body;
    opened();
    for await (const event of readServerSentEvents(body.value)) {
      // While somebody prints it is not the API that is silent.
      clearTimeout(timer);
      const end = await take(event, listener);
      if (end !== undefined) return end;
      timer = watch();
    }
    return ok({ reason: 'the API ended the stream' });
  } catch (error) {
    if (silence.signal.aborted) return ok({ reason: 'the API has gone silent' });
    return ok({ reason: error instanceof Error ? error.message : String(error) });
  } finally {
    clearTimeout(timer);
  }
}

/** Undefined while the stream goes on. */
async function take(
  { event, data }: ServerSentEvent,
  listener: TailListener,
): Promise<Result<Ended, Failure> | undefined> {
  if (event === 'events') {
    const read = parse(LiveEvents, data);
    if (read === undefined) return err(STRANGE);
    if (read.missed > 0) listener.skipped(read.missed);
    if (read.events.length > 0) await listener.events(read.events);
  } else if (event === 'end') {
    const read = parse(LiveEnd, data);
    return read === undefined ? err(STRANGE) : ok({ reason: REASONS[read.reason] });
  }
  return undefined;
}

const REASONS = { stopping: 'the API is being stopped', 'signed-out': 'the session is over' } as const;

const STRANGE: Failure = {
  kind: 'error',
  message: 'The API sends something else than this version of scorpiox knows.',
};

function parse<S extends TSchema>(schema: S, data: string) {
  try {
    const value: unknown = JSON.parse(data);
    return Value.Check(schema, value) ? value : undefined;
  } catch {
    return undefined;
  }
}
