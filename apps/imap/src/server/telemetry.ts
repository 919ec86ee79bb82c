/**
 * What the server reports of itself: commands with their time and result, connections, errors. Names of commands only;
 * no mailbox, argument or user ever. Up to a rate every command is an event; a session above it has its commands counted
 * together, an event per command and result each second. Nothing here waits or throws: a mail session never notices.
 */
import type { TelemetryClient, TelemetryEvent } from '@scorpiox/shared/client';
import { TELEMETRY_RATE } from '../limits.ts';
import type { CommandName } from '../wire/command.ts';
import type { Condition } from '../wire/response.ts';

/** Where events go. */
export type Track = Pick<TelemetryClient, 'track'>['track'];

interface Sum {
  readonly name: CommandName;
  readonly condition: Condition;
  count: number;
  durationMs: number;
}

/** The commands of one session. */
export class CommandTelemetry {
  readonly #track: Track;
  readonly #now: () => number;
  readonly #session: string;
  #second = 0;
  #count = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #sums = new Map<string, Sum>();

  /**
   * @param session tells this session's events from others'; it names nobody.
   * @param now milliseconds.
   */
  constructor(track: Track, session: string, now: () => number) {
    this.#track = track;
    this.#session = session;
    this.#now = now;
  }

  command(name: CommandName, condition: Condition, durationMs: number): void {
    const second = Math.floor(this.#now() / 1000);
    if (second !== this.#second) this.#count = 0;
    this.#second = second;
    this.#count += 1;
    if (this.#count <= TELEMETRY_RATE) this.#track(this.#event({ name, condition, count: 1, durationMs }));
    else this.#add(name, condition, durationMs);
  }

  /** The session has ended: what was counted goes out. */
  close(): void {
    clearTimeout(this.#timer);
    this.#flush();
  }

  #add(name: CommandName, condition: Condition, durationMs: number): void {
    const key = `${name} ${condition}`;
    const sum = this.#sums.get(key) ?? { name, condition, count: 0, durationMs: 0 };
    sum.count += 1;
    sum.durationMs += durationMs;
    this.#sums.set(key, sum);
    this.#timer ??= setTimeout(() => this.#flush(), 1000);
  }

  #flush(): void {
    this.#timer = undefined;
    for (const sum of this.#sums.values()) this.#track(this.#event(sum));
    this.#sums.clear();
  }

  #event({ name, condition, count, durationMs }: Sum): TelemetryEvent {
    const event = {
      // IDLE lasts as long as the client likes: its time says nothing about the server, so it is no request.
      kind: name === 'IDLE' ? 'event' : 'request',
      name: `IMAP ${name}`,
      durationMs: durationMs / count,
      success: condition === 'OK',
      code: condition,
      session: this.#session,
    } as const;
    return count === 1 ? event : { ...event, count };
  }
}

/** A connection came, went, or was refused. */
export function connectionEvent(what: 'opened' | 'closed' | 'refused'): TelemetryEvent {
  return { kind: 'event', name: `IMAP connection ${what}` };
}

/** Something failed in the server. */
export function exceptionEvent(message: string, error: unknown): TelemetryEvent {
  const type = error instanceof Error ? error.name : 'Trouble';
  return { kind: 'exception', name: type, message, severity: 'error' };
}
