import { ErrorResponse, IssuedToken, NewToken, TokenSettingsResponse } from '@scorpiox/shared/contract';
import { Type } from 'typebox';
import { audit } from '../../audit.ts';
import type { Routes } from '../../instance.ts';
import { unwrap } from '../../unwrap.ts';

const errors = { '4xx': ErrorResponse, '5xx': ErrorResponse };

/** `/api/settings/tokens`: what programs ask the API with. */
export const tokenSettingsRoutes: Routes = async (app, { control }) => {
  app.get(
    '/api/settings/tokens',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'API tokens; the tokens themselves are not kept',
        response: { 200: TokenSettingsResponse, ...errors },
      },
    },
    async () => ({
      tokens: (await control.tokens()).map(({ name, role, createdAt }) => ({
        name,
        role,
        createdAt: new Date(createdAt).toISOString(),
      })),
    }),
  );

  app.post(
    '/api/settings/tokens',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'Issue a token; it is shown this once',
        body: NewToken,
        response: { 201: IssuedToken, ...errors },
      },
    },
    async (request, reply) => {
      const { name, role } = request.body;
      const issued = unwrap(await control.addToken(name, role), 'name');
      audit(request, 'token.add', { token: name, as: role });
      return reply.code(201).header('cache-control', 'no-store').send(issued);
    },
  );

  app.delete(
    '/api/settings/tokens/:name',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'Put a token out of force for good',
        params: Type.Object({ name: Type.String() }),
        response: { 204: Type.Null(), ...errors },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      unwrap(await control.revokeToken(name));
      audit(request, 'token.revoke', { token: name });
      return reply.code(204).send(null);
    },
  );
};
