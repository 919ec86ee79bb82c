/** Who watches the sessions: the log, and telemetry. Neither ever holds mail content, arguments or secrets. */
import type { Logger } from 'pino';
import type { SessionObserver } from '../session/session.ts';
import { CommandTelemetry, connectionEvent, exceptionEvent, type Track } from './telemetry.ts';

/** Watches one connection. */
export interface ConnectionObserver extends SessionObserver {
  signedIn(user: string): void;
  closed(): void;
}

export interface Observers {
  /** @param session the connection's id, by which log, telemetry and the operator's list name it. */
  opened(address: string, session: string): ConnectionObserver;
  /** A connection that was one too many. */
  refused(address: string): void;
}

/** @param now milliseconds on a clock that never jumps. */
export function createObservers(log: Logger, track: Track, now: () => number): Observers {
  return {
    opened: (address, session) => observe(log.child({ session, address }), session, track, now),
    refused: (address) => {
      log.warn({ address }, 'connection refused: too many');
      track(connectionEvent('refused'));
    },
  };
}

function observe(log: Logger, session: string, track: Track, now: () => number): ConnectionObserver {
  const commands = new CommandTelemetry(track, session, now);
  track(connectionEvent('opened'));
  log.debug('connection opened');
  return {
    command: (name, condition, durationMs) => {
      log.debug({ command: name, condition, durationMs: Math.round(durationMs * 1000) / 1000 }, 'command');
      commands.command(name, condition, durationMs);
    },
    trouble: (message, error) => {
      log.error({ error: describe(error) }, message);
      track(exceptionEvent(message, error));
    },
    signInRefused: (refusal) => log.info({ ...refusal }, 'sign-in refused'),
    signedIn: (user) => log.info({ user }, 'signed in'),
    closed: () => {
      commands.close();
      track(connectionEvent('closed'));
      log.debug('connection closed');
    },
  };
}

/** What of an error may be logged: its kind and where it came from. Messages of strange errors may hold anything. */
function describe(error: unknown): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (!(error instanceof Error)) return code ?? (error === undefined ? undefined : typeof error);
  return {
    name: error.name,
    code,
    at: error.stack
      ?.split('\n')
      .slice(1, 6)
      .map((line) => line.trim()),
  };
}
