/** Who watches the sessions: the log, telemetry and the counts. None ever holds mail content, arguments or secrets. */
import type { Logger } from 'pino';
import { SLOW_COMMAND } from '../limits.ts';
import type { SessionObserver } from '../session/ports.ts';
import { describeError } from './describe-error.ts';
import type { Metrics } from './metrics.ts';
import { CommandTelemetry, connectionEvent, exceptionEvent, type Track } from './telemetry.ts';

/** Watches one connection. */
export interface ConnectionObserver extends SessionObserver {
  signedIn(user: string): void;
  received(octets: number): void;
  sent(octets: number): void;
  closed(): void;
}

export interface Observers {
  /** @param session the connection's id, by which log, telemetry and the operator's list name it. */
  opened(address: string, session: string): ConnectionObserver;
  /** A connection that was one too many. */
  refused(address: string): void;
}

export interface ObserversDeps {
  readonly log: Logger;
  readonly track: Track;
  readonly metrics: Metrics;
  /** Milliseconds on a clock that never jumps. */
  now(): number;
}

export function createObservers(deps: ObserversDeps): Observers {
  const { log, track, metrics } = deps;
  return {
    opened: (address, session) => observe(log.child({ session, address }), session, deps),
    refused: (address) => {
      log.warn({ address }, 'connection refused: too many');
      track(connectionEvent('refused'));
      metrics.refused('imap');
    },
  };
}

function observe(child: Logger, session: string, { track, metrics, now }: ObserversDeps): ConnectionObserver {
  let log = child;
  const commands = new CommandTelemetry(track, session, now);
  track(connectionEvent('opened'));
  metrics.opened('imap');
  log.debug('connection opened');
  return {
    command: (name, condition, durationMs) => {
      const slow = durationMs >= SLOW_COMMAND && name !== 'IDLE';
      const told = { command: name, condition, durationMs: Math.round(durationMs * 1000) / 1000 };
      if (slow) log.warn(told, 'slow command');
      else log.debug(told, 'command');
      commands.command(name, condition, durationMs);
      metrics.command(name, condition, durationMs);
    },
    badCommand: () => metrics.badCommand(),
    appended: (messages) => metrics.appended(messages),
    trouble: (message, error) => {
      log.error({ error: describeError(error) }, message);
      track(exceptionEvent(message, error));
      metrics.trouble();
    },
    signInRefused: (refusal) => {
      log.info({ ...refusal }, 'sign-in refused');
      metrics.signIn('refused');
    },
    signedIn: (user) => {
      log = log.child({ user });
      log.info('signed in');
      metrics.signIn('good');
    },
    received: (octets) => metrics.received('imap', octets),
    sent: (octets) => metrics.sent('imap', octets),
    closed: () => {
      commands.close();
      track(connectionEvent('closed'));
      log.debug('connection closed');
    },
  };
}
