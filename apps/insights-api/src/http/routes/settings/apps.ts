import {
  AppChange,
  AppSetting,
  AppSettingsResponse,
  ErrorResponse,
  IssuedKey,
  NewApp,
} from '@scorpiox/shared/contract';
import { type AppRecord, connectionString } from '@scorpiox/shared/database';
import { Type } from 'typebox';
import { APDEX_MS, KEPT_DAYS } from '../../../limits.ts';
import { audit } from '../../audit.ts';
import type { Routes } from '../../instance.ts';
import { unwrap } from '../../unwrap.ts';

const errors = { '4xx': ErrorResponse, '5xx': ErrorResponse };

/** `/api/settings/apps`: applications, and how long their events are kept. */
export const appSettingsRoutes: Routes = async (app, { control, publicUrl, tlsPort }) => {
  app.get(
    '/api/settings/apps',
    {
      config: { access: 'viewer' },
      schema: {
        summary: 'Applications and how long events are kept',
        response: { 200: AppSettingsResponse, ...errors },
      },
    },
    async () => ({
      apps: (await control.apps()).map(toSetting),
      defaultRetentionDays: KEPT_DAYS,
      defaultApdexMs: APDEX_MS,
      publicUrl,
      tlsPort: tlsPort ?? null,
    }),
  );

  app.post(
    '/api/settings/apps',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'Add an application with its first key',
        body: NewApp,
        response: { 201: IssuedKey, ...errors },
      },
    },
    async (request, reply) => {
      const { name, key } = unwrap(await control.addApp(request.body.name), 'name');
      audit(request, 'app.add', { app: name });
      return reply.code(201).send({ key, connectionString: connectionString(key, publicUrl) });
    },
  );

  app.patch(
    '/api/settings/apps/:name',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'How long an application’s events are kept, and up to which duration its requests satisfy',
        params: Type.Object({ name: Type.String() }),
        body: AppChange,
        response: { 200: AppSetting, ...errors },
      },
    },
    async (request) => {
      const { name } = request.params;
      const { retentionDays, apdexMs } = request.body;
      if (retentionDays !== undefined) {
        unwrap(await control.setRetention(name, retentionDays ?? undefined), 'retentionDays');
        audit(request, 'app.retention', { app: name, days: retentionDays });
      }
      if (apdexMs !== undefined) {
        unwrap(await control.setApdex(name, apdexMs ?? undefined), 'apdexMs');
        audit(request, 'app.apdex', { app: name, milliseconds: apdexMs });
      }
      const changed = (await control.apps()).find((one) => one.name.toLowerCase() === name.toLowerCase());
      if (changed === undefined) throw new Error(`application ${name} vanished`); // they are never removed
      return toSetting(changed);
    },
  );
};

const toSetting = ({ name, createdAt, retentionDays, apdexMs }: AppRecord): AppSetting => ({
  name,
  createdAt: new Date(createdAt).toISOString(),
  retentionDays: retentionDays ?? null,
  apdexMs: apdexMs ?? null,
});
