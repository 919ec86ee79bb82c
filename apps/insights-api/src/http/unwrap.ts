import type { AccountError, AccountErrorCode } from '@scorpiox/shared/accounts';
import type { DatabaseError, DatabaseErrorCode } from '@scorpiox/shared/database';
import type { Result } from '@scorpiox/shared/result';
import { RETRY_AFTER_SECONDS } from '../limits.ts';
import { ApiError, type ApiErrorCode } from './errors.ts';

/** What the caller is told of each refusal of the database and of the accounts. */
const CODES: { readonly [C in DatabaseErrorCode | AccountErrorCode]: ApiErrorCode } = {
  'invalid-name': 'bad-request',
  'invalid-value': 'bad-request',
  'invalid-password': 'bad-request',
  exists: 'exists',
  'not-found': 'not-found',
  'too-many': 'bad-request',
  'no-app-password': 'not-found',
  busy: 'unavailable',
  unavailable: 'unavailable',
  'cannot-open': 'unavailable',
  'schema-too-new': 'unavailable',
  failed: 'unavailable',
};

/** The value; throws the `ApiError` that answers a refusal, with the field that it is about. */
export function unwrap<T>(result: Result<T, DatabaseError | AccountError>, field?: string): T {
  if (result.ok) return result.value;
  const code = CODES[result.error.code];
  throw new ApiError(code, result.error.message, {
    ...(field === undefined || code === 'not-found' ? {} : { field }),
    ...(code === 'unavailable' ? { retryAfter: RETRY_AFTER_SECONDS } : {}),
  });
}
