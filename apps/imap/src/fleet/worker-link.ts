/** The primary's end of one life of one worker: what it was given, and what it asks. */
import { type ChildProcess, fork } from 'node:child_process';
import type { Pacing } from '../auth/pacing.ts';
import { FLEET } from '../limits.ts';
import type { Entry } from '../server/admission.ts';
import type { Arrival } from './arrival.ts';
import {
  type FromWorker,
  type OperatorQuestion,
  parseFromWorker,
  type ToWorker,
  type WorkerQuestion,
} from './messages.ts';
import { Questions } from './questions.ts';
import type { Settings } from './settings.ts';
import { Turns } from './turns.ts';

export interface WorkerLinkDeps {
  /** The worker's program. */
  readonly program: URL;
  /** Its number, from 1; whoever comes after it has the same. */
  readonly worker: number;
  readonly settings: Settings;
  readonly pacing: Pacing;
  /** It can take a connection. */
  onFree(): void;
  /** It said what is no message. */
  onNonsense(): void;
  /** It did not stop in time, and is killed. */
  onNotStopped(): void;
}

/** How a worker's process ended. */
export interface WorkerExit {
  /** Null where a signal ended it, or where it could not be started. */
  readonly code: number | null;
  readonly signal: string | null;
  /** What it said of why it cannot be started. */
  readonly why?: string;
}

export class WorkerLink {
  readonly worker: number;
  readonly exited: Promise<WorkerExit>;
  /** Resolves when it serves; never where it ends before. */
  readonly ready: Promise<void>;
  readonly #deps: WorkerLinkDeps;
  readonly #child: ChildProcess;
  readonly #entries = new Map<number, Entry>();
  readonly #turns: Turns;
  readonly #questions = new Questions();
  readonly #serves = Promise.withResolvers<void>();
  /** The one that was sent and has not been taken. Of it the primary keeps a copy: it is closed by `taken` or by death. */
  #inFlight: { readonly connection: number; readonly arrival: Arrival } | undefined;
  #nextConnection = 1;
  #why: string | undefined;
  #state: 'starting' | 'serving' | 'ending' = 'starting';

  /** Starts it at once. */
  constructor(deps: WorkerLinkDeps) {
    this.#deps = deps;
    this.worker = deps.worker;
    this.ready = this.#serves.promise;
    this.#turns = new Turns(deps.pacing);
    this.#child = fork(deps.program, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#child.on('message', (message) => this.#heard(message));
    this.exited = this.#exit();
    this.#send({ kind: 'serve', worker: deps.worker, settings: deps.settings });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isServing(): boolean {
    return this.#state === 'serving';
  }

  /** Connections that it has. */
  get load(): number {
    return this.#entries.size;
  }

  /** Whether it can be given a connection now: one at a time, so that one that hangs holds up no more than that. */
  get isFree(): boolean {
    return this.isServing && this.#inFlight === undefined;
  }

  give(arrival: Arrival): void {
    const { socket, door, entry } = arrival;
    const connection = this.#nextConnection++;
    this.#entries.set(connection, entry);
    this.#inFlight = { connection, arrival };
    this.#send({ kind: 'connection', connection, door, verdict: entry.verdict }, socket);
  }

  /** Resolves with what the worker tells. Rejects with `NoAnswer`. */
  ask(question: OperatorQuestion): Promise<unknown> {
    return this.#questions.ask((id) => this.#send({ kind: 'ask', id, question }), FLEET.answer);
  }

  /** Ends its channel, which tells it to end, and kills it where it does not. */
  async stop(): Promise<WorkerExit> {
    this.#state = 'ending';
    if (this.#child.connected) this.#child.disconnect();
    const patience = setTimeout(() => {
      this.#deps.onNotStopped();
      this.kill();
    }, FLEET.stop);
    const exit = await this.exited;
    clearTimeout(patience);
    return exit;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async #exit(): Promise<WorkerExit> {
    const exit = await new Promise<WorkerExit>((resolve) => {
      this.#child.once('error', () => resolve({ code: null, signal: null })); // it could not be started
      this.#child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    this.#state = 'ending';
    this.#inFlight?.arrival.socket.destroy();
    for (const entry of this.#entries.values()) entry.leave();
    this.#entries.clear();
    this.#turns.abandon();
    this.#questions.abandon('The worker has ended.');
    return this.#why === undefined ? exit : { ...exit, why: this.#why };
  }

  /** What is sent to one who is gone is lost with it. */
  #send(message: ToWorker, socket?: Arrival['socket']): void {
    const lost = () => {};
    if (!this.#child.connected) return;
    if (socket === undefined) this.#child.send(message, lost);
    else this.#child.send(message, socket, { keepOpen: true }, lost);
  }

  #heard(value: unknown): void {
    const message = parseFromWorker(value);
    if (message === undefined) this.#deps.onNonsense();
    else this.#act(message);
  }

  #act(message: FromWorker): void {
    switch (message.kind) {
      case 'ready':
        this.#state = 'serving';
        this.#serves.resolve();
        this.#deps.onFree();
        break;
      case 'cannot-start':
        this.#why = message.why;
        break;
      case 'taken':
        this.#landed(message.connection);
        break;
      case 'signed-in':
        this.#entries.get(message.connection)?.signedIn();
        break;
      case 'gone':
        this.#entries.get(message.connection)?.leave();
        this.#entries.delete(message.connection);
        break;
      case 'judged':
        this.#turns.end(message.id, message.judgement);
        break;
      case 'ask':
        void this.#answer(message.id, message.question);
        break;
      case 'told':
        this.#questions.told(message.id, message.told);
        break;
      case 'failed':
        this.#questions.failed(message.id, message.why);
    }
  }

  #landed(connection: number): void {
    if (this.#inFlight?.connection !== connection) return;
    this.#inFlight.arrival.socket.destroy(); // this process's copy; the connection goes on in the worker's
    this.#inFlight = undefined;
    if (this.isServing) this.#deps.onFree();
  }

  async #answer(id: number, question: WorkerQuestion): Promise<void> {
    try {
      this.#send({ kind: 'told', id, told: await this.#tell(id, question) });
    } catch (error) {
      this.#send({ kind: 'failed', id, why: error instanceof Error ? error.message : 'unknown' });
    }
  }

  #tell(id: number, question: WorkerQuestion): Promise<unknown> {
    if (question.name === 'turn') return this.#turns.enter(id, question.address ?? undefined, question.login);
    return this.#entries.get(question.connection)?.admit(question.user) ?? Promise.resolve(false);
  }
}
