import type { Verifier } from '../../src/auth/sign-in.ts';

/** Every name with this password is an account, and none can sign in by SCRAM. */
export function everyoneWith(password: string): Verifier {
  return {
    verifyLogin: async (name, given) => (given === password ? { name } : undefined),
    scram: () => {
      throw new Error('These accounts have no SCRAM keys.');
    },
    find: () => undefined,
  };
}
