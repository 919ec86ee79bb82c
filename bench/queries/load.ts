// Sends events at a steady rate to a running API until it is told to stop.
import { setTimeout as sleep } from 'node:timers/promises';

const BATCH = 250;

export interface Load {
  /** Ends it, and tells how many events a second were taken, and how many batches were not. */
  stop(): Promise<{ readonly perSecond: number; readonly failed: number }>;
}

/** `keys`: of the applications, in turn. */
export function startLoad(base: string, keys: readonly string[], eventsPerSecond: number): Load {
  let isOver = false;
  let accepted = 0;
  let failed = 0;
  let batch = 0;
  const started = performance.now();
  const send = async (): Promise<void> => {
    const number = batch++;
    const answer = await fetch(`${base}/api/ingest`, {
      method: 'POST',
      headers: { authorization: `Bearer ${keys[number % keys.length]}` },
      body: bodyOf(number),
    });
    const body: unknown = await answer.json();
    const taken = typeof body === 'object' && body !== null && 'accepted' in body ? Number(body.accepted) : 0;
    if (answer.status === 200) accepted += taken;
    else failed += 1;
  };
  const run = async (): Promise<void> => {
    const pending = new Set<Promise<void>>();
    while (!isOver) {
      const due = Math.floor(((performance.now() - started) / 1000) * (eventsPerSecond / BATCH));
      while (batch < due && pending.size < 64) {
        const sent: Promise<void> = send()
          .catch(() => {
            failed += 1;
          })
          .finally(() => pending.delete(sent));
        pending.add(sent);
      }
      await sleep(5);
    }
    await Promise.all(pending);
  };
  const running = run();
  return {
    async stop() {
      isOver = true;
      const seconds = (performance.now() - started) / 1000;
      await running;
      return { perSecond: accepted / seconds, failed };
    },
  };
}

/** A text for each event, of which only time and id are its own: making it must not cost what is measured. */
function bodyOf(batch: number): string {
  const time = new Date().toISOString();
  const lines = Array.from(
    { length: BATCH },
    (_, row) =>
      `{"kind":"${row % 2 === 0 ? 'request' : 'dependency'}","time":"${time}","name":"GET /operation/${row % 20}","id":"load-${batch}-${row}","durationMs":${(row * 7) % 500},"success":${row % 50 !== 0},"instance":"host-${batch % 3}","version":"1.0.0"}`,
  );
  return lines.join('\n');
}
