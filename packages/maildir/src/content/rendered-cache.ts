/** Collects rendered texts and writes them together: a transaction each would cost more than rendering again. */
import type { Rendered, Uid } from '../api.ts';
import type { StoreContext } from '../context.ts';
import { RENDERED_BATCH, RENDERED_DELAY } from '../limits.ts';

export class RenderedCache {
  readonly #context: StoreContext;
  readonly #mailbox: number;
  readonly #waiting = new Map<Uid, Rendered>();
  #timer: NodeJS.Timeout | undefined;

  constructor(context: StoreContext, mailbox: number) {
    this.#context = context;
    this.#mailbox = mailbox;
  }

  get(uid: Uid): Rendered | undefined {
    const { index } = this.#context;
    return this.#waiting.get(uid) ?? index.db.read(() => index.rendered.get(this.#mailbox, uid));
  }

  keep(uid: Uid, rendered: Rendered): void {
    this.#waiting.set(uid, rendered);
    if (this.#waiting.size >= RENDERED_BATCH) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), RENDERED_DELAY).unref();
  }

  /** Writes what waits. A cache that cannot be written is no failure, but it is counted and said. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.size === 0) return;
    const { index, stats, log } = this.#context;
    try {
      index.db.writeCache(() => {
        for (const [uid, rendered] of this.#waiting) index.rendered.set(this.#mailbox, uid, rendered);
      });
    } catch (error) {
      stats.renderedDropped += this.#waiting.size;
      const reason = error instanceof Error ? error.message : 'unknown reason';
      log({ level: 'warn', code: 'rendered-dropped', message: `Rendered texts could not be kept: ${reason}` });
    }
    this.#waiting.clear();
  }
}
