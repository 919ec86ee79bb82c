/** What a session has enabled, and what it remembers for the client: see `SessionFeatures`. */
import type { Enabled, SessionFeatures, SessionState } from '../commands/context.ts';

export class Features implements SessionFeatures {
  readonly #enabled = new Set<Enabled>();
  readonly #state: () => SessionState;

  constructor(state: () => SessionState) {
    this.#state = state;
  }

  get condstore(): boolean {
    return this.#enabled.has('CONDSTORE') || this.qresync;
  }

  get qresync(): boolean {
    return this.#enabled.has('QRESYNC');
  }

  get rev2(): boolean {
    return this.#enabled.has('IMAP4rev2');
  }

  get utf8(): boolean {
    return this.#enabled.has('UTF8=ACCEPT') || this.rev2;
  }

  enable(name: Enabled): boolean {
    const isNew = !this.#enabled.has(name);
    this.#enabled.add(name);
    return isNew;
  }

  get saved(): readonly number[] | undefined {
    const state = this.#state();
    return state.name === 'selected' ? state.view.saved : undefined;
  }

  set saved(uids: readonly number[] | undefined) {
    const state = this.#state();
    if (state.name === 'selected') state.view.saved = uids ?? [];
  }
}
