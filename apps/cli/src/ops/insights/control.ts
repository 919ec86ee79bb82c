import type { Config } from '@scorpiox/shared/config';
import { type Control, type DatabaseError, openControl } from '@scorpiox/shared/database';
import { err, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';

/** Runs `use` with the control side of the configured insights database open. */
export async function withControl<T>(
  config: Config,
  use: (control: Control) => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  const control = await openControl(config.insights.database);
  if (!control.ok) return err(databaseFailure(control.error));
  try {
    return await use(control.value);
  } finally {
    await control.value.close();
  }
}

/** What an error of the database means for whoever ran the command. */
export function databaseFailure(error: DatabaseError): Failure {
  switch (error.code) {
    case 'invalid-name':
    case 'invalid-value':
      return { kind: 'usage', message: error.message };
    case 'exists':
    case 'not-found':
    case 'failed':
      return { kind: 'error', message: error.message };
    case 'busy':
      return { kind: 'try-again', message: error.message };
    case 'cannot-open':
    case 'schema-too-new':
      return { kind: 'unavailable', message: error.message };
  }
}
