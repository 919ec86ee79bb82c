import { KEY_BURST_SECONDS } from '../../limits.ts';

interface Bucket {
  /** Events that may be sent now; below zero after a batch that was larger. */
  tokens: number;
  at: number;
}

/**
 * How much each key may send: a bucket that fills at the key's rate and holds some seconds of it. A batch passes while
 * there is anything in the bucket and may leave it in debt, so that a batch larger than a bucket passes too, and the
 * rate holds over time. Counted by this process alone.
 */
export class RateLimit {
  readonly #buckets = new Map<string, Bucket>();
  readonly #now: () => number;

  /** @param now milliseconds on a clock that never jumps. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes `events` from a key's bucket, or tells after how many whole seconds it is worth trying again. */
  take(key: string, perSecond: number, events: number): { readonly retryAfter: number } | undefined {
    const bucket = this.#filled(key, perSecond);
    if (bucket.tokens <= 0) return { retryAfter: Math.max(1, Math.ceil(-bucket.tokens / perSecond)) };
    bucket.tokens -= events;
    return undefined;
  }

  #filled(key: string, perSecond: number): Bucket {
    const now = this.#now();
    const most = perSecond * KEY_BURST_SECONDS;
    const bucket = this.#buckets.get(key) ?? { tokens: most, at: now };
    bucket.tokens = Math.min(most, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
