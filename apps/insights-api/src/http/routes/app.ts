import {
  AppPath,
  ErrorResponse,
  ExceptionsQuery,
  ExceptionsResponse,
  InstancesResponse,
  LatencyQuery,
  LatencyResponse,
  OperationsQuery,
  OperationsResponse,
  OverviewQuery,
  OverviewResponse,
  SpanQuery,
  TimelineQuery,
  TimelineResponse,
} from '@scorpiox/shared/contract';
import type { Control } from '@scorpiox/shared/database';
import type { EventKind } from '@scorpiox/shared/telemetry';
import { PAGE_GROUPS, PAGE_ROWS, POINTS } from '../../limits.ts';
import type { AppQuestion, Asking } from '../../query/overview/asking.ts';
import { readCursor } from '../../query/overview/cursor.ts';
import { queryExceptions } from '../../query/overview/exceptions.ts';
import { queryInstances } from '../../query/overview/instances.ts';
import { queryOperations } from '../../query/overview/operations.ts';
import { queryLatency, queryOverview, queryTimeline } from '../../query/overview/timeline.ts';
import type { Place } from '../../store/questions/overview.ts';
import { ApiError } from '../errors.ts';
import type { ApiInstance } from '../instance.ts';
import { rangeOf } from '../range.ts';

const errors = { '4xx': ErrorResponse, '5xx': ErrorResponse };

/** What lies below `/api/apps/:app`. */
export function appRoutes(api: ApiInstance, asking: Asking, control: Pick<Control, 'findApp'>): void {
  const about = async (
    { app: name }: { readonly app: string },
    query: { readonly from?: string; readonly to?: string },
  ): Promise<AppQuestion> => {
    const range = rangeOf(query, asking.now());
    const app = await control.findApp(name);
    if (app === undefined) throw new ApiError('not-found', `There is no application named ${JSON.stringify(name)}.`);
    return { app, range };
  };
  const schemaOf = <Q, R>(summary: string, querystring: Q, response: R) => ({
    config: { access: 'viewer' as const },
    schema: { summary, params: AppPath, querystring, response: { 200: response, ...errors } },
  });

  api.get(
    '/api/apps/:app/overview',
    schemaOf('An application at first look: summary, rate, errors, durations', OverviewQuery, OverviewResponse),
    async ({ params, query }) => queryOverview(asking, await about(params, query), pointsOf(query.points)),
  );
  api.get(
    '/api/apps/:app/timeline',
    schemaOf('Rate, errors and durations of a kind or of one operation', TimelineQuery, TimelineResponse),
    async ({ params, query }) => {
      const { kind = 'request', operation, points } = query;
      return queryTimeline(asking, await about(params, query), { kind, operation, points: pointsOf(points) });
    },
  );
  api.get(
    '/api/apps/:app/latency',
    schemaOf('How durations are distributed', LatencyQuery, LatencyResponse),
    async ({ params, query }) => {
      const { kind = 'request', operation } = query;
      return queryLatency(asking, await about(params, query), { kind, operation });
    },
  );
  api.get(
    '/api/apps/:app/instances',
    schemaOf('Instances and versions that sent something', SpanQuery, InstancesResponse),
    async ({ params, query }) => queryInstances(asking, await about(params, query)),
  );
  api.get(
    '/api/apps/:app/exceptions',
    schemaOf('Exceptions by type and place', ExceptionsQuery, ExceptionsResponse),
    async ({ params, query }) => {
      const { sort = 'lastSeen', order = 'desc' } = query;
      return queryExceptions(asking, await about(params, query), { sort, order, ...pageOf(query, PAGE_GROUPS) });
    },
  );
  for (const [path, summary, kind] of LISTS) {
    api.get(
      `/api/apps/:app/${path}`,
      schemaOf(summary, OperationsQuery, OperationsResponse),
      async ({ params, query }) => {
        const {
          sort = kind === 'event' ? 'count' : 'time',
          order = sort === 'name' ? 'asc' : 'desc',
          search = '',
        } = query;
        const list = { kind, search, sort, order, ...pageOf(query, PAGE_ROWS) };
        return queryOperations(asking, await about(params, query), list);
      },
    );
  }
}

const LISTS: readonly (readonly [path: string, summary: string, kind: EventKind])[] = [
  ['operations', 'Operations of requests', 'request'],
  ['dependencies', 'Dependencies, with their type and target', 'dependency'],
  ['views', 'Page views', 'pageView'],
  ['events', 'Custom events', 'event'],
];

interface Amount {
  readonly usual: number;
  readonly most: number;
}

const pointsOf = (text: string | undefined): number => amountOf('points', text, POINTS);

/** The schema lets digits in and nothing else. */
function amountOf(field: string, text: string | undefined, { usual, most }: Amount): number {
  if (text === undefined) return usual;
  const amount = Number(text);
  if (amount >= 1 && amount <= most) return amount;
  throw new ApiError('bad-request', `${field} must be a whole number from 1 to ${most}.`, { field });
}

interface PageQuery {
  readonly limit?: string;
  readonly cursor?: string;
}

function pageOf({ limit, cursor }: PageQuery, amount: Amount): { readonly limit: number; readonly after?: Place } {
  const after = cursor === undefined ? undefined : readCursor(cursor);
  if (cursor !== undefined && after === undefined) {
    throw new ApiError('bad-request', 'cursor must be the nextCursor of an answer to the same question.', {
      field: 'cursor',
    });
  }
  return { limit: amountOf('limit', limit, amount), ...(after === undefined ? {} : { after }) };
}
