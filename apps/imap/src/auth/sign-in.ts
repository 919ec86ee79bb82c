/** Signing in: who may, and what a refusal costs. */
import type { Credentials } from './plain.ts';
import type { Throttle } from './throttle.ts';

/** Knows the accounts. */
export interface Verifier {
  /**
   * The account, its name in the one form it is known by, or undefined when name and password do not go together.
   * Rejects when that cannot be found out for now.
   */
  verify(name: string, password: string): Promise<{ readonly name: string } | undefined>;
}

type SignInResult =
  | { readonly kind: 'signed-in'; readonly user: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unavailable'; readonly error: unknown };

export interface SignIn {
  /** Looks at a sign-in after the delay that earlier failures from its address cost. */
  attempt(credentials: Credentials, address: string): Promise<SignInResult>;
}

/** @param wait resolves after so many milliseconds. */
export function createSignIn(verifier: Verifier, throttle: Throttle, wait: (ms: number) => Promise<void>): SignIn {
  return {
    attempt: async ({ name, password }, address) => {
      const delay = throttle.delay(address);
      if (delay > 0) await wait(delay);
      const result = await verify(verifier, name, password);
      if (result.kind === 'signed-in') throttle.succeeded(address);
      // What could not be looked at has cost a look as well, and may be what a flood has brought about.
      else throttle.failed(address);
      return result;
    },
  };
}

async function verify(verifier: Verifier, name: string, password: string): Promise<SignInResult> {
  try {
    const account = await verifier.verify(name, password);
    return account === undefined ? { kind: 'refused' } : { kind: 'signed-in', user: account.name };
  } catch (error) {
    return { kind: 'unavailable', error };
  }
}
