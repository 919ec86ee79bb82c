import { ErrorResponse, View, ViewRequest, ViewsResponse } from '@scorpiox/shared/contract';
import type { Principal } from '@scorpiox/shared/database';
import type { Result } from '@scorpiox/shared/result';
import { Type } from 'typebox';
import { type ViewProblem, Views } from '../../views/views.ts';
import { ApiError } from '../errors.ts';
import type { Routes } from '../instance.ts';

const errors = { '4xx': ErrorResponse, '5xx': ErrorResponse };
const params = Type.Object({ id: Type.String({ maxLength: 64 }) });
const config = { access: 'viewer' } as const;

/** `/api/views`: saved views of events. */
export const viewRoutes: Routes = async (app, { control, now }) => {
  const views = new Views(control, now);

  app.get(
    '/api/views',
    { config, schema: { summary: 'Saved views, by name', response: { 200: ViewsResponse, ...errors } } },
    async ({ principal }) => ({ views: await views.list(known(principal)) }),
  );

  app.post(
    '/api/views',
    { config, schema: { summary: 'Save a view', body: ViewRequest, response: { 201: View, ...errors } } },
    async ({ principal, body }, reply) => reply.code(201).send(orThrow(await views.add(body, known(principal)))),
  );

  app.put(
    '/api/views/:id',
    {
      config,
      schema: {
        summary: 'Change a view: its owner, or an admin',
        params,
        body: ViewRequest,
        response: { 200: View, ...errors },
      },
    },
    async ({ principal, params: { id }, body }) => orThrow(await views.change(id, body, known(principal))),
  );

  app.delete(
    '/api/views/:id',
    {
      config,
      schema: { summary: 'Remove a view: its owner, or an admin', params, response: { 204: Type.Null(), ...errors } },
    },
    async ({ principal, params: { id } }, reply) => {
      orThrow(await views.remove(id, known(principal)));
      return reply.code(204).send(null);
    },
  );
};

/** The routes above are for those who are signed in. */
function known(principal: Principal | undefined): Principal {
  if (principal === undefined) throw new ApiError('not-signed-in', 'Nobody is signed in.');
  return principal;
}

function orThrow<T>(result: Result<T, ViewProblem>): T {
  if (result.ok) return result.value;
  const { code, message, ...where } = result.error;
  throw new ApiError(code === 'full' ? 'busy' : code, message, where);
}
