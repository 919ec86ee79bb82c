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
  /** Answers a refusal after the delay that it costs. `address` is where the client calls from. */
  attempt(credentials: Credentials, address: string): Promise<SignInResult>;
}

/** @param wait resolves after so many milliseconds. */
export function createSignIn(verifier: Verifier, throttle: Throttle, wait: (ms: number) => Promise<void>): SignIn {
  return {
    attempt: async ({ name, password }, address) => {
      try {
        const account = await verifier.verify(name, password);
        if (account !== undefined) {
          throttle.succeeded(address);
          return { kind: 'signed-in', user: account.name };
        }
      } catch (error) {
        return { kind: 'unavailable', error };
      }
      await wait(throttle.failed(address));
      return { kind: 'refused' };
    },
  };
}
