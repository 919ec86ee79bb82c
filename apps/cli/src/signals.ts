import type { EventEmitter } from 'node:events';
import { SAME_SIGNAL_MS } from './ops/limits.ts';

/** What the person at the terminal, or the init system, wants of a command that runs until it is stopped. */
export interface StopSignals {
  /** Aborted by the first signal: end in good order. */
  readonly stop: AbortSignal;
  /** Aborted by a later one: end now. */
  readonly force: AbortSignal;
  dispose(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Listens for signals. One Ctrl-C arrives several times under npm: from the terminal, and passed on by npm and by
 * the launcher; signals that follow each other that closely are one.
 */
export function listenForStop(source: EventEmitter = process, clock = () => performance.now()): StopSignals {
  const stop = new AbortController();
  const force = new AbortController();
  let last = Number.NEGATIVE_INFINITY;
  const onSignal = () => {
    const now = clock();
    if (!stop.signal.aborted) stop.abort();
    else if (now - last >= SAME_SIGNAL_MS) force.abort();
    last = now;
  };
  for (const signal of SIGNALS) source.on(signal, onSignal);
  return {
    stop: stop.signal,
    force: force.signal,
    dispose: () => {
      for (const signal of SIGNALS) source.off(signal, onSignal);
    },
  };
}
