import { errorSentence } from '../../lib/error-sentence.ts';
import { isSignedOut } from '../../lib/http.ts';

/** Why a sign-in with a password did not work. */
export const passwordProblem = (error: unknown): string =>
  isSignedOut(error) ? 'The account or the password is wrong.' : errorSentence(error);

/** Why a sign-in with a one-time link did not work. */
export const linkProblem = (error: unknown): string =>
  isSignedOut(error)
    ? 'This sign-in link has been used or has expired. Sign in with your account, or have the platform print a new link.'
    : `${errorSentence(error)} Then open the link again.`;
