import { ErrorResponse, ImportRequest, ImportState, ImportsResponse } from '@scorpiox/shared/contract';
import { notesOf, partDone } from '../../imports/progress.ts';
import { audit } from '../audit.ts';
import { ApiError } from '../errors.ts';
import type { Routes } from '../instance.ts';

/** `/api/imports`: old tables (docs/importing.md). */
export const importRoutes: Routes = async (app, { imports }) => {
  app.post(
    '/api/imports',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'Import a table of a file in <data_dir>/imports, or go on with an import that was cut off',
        body: ImportRequest,
        response: { 202: ImportState, '4xx': ErrorResponse, '5xx': ErrorResponse },
      },
    },
    async (request, reply) => {
      const started = await imports.start(request.body);
      if (started.ok) {
        const { id, source, table } = started.value;
        audit(request, 'import', { import: id, source, table });
        return reply.code(202).send(started.value);
      }
      const { code, message, field } = started.error;
      throw new ApiError(code, message, field === undefined ? {} : { field });
    },
  );

  app.get(
    '/api/imports',
    {
      config: { access: 'viewer' },
      schema: {
        summary: 'Imports with what became of their rows, newest first',
        response: { 200: ImportsResponse, '4xx': ErrorResponse, '5xx': ErrorResponse },
      },
    },
    async () => ({
      running: imports.running ?? null,
      imports: imports.states().map((state) => ({
        ...state,
        percent: Math.round(partDone(state) * 1000) / 10,
        notes: [...notesOf(state)],
      })),
    }),
  );
};
