/**
 * Traces on demand, of a user or of a session. While nobody traces, a session pays one look at an empty set for a command
 * or response. What may stand in a trace is decided by commands.ts and responses.ts alone.
 */
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StartedTrace, TraceEnd, TraceReport, TraceRequest } from '../admin/operator.ts';
import { TRACE } from '../limits.ts';
import { Recording } from './recording.ts';
import { SessionTrace } from './session-trace.ts';

export class Tracer {
  readonly #folder: string;
  readonly #sessions = new Map<string, SessionTrace>();
  readonly #running = new Set<Recording>();
  /** Those whose files are being made, by id: one that is stopped meanwhile must not run afterwards. */
  readonly #starting = new Map<string, Promise<StartedTrace>>();
  #ended: TraceReport[] = [];
  #dropped = 0;

  /** @param folder where the files go; made when it is needed. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Lines that were dropped in all traces. */
  get dropped(): number {
    return [...this.#running].reduce((sum, recording) => sum + droppedOf(recording.report()), this.#dropped);
  }

  get running(): number {
    return this.#running.size;
  }

  /** What a connection writes to; `close` it at its end. */
  session(id: string): SessionTrace {
    const trace = new SessionTrace(id, {
      signedIn: (user) => {
        for (const recording of this.#ofUser(user)) trace.add(recording);
      },
      closed: () => this.#sessions.delete(id),
    });
    this.#sessions.set(id, trace);
    return trace;
  }

  /** A fact about a user's files. */
  file(user: string, fact: () => string): void {
    if (this.#running.size === 0) return;
    const recordings = new Set(this.#ofUser(user));
    for (const trace of this.#sessions.values()) {
      if (trace.user === user) for (const recording of trace.recordings) recordings.add(recording);
    }
    for (const recording of recordings) recording.line('files', `F ${fact()}`);
  }

  async start(request: TraceRequest): Promise<StartedTrace> {
    const started = this.#start(request);
    this.#starting.set(request.id, started);
    try {
      return await started;
    } finally {
      this.#starting.delete(request.id);
    }
  }

  async #start(request: TraceRequest): Promise<StartedTrace> {
    const { id, subject, minutes, octets } = request;
    if (this.#running.size >= TRACE.running) return { ok: false, why: 'too-many' };
    const sessions = this.#sessionsOf(request);
    if ('session' in subject && sessions.length === 0) return { ok: false, why: 'no-such-session' };
    const path = join(this.#folder, `${id}.${process.pid}.trace`);
    const file = await this.#create(path).catch(() => undefined);
    if (file === undefined) return { ok: false, why: 'unwritable' };
    const recording = new Recording({ id, subject, path, file, minutes, octets, ended: (one) => this.#over(one) });
    this.#running.add(recording);
    for (const trace of this.#sessionsOf(request)) trace.add(recording);
    return { ok: true, trace: recording.report() };
  }

  /** Undefined where no such trace runs. Resolves when its file is whole. */
  async stop(id: string, why: TraceEnd = 'stopped'): Promise<TraceReport | undefined> {
    await this.#starting.get(id);
    const recording = [...this.#running].find((one) => one.id === id);
    await recording?.end(why);
    return recording?.report();
  }

  /** Those that run, and the last that have ended. */
  reports(): readonly TraceReport[] {
    return [...[...this.#running].map((recording) => recording.report()), ...this.#ended];
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running].map((recording) => recording.end('shutdown')));
  }

  #over(recording: Recording): void {
    this.#running.delete(recording);
    for (const trace of this.#sessions.values()) trace.remove(recording);
    const report = recording.report();
    this.#dropped += droppedOf(report);
    this.#ended = [report, ...this.#ended].slice(0, TRACE.remembered);
  }

  #ofUser(user: string): Recording[] {
    return [...this.#running].filter(({ subject }) => 'user' in subject && subject.user === user);
  }

  #sessionsOf({ subject }: TraceRequest): SessionTrace[] {
    const all = [...this.#sessions.values()];
    return all.filter(({ id, user }) => ('user' in subject ? user === subject.user : id === subject.session));
  }

  async #create(path: string): Promise<FileHandle> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await this.#removeOld();
    return open(path, 'wx', 0o600);
  }

  async #removeOld(): Promise<void> {
    const before = Date.now() - TRACE.kept;
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name);
      const found = name.endsWith('.trace') ? await stat(path).catch(() => undefined) : undefined;
      if (found !== undefined && found.mtimeMs < before) await rm(path, { force: true });
    }
  }
}

const droppedOf = ({ files }: TraceReport): number => files.reduce((sum, { dropped }) => sum + dropped, 0);
