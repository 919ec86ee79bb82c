import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { MAX_REMEMBERED } from './limits.ts';

/**
 * The last good password of each account, so that a mail client which signs in every minute does not cost an argon2id
 * every minute. What is kept is an HMAC under a random key of this process: of no use outside it, and never on disk.
 * It holds for one version of the account's row only; the version is random and new at every change, so a password
 * changed, or an account deleted and made again, by any process is never served from here.
 */
export class RememberedPasswords {
  readonly #key = randomBytes(32);
  readonly #entries = new Map<string, { readonly version: string; readonly mac: Uint8Array }>();

  /** Whether this password was the good one of this version. */
  has(name: string, version: string, password: Uint8Array): boolean {
    const entry = this.#entries.get(name);
    return entry?.version === version && timingSafeEqual(entry.mac, this.#mac(password));
  }

  remember(name: string, version: string, password: Uint8Array): void {
    this.#entries.delete(name);
    this.#entries.set(name, { version, mac: this.#mac(password) });
    const oldest = this.#entries.keys().next();
    if (this.#entries.size > MAX_REMEMBERED && !oldest.done) this.#entries.delete(oldest.value);
  }

  #mac(password: Uint8Array): Uint8Array {
    return createHmac('sha256', this.#key).update(password).digest();
  }
}
