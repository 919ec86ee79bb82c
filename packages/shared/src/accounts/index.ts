export { ACCOUNTS_VERSION } from './file.ts';
export { openAccounts } from './open.ts';
export { peekAccounts } from './peek.ts';
export {
  type Account,
  type AccountError,
  type AccountErrorCode,
  type AccountRecord,
  type Accounts,
  AccountsUnavailable,
  type AppPassword,
  type NewAccount,
  type NewAppPassword,
  type ScramLogin,
  type SignedIn,
} from './types.ts';
