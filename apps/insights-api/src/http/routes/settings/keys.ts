import {
  ErrorResponse,
  KeyLimitChange,
  KeyRevocation,
  KeySetting,
  KeySettingsResponse,
  NewKey,
} from '@scorpiox/shared/contract';
import { connectionString, type KeyRecord } from '@scorpiox/shared/database';
import { Type } from 'typebox';
import { KEY_EVENTS_PER_SECOND } from '../../../limits.ts';
import { audit, keyHint } from '../../audit.ts';
import type { Routes } from '../../instance.ts';
import { unwrap } from '../../unwrap.ts';

const errors = { '4xx': ErrorResponse, '5xx': ErrorResponse };
const done = { 204: Type.Null(), ...errors };

/** `/api/settings/keys`: ingest keys. Whoever reads one may send with it, so all of this is for admins. */
export const keySettingsRoutes: Routes = async (app, { control, publicUrl }) => {
  const toSetting = (record: KeyRecord): KeySetting => ({
    key: record.key,
    connectionString: connectionString(record.key, publicUrl),
    app: record.app ?? null,
    rateLimit: record.rateLimit ?? null,
    createdAt: new Date(record.createdAt).toISOString(),
    revokedAt: record.revokedAt === undefined ? null : new Date(record.revokedAt).toISOString(),
  });

  app.get(
    '/api/settings/keys',
    {
      config: { access: 'admin' },
      schema: { summary: 'Ingest keys, revoked ones too', response: { 200: KeySettingsResponse, ...errors } },
    },
    async () => ({ keys: (await control.keys()).map(toSetting), defaultRateLimit: KEY_EVENTS_PER_SECOND }),
  );

  app.post(
    '/api/settings/keys',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'Make one more key of an application, or a shared one',
        body: NewKey,
        response: { 201: KeySetting, ...errors },
      },
    },
    async (request, reply) => {
      const { app: name, rateLimit } = request.body;
      const made = await control.addKey({
        ...(name === null ? {} : { app: name }),
        ...(rateLimit === undefined ? {} : { rateLimit }),
      });
      const record = unwrap(made, 'rateLimit');
      audit(request, 'key.add', { key: keyHint(record.key), app: record.app ?? null, rateLimit: rateLimit ?? null });
      return reply.code(201).send(toSetting(record));
    },
  );

  app.post(
    '/api/settings/keys/limit',
    {
      config: { access: 'admin' },
      schema: { summary: 'Events a second that a key may send', body: KeyLimitChange, response: done },
    },
    async (request, reply) => {
      const { key, rateLimit } = request.body;
      unwrap(await control.setRateLimit(key, rateLimit ?? undefined), 'rateLimit');
      audit(request, 'key.limit', { key: keyHint(key), rateLimit });
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/api/settings/keys/revoke',
    {
      config: { access: 'admin' },
      schema: { summary: 'Put a key out of force for good', body: KeyRevocation, response: done },
    },
    async (request, reply) => {
      const { key } = request.body;
      unwrap(await control.revokeKey(key));
      audit(request, 'key.revoke', { key: keyHint(key) });
      return reply.code(204).send(null);
    },
  );
};
