export { ACCOUNTS_VERSION } from './file.ts';
export { parseDovecotPassword, type Unusable } from './foreign/schemes.ts';
export { foldName } from './name.ts';
export { openAccounts } from './open.ts';
export { peekAccounts } from './peek.ts';
export {
  type Account,
  type AccountError,
  type AccountErrorCode,
  type AccountRecord,
  type Accounts,
  AccountsUnavailable,
  type AdoptedAccount,
  type AdoptedPassword,
  type AppPassword,
  type NewAccount,
  type NewAppPassword,
  type ScramLogin,
  type SignedIn,
} from './types.ts';
