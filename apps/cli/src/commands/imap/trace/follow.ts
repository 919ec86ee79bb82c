import { setTimeout as pause } from 'node:timers/promises';
import type { Io } from '../../../io.ts';
import type { ApiClient } from '../../../ops/api/client.ts';
import { TraceReader } from '../../../ops/imap/trace-files.ts';
import { listTraces } from '../../../ops/imap/traces.ts';
import { FOLLOW_MS } from '../../../ops/limits.ts';
import { painter } from '../../../output/style.ts';
import { traceLineForPeople } from './lines.ts';

/** Prints a trace's lines, each once. */
export class TracePrinter {
  readonly #io: Io;
  readonly #reader: TraceReader;

  constructor(io: Io, folder: string, id: string) {
    this.#io = io;
    this.#reader = new TraceReader(folder, id);
  }

  /** Those that are there now. */
  async print(): Promise<void> {
    const { stdoutIsTerminal, readerGone } = this.#io;
    const paint = painter(this.#io);
    for await (const line of this.#reader.lines()) {
      if (readerGone.aborted) return;
      await this.#io.write(Buffer.from(stdoutIsTerminal ? traceLineForPeople(line, paint) : `${line}\n`));
    }
  }

  /** Those that come too, until the trace has ended, nobody reads them, or `enough` is aborted. */
  async follow(admin: ApiClient, id: string, enough: AbortSignal): Promise<void> {
    const over = AbortSignal.any([enough, this.#io.readerGone]);
    for (let runs = true; runs && !over.aborted; ) {
      const traces = await listTraces(admin);
      runs = traces.ok && traces.value.some((trace) => trace.id === id && trace.ended === null);
      await this.print(); // after the question: what a trace that has ended wrote last is there
      if (runs) await pause(FOLLOW_MS, undefined, { signal: over }).catch(() => undefined); // aborted: the loop ends
    }
  }
}
