import { err, type Result } from '../result.ts';
import { MAX_APP_PASSWORDS } from './limits.ts';
import { type AccountError, type AccountErrorCode, AccountsUnavailable } from './types.ts';

type Refusal = Result<never, AccountError>;

const fail = (code: AccountErrorCode, message: string): Refusal => err({ code, message });

export const invalidName = (): Refusal =>
  fail('invalid-name', 'A name is 1 to 64 of a-z, 0-9 and . _ @ + -, and does not start with a dot.');
export const invalidLabel = (): Refusal =>
  fail('invalid-name', "An app password's name is 1 to 32 of a-z, 0-9 and . _ -.");
export const invalidPassword = (): Refusal =>
  fail('invalid-password', 'A password has at least 1 character, at most 1024 bytes, and no NUL.');
export const exists = (name: string): Refusal => fail('exists', `There is an account ${name} already.`);
export const labelExists = (login: string): Refusal =>
  fail('exists', `There is an app password ${login} already. Remove it first, or choose another name.`);
export const notFound = (name: string): Refusal => fail('not-found', `There is no account ${name}.`);
export const noAppPassword = (login: string): Refusal => fail('no-app-password', `There is no app password ${login}.`);
export const tooMany = (name: string): Refusal =>
  fail('too-many', `The account ${name} has ${MAX_APP_PASSWORDS} app passwords. Remove one that is no longer used.`);

/** Turns "cannot be asked" into its error. */
export async function settle<T>(work: () => Promise<Result<T, AccountError>>): Promise<Result<T, AccountError>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AccountsUnavailable) return fail(error.code, error.message);
    throw error;
  }
}
