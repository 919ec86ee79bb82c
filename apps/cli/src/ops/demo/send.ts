import { setTimeout as pause } from 'node:timers/promises';
import { DEMO_BATCH_EVENTS, DEMO_RETRY_LONGEST_MS, DEMO_RETRY_MS, DEMO_TIMEOUT_MS } from '../limits.ts';
import type { DemoEvent } from './simulate.ts';

/** Where an application sends, and as whom. */
export interface Sender {
  /** Base address of the API. */
  readonly endpoint: string;
  /** The application's ingest key. */
  readonly key: string;
  readonly signal: AbortSignal;
}

export interface Sent {
  readonly sent: number;
  /** Events in batches that the API refused for good, with its last reason. */
  readonly refused: number;
  readonly reason?: string;
}

/**
 * Sends one application's events in batches, each again until the API has answered for it. Stops early, without an
 * error, when the signal says so.
 */
export async function sendEvents(events: readonly DemoEvent[], sender: Sender): Promise<Sent> {
  let result: Sent = { sent: 0, refused: 0 };
  for (let start = 0; start < events.length && !sender.signal.aborted; start += DEMO_BATCH_EVENTS) {
    const batch = events.slice(start, start + DEMO_BATCH_EVENTS);
    const body = batch.map(({ event }) => JSON.stringify(event)).join('\n');
    const reason = await sendUntilAnswered(body, sender);
    result =
      reason === undefined
        ? { ...result, sent: result.sent + batch.length }
        : { ...result, refused: result.refused + batch.length, reason };
  }
  return result;
}

/** Undefined when the batch was taken (or there is no more time), else why it was refused. */
async function sendUntilAnswered(body: string, sender: Sender): Promise<string | undefined> {
  while (!sender.signal.aborted) {
    const answer = await post(body, sender);
    if (answer === undefined || answer.status === 429 || answer.status >= 500) {
      await pause(retryAfterMs(answer), undefined, { signal: sender.signal }).catch(() => undefined); // aborted: the loop ends
      continue;
    }
    if (answer.ok) return undefined;
    return `status ${answer.status}`;
  }
  return undefined;
}

async function post(body: string, { endpoint, key, signal }: Sender): Promise<Response | undefined> {
  try {
    const answer = await fetch(`${endpoint}/api/ingest`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(DEMO_TIMEOUT_MS)]),
    });
    await answer.arrayBuffer(); // an unread body would hold its connection
    return answer;
  } catch {
    return undefined; // not reachable now, or stopped: the caller knows which
  }
}

function retryAfterMs(answer: Response | undefined): number {
  const seconds = Number(answer?.headers.get('retry-after') ?? Number.NaN);
  if (!(seconds > 0)) return DEMO_RETRY_MS;
  return Math.min(seconds * 1000, DEMO_RETRY_LONGEST_MS);
}
