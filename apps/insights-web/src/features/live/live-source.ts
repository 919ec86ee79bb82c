/**
 * The live tail's connection: server-sent events of `GET /api/live`, decoded. An EventSource tells neither why it is
 * refused nor that a silent connection is dead: the one is asked for, the other noticed by the beats that stay away.
 * It is closed at the first error, since who tries again, and when, is `LiveTail`'s business.
 */
import type { EventRecord, LiveBeat, LiveEnd, LiveEvents } from '@scorpiox/shared/contract';
import { decodeEvent } from '../../lib/api/decode-event.ts';
import { type Decoder, list, number, oneOf, record, text } from '../../lib/decode.ts';
import { ApiError, refusalOf } from '../../lib/http.ts';
import { SILENCE_MS } from './limits.ts';
import type { LiveHandlers } from './live-tail.ts';

const decodeEvents = record<LiveEvents>({ events: list(decodeEvent), missed: number });
const decodeBeat = record<LiveBeat>({ now: text, matched: number, missed: number, others: list(text) });
const decodeEnd = record<LiveEnd>({ reason: oneOf(['stopping', 'signed-out']) });

/** The data of a message; undefined where it is not what the contract says. */
function dataOf<T>(message: MessageEvent, decode: Decoder<T>): T | undefined {
  try {
    return decode(JSON.parse(String(message.data)));
  } catch {
    return undefined;
  }
}

const UNREADABLE = new ApiError({ kind: 'unreadable', status: 200 });
const SIGNED_OUT = new ApiError({
  kind: 'refused',
  status: 401,
  code: 'unauthorized',
  message: 'The session is over.',
  retryAfter: null,
});

type End = Parameters<LiveHandlers<EventRecord>['ended']>[0];

const lost = (problem: string | null): End => ({ final: false, error: null, problem });
const refused = (error: unknown): End => ({ final: true, error, problem: null });

/** What a refusal means: too many viewers, or a busy API, pass; a mistake in the query and a session that is over do not. */
function endOf(error: ApiError | null): End {
  const { failure } = error ?? {};
  if (failure?.kind !== 'refused') return lost(null);
  return failure.status === 429 || failure.status >= 500 ? lost(failure.message) : refused(error);
}

/** Opens a stream of the events that match, and returns what closes it. */
export function openLive(q: string, handlers: LiveHandlers<EventRecord>): () => void {
  const path = `/api/live${q === '' ? '' : `?${new URLSearchParams({ q })}`}`;
  const source = new EventSource(path);
  let isOver = false;
  let silence = setTimeout(() => end(lost(null)), SILENCE_MS);
  const close = (): void => {
    isOver = true;
    clearTimeout(silence);
    source.close();
  };
  const end = (how: End): void => {
    if (isOver) return;
    close();
    handlers.ended(how);
  };
  const heard = (): void => {
    clearTimeout(silence);
    silence = setTimeout(() => end(lost(null)), SILENCE_MS);
  };
  source.onopen = () => {
    heard();
    handlers.opened();
  };
  source.addEventListener('beat', (message) => {
    heard();
    const beat = dataOf(message, decodeBeat);
    if (beat !== undefined) handlers.others(beat.others);
  });
  source.addEventListener('events', (message) => {
    heard();
    const data = dataOf(message, decodeEvents);
    if (data === undefined) return end(refused(UNREADABLE));
    if (data.missed > 0) handlers.skipped(data.missed);
    handlers.events(data.events);
  });
  source.addEventListener('end', (message) => {
    const signedOut = dataOf(message, decodeEnd)?.reason === 'signed-out';
    end(signedOut ? refused(SIGNED_OUT) : lost('The API is stopping.'));
  });
  source.onerror = () => {
    // Closed by the browser: the API answered, and not with a stream.
    if (source.readyState !== EventSource.CLOSED) return end(lost(null));
    clearTimeout(silence);
    refusalOf(path).then(
      (error) => end(endOf(error)),
      () => end(lost(null)),
    );
  };
  return close;
}
