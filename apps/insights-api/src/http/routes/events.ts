import {
  ErrorResponse,
  EventResponse,
  EventsQuery,
  EventsResponse,
  HistogramQuery,
  HistogramResponse,
  ValuesQuery,
  ValuesResponse,
} from '@scorpiox/shared/contract';
import { parsePlace } from '@scorpiox/shared/query-language';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { makeAsking } from '../../query/overview/asking.ts';
import { answerEvents, answerValues } from '../../query/raw/answers.ts';
import { type Asked, type AskProblem, readSearch, type SearchText } from '../../query/raw/asked.ts';
import { readCursor, readMicros, toRecord } from '../../query/raw/event-record.ts';
import { answerHistogram } from '../../query/raw/histogram.ts';
import { HISTOGRAM_STEPS, RAW_QUESTIONS, SEARCH_PAGE } from '../../query/raw/limits.ts';
import { Places } from '../../query/raw/places.ts';
import { ApiError } from '../errors.ts';
import { whenGone } from '../gone.ts';
import type { Routes } from '../instance.ts';

const errors = { '4xx': ErrorResponse, '5xx': ErrorResponse };
const viewer = { access: 'viewer' } as const;

/** What is answered to a search that cannot be understood. */
export const toSearchError = ({ code, message, field, ...more }: AskProblem): ApiError =>
  new ApiError(code, message, { field, ...more });

/** `/api/events`: the events themselves. */
export const eventRoutes: Routes = async (app, { store, control, now }) => {
  const { raw } = store;
  const { ask } = makeAsking(store, now);
  const places = new Places(RAW_QUESTIONS);
  const read = async (text: SearchText): Promise<Asked> => {
    const asked = readSearch(text, await control.apps(), now());
    if (!asked.ok) throw toSearchError(asked.error);
    return asked.value;
  };
  const toolsFor = (reply: FastifyReply) => ({ raw, now, ticks: () => performance.now(), signal: whenGone(reply) });

  app.get(
    '/api/events',
    {
      config: viewer,
      schema: {
        summary: 'Events that match a query, by time',
        querystring: EventsQuery,
        response: { 200: EventsResponse, ...errors },
      },
    },
    async ({ query }, reply) => {
      const asked = await read(query);
      const after = query.cursor === undefined ? undefined : readCursor(query.cursor);
      if (query.cursor !== undefined && after === undefined) {
        throw new ApiError('bad-cursor', 'cursor must be the nextCursor of a page before.', { field: 'cursor' });
      }
      const limit = Math.min(Number(query.limit ?? SEARCH_PAGE.usual), SEARCH_PAGE.most);
      return places.run(() => answerEvents(toolsFor(reply), asked, { limit, order: query.order ?? 'newest', after }));
    },
  );

  app.get(
    '/api/events/histogram',
    {
      config: viewer,
      schema: {
        summary: 'How many events match a query, by time',
        querystring: HistogramQuery,
        response: { 200: HistogramResponse, ...errors },
      },
    },
    async ({ query }, reply) => {
      const asked = await read(query);
      const steps = Math.min(Number(query.steps ?? HISTOGRAM_STEPS.usual), HISTOGRAM_STEPS.most);
      return places.run(() => answerHistogram({ ...toolsFor(reply), ask }, asked, steps));
    },
  );

  app.get(
    '/api/events/values',
    {
      config: viewer,
      schema: {
        summary: 'Values of a field among the newest events, for completion',
        querystring: ValuesQuery,
        response: { 200: ValuesResponse, ...errors },
      },
    },
    async ({ query }, reply) => {
      const { field, prefix = '' } = query;
      const place = parsePlace(field);
      if (place === undefined) throw new ApiError('bad-request', `There is no field ${field}.`, { field: 'field' });
      const asked = await read(query);
      if (place.field === 'app') return { field, values: appsLike(asked, prefix), events: 0 };
      return places.run(() => answerValues(toolsFor(reply), asked, { field, place, prefix }));
    },
  );

  app.get(
    '/api/events/:app/:time/:hash',
    {
      config: viewer,
      schema: {
        summary: 'One event in full',
        params: Type.Object({
          app: Type.String(),
          time: Type.String(),
          hash: Type.String({ pattern: '^[0-9a-f]{32}$' }),
        }),
        response: { 200: EventResponse, ...errors },
      },
    },
    async ({ params }) => {
      const [there, time] = [await control.findApp(params.app), readMicros(params.time)];
      if (there === undefined)
        throw new ApiError('not-found', `There is no application ${params.app}.`, { field: 'app' });
      if (time === undefined) throw new ApiError('bad-time', 'time must be that of an event.', { field: 'time' });
      const event = await raw.find({ appId: there.id, time, hash: params.hash });
      if (event === undefined) throw new ApiError('not-found', 'There is no such event any more, or never was.');
      return { event: toRecord(event, new Map([[there.id, there.name]])) };
    },
  );
};

/** Applications are known without asking their events. */
function appsLike({ names }: Asked, prefix: string): { value: string; count: number }[] {
  const folded = prefix.toLowerCase();
  const like = [...names.values()].filter((name) => name.toLowerCase().startsWith(folded));
  return like.toSorted().map((value) => ({ value, count: 0 }));
}
