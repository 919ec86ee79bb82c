/**
 * What reading messages has found out, their sizes and rendered texts, is written together: a transaction each would cost
 * more than finding it out again.
 */
import type { Rendered, RenderedText, Uid } from '../api.ts';
import type { StoreContext } from '../context.ts';
import type { Learnt } from '../index/message-row.ts';
import { RENDERED_AT_ONCE, RENDERED_BATCH, RENDERED_DELAY } from '../limits.ts';

export class LateNotes {
  readonly #context: StoreContext;
  readonly #mailbox: number;
  readonly #waiting = new Map<Uid, Rendered>();
  readonly #learnt = new Map<Uid, Learnt>();
  #timer: NodeJS.Timeout | undefined;

  constructor(context: StoreContext, mailbox: number) {
    this.#context = context;
    this.#mailbox = mailbox;
  }

  get(uid: Uid): Rendered | undefined {
    const { index } = this.#context;
    return this.#waiting.get(uid) ?? index.rendered.get(this.#mailbox, uid);
  }

  /** One text of each of these messages, ascending, as far as it is kept under this version. */
  texts(uids: readonly Uid[], version: number, text: RenderedText): ReadonlyMap<Uid, string> {
    const { index } = this.#context;
    const texts = index.db.read(() => index.rendered.texts(this.#mailbox, uids, version, text));
    if (this.#waiting.size === 0) return texts;
    for (const uid of uids) {
      const waiting = this.#waiting.get(uid);
      if (waiting?.version !== version || waiting[text] === '') continue;
      if (waiting[text].length <= RENDERED_AT_ONCE) texts.set(uid, waiting[text]);
    }
    return texts;
  }

  keep(uid: Uid, rendered: Rendered): void {
    const { body, bodyStructure } = this.#waiting.get(uid) ?? rendered;
    this.#waiting.set(uid, {
      ...rendered,
      body: rendered.body || body,
      bodyStructure: rendered.bodyStructure || bodyStructure,
    });
    this.#later(this.#waiting.size);
  }

  /** Sizes as counted. Until they are written they count as not known, and whoever needs them counts again. */
  learn(uid: Uid, learnt: Learnt): void {
    this.#learnt.set(uid, learnt);
    this.#later(this.#learnt.size);
  }

  #later(waiting: number): void {
    if (waiting >= RENDERED_BATCH) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), RENDERED_DELAY).unref();
  }

  /** Writes what waits. A cache that cannot be written is no failure, but it is counted and said. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.size + this.#learnt.size === 0) return;
    const { index, stats, log } = this.#context;
    try {
      index.db.writeCache(() => {
        for (const [uid, learnt] of this.#learnt) index.messages.learn(this.#mailbox, uid, learnt);
        for (const [uid, rendered] of this.#waiting) index.rendered.set(this.#mailbox, uid, rendered);
      });
    } catch (error) {
      stats.renderedDropped += this.#waiting.size;
      const reason = error instanceof Error ? error.message : 'unknown reason';
      log({ level: 'warn', code: 'rendered-dropped', message: `What messages say could not be kept: ${reason}` });
    }
    this.#waiting.clear();
    this.#learnt.clear();
  }
}
