import { BackupStarted, BackupsResponse, ErrorResponse } from '@scorpiox/shared/contract';
import { audit } from '../audit.ts';
import { ApiError } from '../errors.ts';
import type { Routes } from '../instance.ts';

/** `/api/backups`: copies of the embedded database. */
export const backupRoutes: Routes = async (app, { backups }) => {
  const there = () => {
    if (backups !== undefined) return backups;
    throw new ApiError('not-supported', 'The database is a SQL Server: back it up with its own tools.');
  };

  app.post(
    '/api/backups',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'Copy the embedded database while it is in use; the copy is checked before it counts',
        response: { 202: BackupStarted, '4xx': ErrorResponse, '5xx': ErrorResponse },
      },
    },
    async (request, reply) => {
      const started = there().start();
      if (!started.ok) throw new ApiError('busy', `A copy is being made already: ${started.error.running}.`);
      audit(request, 'backup', started.value);
      return reply.code(202).send(started.value);
    },
  );

  app.get(
    '/api/backups',
    {
      config: { access: 'viewer' },
      schema: {
        summary: 'The copy that is being made, and the last one that this process made',
        response: { 200: BackupsResponse, '4xx': ErrorResponse, '5xx': ErrorResponse },
      },
    },
    async () => ({ running: there().running ?? null, last: there().last ?? null }),
  );
};
