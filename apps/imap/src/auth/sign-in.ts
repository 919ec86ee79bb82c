/** Signing in: who may, and what a refusal costs. */
import type { ScramLogin } from '@scorpiox/shared/accounts';
import type { Pacing } from './pacing.ts';
import type { Credentials } from './plain.ts';

/** Who signed in, by the one name that the account is known by. */
interface Identity {
  readonly name: string;
  readonly disabled?: true;
  readonly appPassword?: string;
}

/** Knows the accounts. */
export interface Verifier {
  /**
   * The account, or undefined when name and password do not go together. Rejects when that cannot be found out for now.
   */
  verifyLogin(name: string, password: string): Promise<Identity | undefined>;
  /** What SCRAM needs of a login, whether there is one or not. Throws when that cannot be found out for now. */
  scram(name: string): ScramLogin;
  /** The account, if there is one. Throws when that cannot be found out for now. */
  find(name: string): Identity | undefined;
}

/** A name, and how it is to be found out whether who gives it may. */
export interface Proof {
  readonly name: string;
  /** Throws when that cannot be found out for now. */
  check(): Identity | undefined;
}

export type SignInResult =
  | { readonly kind: 'signed-in'; readonly user: string; readonly appPassword?: string }
  /** `account`: the account, where there is one of that name; anything else that a client gives as a name may be a secret. */
  | { readonly kind: 'refused'; readonly account?: string; readonly disabled?: true }
  /** Too many wait. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'unavailable'; readonly error: unknown };

export interface SignIn {
  /**
   * Looks at a sign-in after the delay that earlier failures cost.
   * @param address where the client calls from; undefined where that tells nothing.
   */
  attempt(evidence: Credentials | Proof, address: string | undefined): Promise<SignInResult>;
  /** What SCRAM needs of a login. Throws when that cannot be found out for now. */
  scram(name: string): ScramLogin;
}

export function createSignIn(verifier: Verifier, pacing: Pacing): SignIn {
  return {
    scram: (name) => verifier.scram(name),
    attempt: async (evidence, address) => {
      try {
        const attempt = await pacing.admit(address, evidence.name);
        if (attempt === 'busy') return { kind: 'busy' };
        const result = await look(verifier, evidence);
        attempt.end(JUDGEMENTS[result.kind]);
        return result;
      } catch (error) {
        return { kind: 'unavailable', error };
      }
    },
  };
}

const JUDGEMENTS = { 'signed-in': 'good', refused: 'bad', busy: 'unjudged', unavailable: 'unjudged' } as const;

async function look(verifier: Verifier, evidence: Credentials | Proof): Promise<SignInResult> {
  const { name } = evidence;
  try {
    const found = 'check' in evidence ? evidence.check() : await verifier.verifyLogin(name, evidence.password);
    if (found === undefined) return refused(verifier.find(name.split('/', 1)[0] ?? ''));
    const by = found.appPassword === undefined ? {} : { appPassword: found.appPassword };
    return { kind: 'signed-in', user: found.name, ...by };
  } catch (error) {
    return { kind: 'unavailable', error };
  }
}

function refused(found: Identity | undefined): SignInResult {
  if (found === undefined) return { kind: 'refused' };
  return { kind: 'refused', account: found.name, ...(found.disabled === true ? { disabled: true } : {}) };
}
