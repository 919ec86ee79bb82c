/** What a client sent and the session has not taken yet. One reader: the session takes a frame when it is ready for it. */
import type { Frame } from '../wire/frame.ts';
import { Framer } from '../wire/framer.ts';
import type { FramerLimits } from '../wire/limits.ts';
import { NOTHING_ENABLED, type ParseOptions } from '../wire/options.ts';

export class Inbox {
  #framer: Framer;
  #limits: FramerLimits;
  #options: ParseOptions = NOTHING_ENABLED;
  #ended = false;
  #wake: (() => void) | undefined;
  #taken: () => void = () => {};

  constructor(limits: FramerLimits) {
    this.#limits = limits;
    this.#framer = new Framer(limits);
  }

  /** Octets that wait: whoever fills the inbox pauses above a bound, and looks again when `onTaken` calls. */
  get buffered(): number {
    return this.#framer.buffered;
  }

  /** Called when something was taken out. */
  onTaken(listener: () => void): void {
    this.#taken = listener;
  }

  push(chunk: Uint8Array): void {
    this.#framer.push(chunk);
    this.#signal();
  }

  /** Nothing more will come; what waits can still be taken. */
  end(): void {
    this.#ended = true;
    this.#signal();
  }

  /** Drops everything that waits: what came in plaintext before TLS must not be taken for commands after it. */
  reset(): void {
    this.#framer = new Framer(this.#limits);
    this.#framer.setOptions(this.#options);
  }

  /** What the session has enabled, for whatever is read from now on. */
  setOptions(options: ParseOptions): void {
    this.#options = options;
    this.#framer.setOptions(options);
  }

  setLimits(limits: FramerLimits): void {
    this.#limits = limits;
    this.#framer.setLimits(limits);
  }

  /** The next frame, or undefined at the end. */
  async next(mode: 'command' | 'line' = 'command'): Promise<Frame | undefined> {
    for (;;) {
      const frame = this.#framer.next(mode);
      this.#taken();
      if (frame !== undefined) return frame;
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  accept(): void {
    this.#framer.accept();
  }

  refuse(): void {
    this.#framer.refuse();
  }

  #signal(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
