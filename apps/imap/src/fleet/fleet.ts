/**
 * Several processes that serve mail as one server.
 *
 * The *primary* listens and serves nobody. Each connection that comes is counted (server/admission.ts) and handed, unread,
 * to the *worker* that has the fewest. A worker is the whole server but for listening: it opens what the others open, and
 * no state of mail passes through the primary.
 *
 * What is shared, and by what:
 *  - mail: the files, and each user's index beside them; one worker hears of another's changes as of any other program's, by
 *    file-system events (packages/maildir/README.md). The text index is built by whoever holds its lease, and searched by all;
 *  - accounts: the file that all read. A password that a worker remembers is good for one version of the account's row only;
 *  - sign-ins: the throttle is the primary's. A worker asks before it looks at a password and says what came of it, so that
 *    guesses are as slow over N workers as over one. Where the primary does not answer, nothing is looked at, and the
 *    client is told that signing in does not work for the moment;
 *  - room: connections altogether, by address and by user are counted in the primary, as `Entry`;
 *  - TLS sessions: the key of their tickets is the primary's, so that one that began in a worker is resumed in another;
 *  - the configuration: the primary's, as it was read at its start.
 *
 * What happens when whom dies:
 *  - A worker: its clients' connections break, and they connect again, to others at first. What was answered is on the disk,
 *    what was not may be; no other worker is concerned. Its places and its turns at signing in are given back, and it is
 *    started again after a pause that doubles while it dies young. Before all have served once, its death is the server's: a
 *    fault of the installation is to be told, not to be tried over and over.
 *  - The primary, by whatever: the channels to its workers close, and each worker stops as it would when told to, for that
 *    is how it is told. The ports are free at once.
 *  - A worker that hangs holds one connection in flight and those that it has; all others go to its fellows.
 *
 * Hazards:
 *  - A socket in flight must not be lost: node:cluster and Node's own way of passing sockets forget one whose receiver dies
 *    before it has confirmed, and the client waits for ever. So the primary keeps a copy (`keepOpen`) until the worker has said
 *    `taken`, and at most one connection is on its way to each worker; the others wait in a line that no death touches.
 *  - Nothing may be read from a socket before it is handed on: the ports pause what they accept.
 *  - Signals reach all processes of a terminal or a service at once. They are the primary's business; workers ignore them.
 *  - `stop` may come at any moment: whatever would start a worker looks at the flag after its last await.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { FLEET } from '../limits.ts';
import type { Arrival } from './arrival.ts';
import { pauseBeforeRestart } from './back-off.ts';
import { type WorkerExit, WorkerLink, type WorkerLinkDeps } from './worker-link.ts';

export interface FleetDeps extends Pick<WorkerLinkDeps, 'program' | 'settings' | 'pacing'> {
  /** How many workers. */
  readonly workers: number;
  readonly observer: FleetObserver;
  /** Milliseconds on a clock that never jumps. */
  now(): number;
}

/** Hears what becomes of workers. */
export interface FleetObserver {
  started(worker: number, pid: number | undefined): void;
  /** It ended without being asked to; it is started again after so many milliseconds. */
  ended(worker: number, pid: number | undefined, exit: WorkerExit, pause: number): void;
  /** It was not ready, or did not stop, in time, and is killed; or it said what is no message. */
  trouble(worker: number, what: 'not ready' | 'not stopped' | 'nonsense'): void;
}

/** A worker's place, which one process after the other fills. */
interface Slot {
  readonly worker: number;
  link: WorkerLink | undefined;
  restarts: number;
}

/** How a worker is. */
export interface WorkerState {
  readonly worker: number;
  readonly isUp: boolean;
  /** How often it was started again. */
  readonly restarts: number;
}

export class Fleet {
  readonly #deps: FleetDeps;
  readonly #slots: readonly Slot[];
  readonly #line: Arrival[] = [];
  readonly #stopping = new AbortController();
  readonly #firstDeath = Promise.withResolvers<WorkerExit>();
  #haveAllServed = false;
  #follower: (worker: WorkerLink) => void = () => {};
  #kept: readonly Promise<void>[] = [];
  /** Where the search for the next worker begins, so that equals take turns. */
  #turn = 0;

  constructor(deps: FleetDeps) {
    this.#deps = deps;
    this.#slots = Array.from({ length: deps.workers }, (_, at) => ({ worker: at + 1, link: undefined, restarts: 0 }));
  }

  /** Starts the workers. Resolves with undefined when all serve, or with the end of one that never did. */
  async start(): Promise<WorkerExit | undefined> {
    const ready = this.#slots.map((slot) => this.#launch(slot).ready);
    this.#kept = this.#slots.map((slot) => this.#keep(slot));
    const exit = await Promise.race([Promise.all(ready).then(() => undefined), this.#firstDeath.promise]);
    this.#haveAllServed = exit === undefined;
    return exit;
  }

  /** From now on `hear` is told of each worker that begins to serve. */
  follow(hear: (worker: WorkerLink) => void): void {
    this.#follower = hear;
  }

  /** Takes a connection, for the next worker that can. */
  arrive(arrival: Arrival): void {
    this.#line.push(arrival);
    this.#handOut();
  }

  /** The workers that serve now. */
  get serving(): readonly WorkerLink[] {
    return this.#slots.flatMap(({ link }) => (link?.isServing === true ? [link] : []));
  }

  get states(): readonly WorkerState[] {
    return this.#slots.map(({ worker, link, restarts }) => ({ worker, isUp: link?.isServing === true, restarts }));
  }

  get isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** Ends all workers, as each of them does it; resolves when nothing of them is left. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const { socket } of this.#line.splice(0)) socket.destroy();
    await Promise.all(this.#slots.map(({ link }) => link?.stop()));
    await Promise.all(this.#kept);
  }

  #launch(slot: Slot): WorkerLink {
    const { program, settings, pacing, observer } = this.#deps;
    const link = new WorkerLink({
      ...{ program, settings, pacing, worker: slot.worker },
      onFree: () => this.#handOut(),
      onNonsense: () => observer.trouble(slot.worker, 'nonsense'),
      onNotStopped: () => observer.trouble(slot.worker, 'not stopped'),
    });
    slot.link = link;
    observer.started(slot.worker, link.pid);
    return link;
  }

  /** Never rejects. */
  async #keep(slot: Slot): Promise<void> {
    let pause: number | undefined;
    for (let link = slot.link; link !== undefined; link = this.#relaunch(slot)) {
      const began = this.#deps.now();
      const exit = await this.#life(link);
      if (this.isStopping) return;
      if (!this.#haveAllServed) return this.#firstDeath.resolve(exit);
      pause = pauseBeforeRestart(pause, this.#deps.now() - began);
      this.#deps.observer.ended(slot.worker, link.pid, exit, pause);
      await sleep(pause, undefined, { signal: this.#stopping.signal }).catch(() => undefined); // aborted: the loop ends
    }
  }

  #relaunch(slot: Slot): WorkerLink | undefined {
    if (this.isStopping) return undefined;
    slot.restarts += 1;
    return this.#launch(slot);
  }

  /** From its start to its end; one that is not ready in time is ended. */
  async #life(link: WorkerLink): Promise<WorkerExit> {
    const patience = setTimeout(() => {
      this.#deps.observer.trouble(link.worker, 'not ready');
      link.kill();
    }, FLEET.ready);
    void link.ready.then(() => {
      clearTimeout(patience);
      this.#follower(link);
    });
    const exit = await link.exited;
    clearTimeout(patience);
    return exit;
  }

  /** Those who came first go first, each to the worker that has the fewest connections of those that can take one. */
  #handOut(): void {
    while (this.#line.length > 0) {
      const free = this.#inTurn().filter((link) => link.isFree);
      const [first, ...others] = free;
      const arrival = first === undefined ? undefined : this.#line.shift();
      if (first === undefined || arrival === undefined) return;
      const least = others.reduce((best, link) => (link.load < best.load ? link : best), first);
      this.#turn = least.worker % this.#slots.length;
      least.give(arrival);
    }
  }

  #inTurn(): WorkerLink[] {
    const from = this.#turn;
    const slots = [...this.#slots.slice(from), ...this.#slots.slice(0, from)];
    return slots.flatMap(({ link }) => (link === undefined ? [] : [link]));
  }
}
