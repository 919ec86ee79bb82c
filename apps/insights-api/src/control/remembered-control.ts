import { createHash } from 'node:crypto';
import { type Control, isTransient, type Principal } from '@scorpiox/shared/database';
import { KNOWN_PRINCIPALS, PRINCIPAL_KEPT_MS } from '../limits.ts';
import { StoreUnavailable } from '../store/port.ts';
import { delegate } from './delegate.ts';
import type { KnownKeys } from './known-keys.ts';

/*
 * The control side, remembered
 *
 * With a SQL Server behind it, events are taken while the server is away: so whose a key is must be known without it.
 * Admission remembers that while the process lives (../ingest/admission/look-up.ts); what it has asked is kept here in a
 * file for the next process, which may start without the server. A key that was never seen is nobody's while nobody can
 * say, and its sender is told to come back.
 *
 * People who look at the health page while the server is away are let in by what it last said of their token or session.
 */

export function rememberControl(control: Control, keys: KnownKeys, now: () => number = Date.now): Control {
  const tokens = new LastAnswers(now);
  const sessions = new LastAnswers(now);
  return {
    ...delegate(async () => control),
    async findKey(key) {
      try {
        const grant = await control.findKey(key);
        keys.set(key, grant);
        return grant;
      } catch (error) {
        const known = isAway(error) ? keys.find(key) : undefined;
        if (known === undefined) throw error;
        return known;
      }
    },
    findToken: (token) => tokens.ask(token, () => control.findToken(token)),
    findSession: (token) => sessions.ask(token, () => control.findSession(token)),
    async endSession(token) {
      sessions.forget(token);
      await control.endSession(token);
    },
    async revokeToken(name) {
      tokens.forgetAllOf(name);
      return control.revokeToken(name);
    },
    async endSessionsOf(user, except) {
      sessions.forgetAllOf(user);
      await control.endSessionsOf(user, except);
    },
  };
}

const isAway = (error: unknown): boolean => error instanceof StoreUnavailable || isTransient(error);

/** What the server last said of secrets: the answer when it cannot be asked. */
class LastAnswers {
  readonly #now: () => number;
  readonly #known = new Map<string, { readonly principal: Principal; readonly at: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  async ask(secret: string, question: () => Promise<Principal | undefined>): Promise<Principal | undefined> {
    const name = nameOf(secret);
    try {
      const principal = await question();
      this.#known.delete(name);
      if (principal !== undefined) this.#remember(name, principal);
      return principal;
    } catch (error) {
      const last = this.#known.get(name);
      if (!isAway(error) || last === undefined || this.#now() - last.at > PRINCIPAL_KEPT_MS) throw error;
      return last.principal;
    }
  }

  forget(secret: string): void {
    this.#known.delete(nameOf(secret));
  }

  /** Letter case aside, as names are. */
  forgetAllOf(user: string): void {
    for (const [name, { principal }] of this.#known) {
      if (principal.user.toLowerCase() === user.toLowerCase()) this.#known.delete(name);
    }
  }

  #remember(name: string, principal: Principal): void {
    this.#known.set(name, { principal, at: this.#now() });
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size > KNOWN_PRINCIPALS) this.#known.delete(oldest);
  }
}

const nameOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');
