/** A worker's end: what it is told to serve, and what it has to ask. */
import type { Operator } from '../admin/operator.ts';
import type { Attempt, Pacing } from '../auth/pacing.ts';
import { LOGIN_KEY } from '../auth/throttle.ts';
import { FLEET, SIGN_IN_PATIENCE } from '../limits.ts';
import type { Presence } from '../server/admission.ts';
import { type ClientSocket, type Door, received } from '../server/ports.ts';
import {
  type FromWorker,
  type OperatorQuestion,
  parseToWorker,
  type ToWorker,
  type WorkerQuestion,
} from './messages.ts';
import { Questions } from './questions.ts';
import type { Settings } from './settings.ts';

/** The channel to the primary: the process's own. */
export interface Channel {
  send(message: FromWorker, sent: (error: Error | null) => void): unknown;
  on(event: 'message', listener: (message: unknown, handle: unknown) => void): unknown;
  once(event: 'disconnect', listener: () => void): unknown;
}

/** What a worker does with connections, and says to an operator. */
export interface Served {
  take(socket: ClientSocket, door: Door, presence: Presence): void;
  readonly operator: Operator;
}

export class PrimaryLink implements Pacing {
  /** Resolves when the primary has said what is to be served. */
  readonly told: Promise<{ readonly worker: number; readonly settings: Settings }>;
  /** Resolves when the primary wants this process to end, or is gone. */
  readonly ended: Promise<void>;
  readonly #channel: Channel;
  readonly #questions = new Questions();
  readonly #serve = Promise.withResolvers<{ readonly worker: number; readonly settings: Settings }>();
  #served: Served | undefined;

  constructor(channel: Channel) {
    this.#channel = channel;
    this.told = this.#serve.promise;
    this.ended = new Promise((resolve) => channel.once('disconnect', resolve));
    channel.on('message', (message, handle) => this.#heard(message, handle));
  }

  /** Takes connections from now on. */
  serve(served: Served): void {
    this.#served = served;
    this.#send({ kind: 'ready' });
  }

  /** Says why this process ends; resolves when that is on its way. */
  cannotStart(why: string): Promise<void> {
    return new Promise((resolve) => {
      this.#channel.send({ kind: 'cannot-start', why }, () => resolve());
    });
  }

  async admit(address: string | undefined, login: string): Promise<Attempt | 'busy'> {
    let turn = 0;
    const end: Attempt['end'] = (judgement) => this.#send({ kind: 'judged', id: turn, judgement });
    const question = { name: 'turn', address: address ?? null, login: login.slice(0, LOGIN_KEY) } as const;
    try {
      const told = await this.#ask(question, SIGN_IN_PATIENCE + FLEET.answer, (id) => {
        turn = id;
      });
      return told === 'go' ? { end } : 'busy';
    } catch (error) {
      end('unjudged'); // should it still be let go
      throw error;
    }
  }

  /** A connection's place among those of all workers. */
  #presence({ connection, verdict }: ToWorker & { kind: 'connection' }): Presence {
    return {
      verdict,
      admit: async (user) => (await this.#ask({ name: 'place', connection, user }, FLEET.answer)) === true,
      signedIn: () => this.#send({ kind: 'signed-in', connection }),
    };
  }

  #ask(question: WorkerQuestion, patience: number, asked: (id: number) => void = () => {}): Promise<unknown> {
    const send = (id: number) => {
      asked(id);
      this.#send({ kind: 'ask', id, question });
    };
    return this.#questions.ask(send, patience);
  }

  /** What is said to a primary that is gone is lost; this process is about to end. */
  #send(message: FromWorker): void {
    this.#channel.send(message, () => {});
  }

  #heard(value: unknown, handle: unknown): void {
    const message = parseToWorker(value);
    if (message === undefined) throw new Error('The primary said what is no message.');
    switch (message.kind) {
      case 'serve':
        this.#serve.resolve(message);
        break;
      case 'connection':
        this.#take(message, received(handle));
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

  #take(message: ToWorker & { kind: 'connection' }, socket: ClientSocket | undefined): void {
    const { connection, door } = message;
    this.#send({ kind: 'taken', connection });
    const gone = () => this.#send({ kind: 'gone', connection });
    if (socket === undefined || this.#served === undefined) {
      socket?.destroy();
      gone();
      return;
    }
    socket.once('close', gone);
    this.#served.take(socket, door, this.#presence(message));
  }

  async #answer(id: number, question: OperatorQuestion): Promise<void> {
    try {
      this.#send({ kind: 'told', id, told: await this.#tell(question) });
    } catch (error) {
      this.#send({ kind: 'failed', id, why: error instanceof Error ? error.message : 'unknown' });
    }
  }

  async #tell(question: OperatorQuestion): Promise<unknown> {
    const operator = this.#served?.operator;
    if (operator === undefined) throw new Error('The worker is still starting.');
    switch (question.name) {
      case 'sessions':
        return operator.sessions();
      case 'logs':
        return operator.logs(question.after ?? undefined);
      case 'kick':
        return operator.kick(question.session);
      case 'reload':
        return operator.reload();
      case 'metrics':
        return operator.metrics();
      case 'traces':
        return operator.traces();
      case 'startTrace':
        return operator.startTrace(question.request);
      case 'stopTrace':
        return operator.stopTrace(question.trace);
    }
  }
}
