import { ErrorResponse, TraceQuery, TraceResponse } from '@scorpiox/shared/contract';
import { Type } from 'typebox';
import { TRACES_AT_ONCE } from '../../query/raw/limits.ts';
import { Places } from '../../query/raw/places.ts';
import { parseMoment } from '../../query/time-range.ts';
import { describeTrace } from '../../query/trace/describe-trace.ts';
import { findTrace } from '../../query/trace/find-trace.ts';
import { ApiError } from '../errors.ts';
import { whenGone } from '../gone.ts';
import type { Routes } from '../instance.ts';

/** `GET /api/traces/:id`. */
export const traceRoutes: Routes = async (app, { store: { raw }, control, now }) => {
  const places = new Places(TRACES_AT_ONCE);
  app.get(
    '/api/traces/:id',
    {
      config: { access: 'viewer' },
      schema: {
        summary: 'All events of one operation, across applications, with its critical path',
        params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 1024 }) }),
        querystring: TraceQuery,
        response: { 200: TraceResponse, '4xx': ErrorResponse, '5xx': ErrorResponse },
      },
    },
    async ({ params: { id }, query }, reply) => {
      const near = query.near === undefined ? undefined : readNear(query.near, now());
      const apps = await control.apps();
      const tools = { raw, now, ticks: () => performance.now(), signal: whenGone(reply) };
      const { events, cut, notes } = await places.run(() => findTrace(tools, id, { near, apps }));
      if (events.length === 0) {
        const message = ['There is no event of this operation: it may be too old to be kept.', ...notes].join(' ');
        throw new ApiError('not-found', message, { field: 'id' });
      }
      const names = new Map(apps.map((one) => [one.id, one.name]));
      return { ...describeTrace(id, events, names), cut, notes: [...notes] };
    },
  );
};

function readNear(text: string, now: number): number {
  const moment = parseMoment('near', text, now);
  if (!moment.ok) throw new ApiError(moment.error.code, moment.error.message, { field: 'near' });
  return moment.value;
}
