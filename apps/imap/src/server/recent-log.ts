/**
 * The last lines of a process's log, kept for an operator who asks for them. They go where they always went as well; this is
 * a second place, of a bounded size, and a line that has left it is counted for whoever had not read it yet.
 */
import { randomUUID } from 'node:crypto';
import { formatCursor } from '../admin/log-cursor.ts';
import type { LogCursor, LogsResponse } from '../admin/operator.ts';
import { RECENT_LOG } from '../limits.ts';

interface Kept {
  readonly number: number;
  readonly text: string;
}

export class RecentLog {
  /** Tells this process's lines from those of whoever had its place before. */
  readonly #name = randomUUID().slice(0, 8);
  readonly #level: string;
  #lines: Kept[] = [];
  /** Where the oldest that is kept stands: what is before it is removed from time to time. */
  #first = 0;
  #length = 0;
  #last = 0;

  /** @param level what is logged at all. */
  constructor(level: string) {
    this.#level = level;
  }

  /** @param text a line of JSON, as pino writes it. */
  add(text: string): void {
    this.#last += 1;
    this.#lines.push({ number: this.#last, text });
    this.#length += text.length;
    while (this.#lines.length - this.#first > RECENT_LOG.lines || this.#length > RECENT_LOG.characters) {
      this.#length -= this.#lines[this.#first]?.text.length ?? 0;
      this.#first += 1;
    }
    if (this.#first < RECENT_LOG.lines) return;
    this.#lines = this.#lines.slice(this.#first);
    this.#first = 0;
  }

  /** The lines after those that were read; all that are kept where none were. */
  after(cursor: LogCursor | undefined): LogsResponse {
    const read = cursor?.[this.#name];
    const kept = this.#lines.slice(this.#first).filter(({ number }) => number > (read ?? 0));
    const oldest = kept[0]?.number ?? this.#last + 1;
    return {
      lines: kept.flatMap(({ text }) => parsed(text)),
      next: formatCursor({ [this.#name]: this.#last }),
      // Of a log that was never read before nothing can be missed.
      missed: read === undefined ? 0 : Math.max(0, oldest - read - 1),
      missing: [],
      level: this.#level,
    };
  }
}

/** Pino writes nothing else than a line of JSON with these fields. */
const parsed = (text: string): LogsResponse['lines'] => [JSON.parse(text)];
