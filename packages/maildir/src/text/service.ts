/** The text index as the stores of a process see it: one thread serves them all. */
import { existsSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { StoreFailure } from '../errors.ts';
import { TEXT_ABOVE, TEXT_SETTLE } from '../limits.ts';
import type { StoreLog } from '../log.ts';
import { programBeside, startThread } from '../threads.ts';
import type { FromThread, TextCallName, TextCalls, TextPlace, TextQuestion, ToThread } from './protocol.ts';
import type { Found } from './search.ts';

/** Serves the text indexes of any number of stores. Made once by the composition root, which closes it. */
export interface TextService {
  /** One user's text index; what its operator should know goes to `log`. */
  open(place: TextPlace, log: StoreLog): StoreText;
  /** Ends the thread; whatever waits for it fails. Stores are closed before. */
  close(): Promise<void>;
}

/** One store's text index. A call that fails rejects with a `StoreFailure` of `unavailable`. */
export interface StoreText {
  readonly isClosed: boolean;
  /** Undefined where nothing was built yet. */
  find(question: TextQuestion, signal: AbortSignal | undefined): Promise<Found | undefined>;
  build(signal: AbortSignal | undefined): Promise<void>;
  counts(): Promise<ReadonlyMap<number, number>>;
  /** The mailbox was opened, or changed; it has fewer messages than `uidNext`. */
  look(mailbox: number, uidNext: number): void;
  /** What is being asked fails, and the files are closed. */
  close(): Promise<void>;
}

export interface TextServiceOptions {
  /** The thread's program, where it does not lie beside this file. */
  readonly program?: URL;
}

/**
 * Starts the thread when it is first needed, and again after it died. It does not keep the process alive by itself. It reads
 * the index and the message files by itself, past the `fileSystem` of the stores.
 */
export function textWorker(options: TextServiceOptions = {}): TextService {
  return new Service(options.program ?? programBeside(import.meta.url, 'text-worker'));
}

class Service implements TextService {
  readonly #program: URL;
  readonly #logs = new Map<string, Set<StoreLog>>();
  #thread: Thread | undefined;

  constructor(program: URL) {
    this.#program = program;
  }

  open(place: TextPlace, log: StoreLog): StoreText {
    const logs = this.#logs.get(place.indexFile) ?? new Set();
    this.#logs.set(place.indexFile, logs.add(log));
    const closing = new AbortController();
    const looks = new Looks();
    const until = (signal: AbortSignal | undefined): AbortSignal =>
      signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
    return {
      get isClosed() {
        return closing.signal.aborted;
      },
      find: async (question, signal) =>
        existsSync(place.textFile) ? this.#call('find', place, question, until(signal)) : undefined,
      build: (signal) => this.#call('build', place, undefined, until(signal)),
      counts: async () =>
        existsSync(place.textFile) ? this.#call('counts', place, undefined, until(undefined)) : new Map(),
      look: (mailbox, uidNext) => {
        if (!closing.signal.aborted) looks.ask(mailbox, () => this.#look(place, mailbox, uidNext));
      },
      close: async () => {
        closing.abort(new StoreFailure('unavailable', 'The mail store was closed.'));
        looks.close();
        logs.delete(log);
        if (logs.size > 0) return;
        this.#logs.delete(place.indexFile);
        // A thread that is gone has nothing open.
        await this.#thread?.call('forget', place, undefined).catch(() => undefined);
      },
    };
  }

  async close(): Promise<void> {
    await this.#thread?.stop();
  }

  #look(place: TextPlace, mailbox: number, uidNext: number): void {
    // No thread is started for mailboxes that need none.
    if (uidNext <= TEXT_ABOVE + 1 && !existsSync(place.textFile)) return;
    this.#call('look', place, mailbox).catch(() => undefined); // the thread's death was logged
  }

  #call<N extends TextCallName>(name: N, place: TextPlace, asked: Parameters<TextCalls[N]>[1], signal?: AbortSignal) {
    if (this.#thread?.isDead !== false)
      this.#thread = new Thread(this.#program, (indexFile, entry) => this.#log(indexFile, entry));
    return this.#thread.call(name, place, asked, signal);
  }

  #log(indexFile: string | undefined, entry: Parameters<StoreLog>[0]): void {
    const logs = indexFile === undefined ? [...this.#logs.values()] : [this.#logs.get(indexFile) ?? []];
    for (const log of logs.flatMap((some) => [...some])) log(entry);
  }
}

/**
 * Passes on that mailboxes changed, each at once and then every half of TEXT_SETTLE at most: flags change hundreds of times a
 * second, and each message wakes the thread. The last change is always followed by a look.
 */
class Looks {
  readonly #waiting = new Map<number, { readonly timer: NodeJS.Timeout; again: (() => void) | undefined }>();

  ask(mailbox: number, look: () => void): void {
    const waiting = this.#waiting.get(mailbox);
    if (waiting !== undefined) {
      waiting.again = look;
      return;
    }
    const timer = setTimeout(() => this.#askAgain(mailbox), TEXT_SETTLE / 2).unref();
    this.#waiting.set(mailbox, { timer, again: undefined });
    look();
  }

  #askAgain(mailbox: number): void {
    const again = this.#waiting.get(mailbox)?.again;
    this.#waiting.delete(mailbox);
    if (again !== undefined) this.ask(mailbox, again);
  }

  close(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }
}

type Answer<N extends TextCallName> = Awaited<ReturnType<TextCalls[N]>>;

/** One life of the thread. */
class Thread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #log: (indexFile: string | undefined, entry: Parameters<StoreLog>[0]) => void;
  readonly #exited: Promise<void>;
  #nextId = 1;
  #isStopping = false;
  isDead = false;

  constructor(program: URL, log: (indexFile: string | undefined, entry: Parameters<StoreLog>[0]) => void) {
    this.#log = log;
    // Without the options of the main program, some of which (`--input-type`) no thread's program bears.
    this.#worker = startThread(program, { name: 'text', execArgv: [] });
    this.#worker.unref();
    this.#worker.on('message', (message: FromThread) => this.#heard(message));
    this.#worker.on('error', (error) => this.#die(error instanceof Error ? error.message : 'unknown'));
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#die('it ended');
        resolve();
      });
    });
  }

  async call<N extends TextCallName>(
    name: N,
    place: TextPlace,
    asked: Parameters<TextCalls[N]>[1],
    signal?: AbortSignal,
  ): Promise<Answer<N>> {
    signal?.throwIfAborted();
    if (this.isDead) throw gone();
    const id = this.#nextId++;
    const waiter = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiter);
    this.#worker.ref(); // whoever waits for an answer must live to see it
    this.#send({ kind: 'call', id, name, place, asked });
    const cancel = (): void => {
      this.#send({ kind: 'cancel', id });
      this.#take(id)?.reject(signal?.reason);
    };
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      // The thread answers each name by a handler of the same interface.
      return (await waiter.promise) as Answer<N>;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  async stop(): Promise<void> {
    if (this.isDead) return;
    this.#isStopping = true;
    this.#worker.ref(); // its end is waited for
    this.#send({ kind: 'stop' });
    await this.#exited;
  }

  #send(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  #heard(message: FromThread): void {
    if (message.kind === 'log') this.#log(message.indexFile, message.entry);
    else if (message.kind === 'answer') this.#take(message.id)?.resolve(message.value);
    else this.#take(message.id)?.reject(new StoreFailure('unavailable', `The text index failed: ${message.message}`));
  }

  #take(id: number): PromiseWithResolvers<unknown> | undefined {
    const waiter = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#worker.unref();
    return waiter;
  }

  #die(why: string): void {
    if (this.isDead) return;
    this.isDead = true;
    for (const waiter of this.#waiting.values()) waiter.reject(gone());
    this.#waiting.clear();
    if (this.#isStopping) return;
    const message = `The text index's thread ended: ${why}. It is started again when it is needed.`;
    this.#log(undefined, { level: 'warn', code: 'text-index-failed', message });
  }
}

const gone = (): StoreFailure => new StoreFailure('unavailable', 'The thread of the text index ended.');
