import type { Account } from '@scorpiox/shared/accounts';
import { ErrorResponse, NewUser, UserChange, UserSetting, UserSettingsResponse } from '@scorpiox/shared/contract';
import { Type } from 'typebox';
import { audit } from '../../audit.ts';
import { ApiError } from '../../errors.ts';
import type { Routes } from '../../instance.ts';
import { unwrap } from '../../unwrap.ts';

const errors = { '4xx': ErrorResponse, '5xx': ErrorResponse };

/**
 * `/api/settings/users`: accounts and what they may do in the dashboard. Taking a role away is how somebody is kept out:
 * their sessions end at once. Their mail is not touched, nor are tokens, which are nobody's.
 */
export const userSettingsRoutes: Routes = async (app, { accounts, control }) => {
  app.get(
    '/api/settings/users',
    {
      config: { access: 'admin' },
      schema: { summary: 'Accounts and their roles', response: { 200: UserSettingsResponse, ...errors } },
    },
    async () => ({ users: accounts.list().map(toSetting) }),
  );

  app.post(
    '/api/settings/users',
    {
      config: { access: 'admin' },
      schema: { summary: 'Add an account', body: NewUser, response: { 201: UserSetting, ...errors } },
    },
    async (request, reply) => {
      const { name, password, role } = request.body;
      const added = unwrap(await accounts.add({ name, password, ...(role === null ? {} : { role }) }), 'name');
      audit(request, 'user.add', { user: added.name, as: role });
      return reply.code(201).send(toSetting(added));
    },
  );

  app.patch(
    '/api/settings/users/:name',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'What an account may do in the dashboard; null: nothing',
        params: Type.Object({ name: Type.String() }),
        body: UserChange,
        response: { 200: UserSetting, ...errors },
      },
    },
    async (request) => {
      const name = request.params.name.toLowerCase();
      // Nobody locks themselves out by one wrong click, so there is always an admin left.
      if (name === request.principal?.user) {
        throw new ApiError('not-allowed', 'Your own role is for another admin to change.');
      }
      const { role } = request.body;
      const changed = unwrap(await accounts.setRole(name, role ?? undefined));
      await control.endSessionsOf(changed.name);
      audit(request, 'user.role', { user: changed.name, as: role });
      return toSetting(changed);
    },
  );
};

const toSetting = ({ name, role, disabled }: Account): UserSetting => ({
  name,
  role: role ?? null,
  disabled: disabled === true,
});
