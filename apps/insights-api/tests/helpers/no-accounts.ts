import type { AccountError } from '@scorpiox/shared/accounts';
import { err } from '@scorpiox/shared/result';
import type { HttpDeps } from '../../src/http/deps.ts';

const none = async () => err<AccountError>({ code: 'unavailable', message: 'there are no accounts here' });

/** Accounts of a test that needs none. */
export const NO_ACCOUNTS: HttpDeps['accounts'] = {
  verify: async () => undefined,
  find: () => undefined,
  list: () => [],
  add: none,
  setPassword: none,
  setRole: none,
};
