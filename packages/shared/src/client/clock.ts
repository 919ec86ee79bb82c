import type { Clock } from './types.ts';

/** The real time. Its timers let the process end, unless they are asked to keep it. */
export const systemClock: Clock = {
  now: Date.now,
  after(ms, run, keepAlive = false) {
    const timer = setTimeout(run, ms);
    if (!keepAlive) timer.unref();
    return () => clearTimeout(timer);
  },
};
