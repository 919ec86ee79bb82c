import { type EventRecord, EventsResponse, type PartialSearch } from '@scorpiox/shared/contract';
import { ok, type Result } from '@scorpiox/shared/result';
import type { ApiClient } from '../api/client.ts';
import type { Failure } from '../failure.ts';
import { QUERY_PAGE } from '../limits.ts';

/** What is looked for. Times as the API takes them: ISO 8601, `now`, `now-1h`. */
export interface EventsQuestion {
  readonly query: string;
  readonly from: string;
  readonly to: string;
  /** So many of the newest. */
  readonly limit: number;
}

export interface FoundEvents {
  /** The newest first. */
  readonly events: readonly EventRecord[];
  /** Whether there are further ones. */
  readonly isMore: boolean;
  /** Where the search gave up before the span was through; null where it did not. */
  readonly partial: PartialSearch | null;
  /** What the asker should know, as sentences. */
  readonly notes: readonly string[];
}

/** Asks an API for events, page by page. */
export async function findEvents(api: ApiClient, question: EventsQuestion): Promise<Result<FoundEvents, Failure>> {
  const events: EventRecord[] = [];
  // Times that are relative to now are those of the first page, or the span would move from page to page.
  let span = { from: question.from, to: question.to };
  let cursor: string | undefined;
  for (;;) {
    const page = await askPage(api, question, span, { limit: question.limit - events.length, cursor });
    if (!page.ok) return page;
    const { nextCursor, partial, notes, from, to } = page.value;
    events.push(...page.value.events);
    const isMore = nextCursor !== null;
    if (!isMore || partial !== null || events.length >= question.limit) return ok({ events, isMore, partial, notes });
    [span, cursor] = [{ from, to }, nextCursor];
  }
}

function askPage(
  api: ApiClient,
  { query }: EventsQuestion,
  span: { readonly from: string; readonly to: string },
  { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined },
) {
  const parameters = new URLSearchParams({ q: query, ...span, limit: String(Math.min(limit, QUERY_PAGE)) });
  if (cursor !== undefined) parameters.set('cursor', cursor);
  return api.json(EventsResponse, 'GET', `/api/events?${parameters}`);
}
