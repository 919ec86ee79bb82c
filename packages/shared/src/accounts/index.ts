export { openAccounts } from './open.ts';
export {
  type Account,
  type AccountError,
  type AccountErrorCode,
  type Accounts,
  AccountsUnavailable,
  type NewAccount,
} from './types.ts';
