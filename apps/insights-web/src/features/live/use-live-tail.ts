import type { EventRecord } from '@scorpiox/shared/contract';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { ENTRIES_KEPT, PACE_MS, RETRY_MS } from './limits.ts';
import { openLive } from './live-source.ts';
import { LiveTail, type LiveView } from './live-tail.ts';

function after(ms: number, action: () => void): () => void {
  const timer = setTimeout(action, ms);
  return () => clearTimeout(timer);
}

const tailOf = (q: string): LiveTail<EventRecord> =>
  new LiveTail({
    connect: (handlers) => openLive(q, handlers),
    after,
    now: () => Date.now(),
    limit: ENTRIES_KEPT,
    paceMs: PACE_MS,
    retryMs: RETRY_MS,
  });

/** The tail of the events that match, for as long as whoever asks is on the page. Another query needs another caller. */
export function useLiveTail(q: string): { tail: LiveTail<EventRecord>; view: LiveView<EventRecord> } {
  const [tail] = useState(() => tailOf(q));
  useEffect(() => {
    const look = (): void => tail.hide(document.visibilityState === 'hidden');
    tail.start();
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      tail.stop();
    };
  }, [tail]);
  return { tail, view: useSyncExternalStore(tail.subscribe, tail.view) };
}
