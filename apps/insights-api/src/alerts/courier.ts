import {
  ALERT_ATTEMPT_MS,
  ALERT_DELIVERIES_AT_ONCE,
  ALERT_RETRY_FIRST_MS,
  ALERT_RETRY_MOST_MS,
  ALERT_TRIED_MS,
} from '../limits.ts';
import { type LmtpPlace, sendByLmtp } from './mail/lmtp.ts';
import { renderMail } from './mail/render.ts';
import { failed, type Outcome } from './outcome.ts';
import type { Delivery, Message } from './stored.ts';
import { postWebhook } from './webhook/send.ts';

/** Hands a message on once, or gives up when the signal is aborted; rejects never. */
export type Send = (message: Message, signal: AbortSignal) => Promise<Outcome>;

export interface CourierOptions {
  /** Absent: mails go nowhere. */
  readonly lmtp: LmtpPlace | undefined;
  readonly allowInternal: boolean;
}

/** Makes what hands messages on: mails by LMTP, others to their webhook. */
export function makeSend({ lmtp, allowInternal }: CourierOptions): Send {
  return ({ channel, to, notice }, stop) => {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(ALERT_ATTEMPT_MS)]);
    if (channel === 'webhook') {
      return postWebhook(to, { id: notice.id, json: JSON.stringify(notice) }, { allowInternal }, signal);
    }
    if (lmtp === undefined) return Promise.resolve(failed('There is no mail server: set alerts.lmtp_port.'));
    return sendByLmtp(lmtp, renderMail(notice, to), signal);
  };
}

/** What messages are tried with. */
export interface Attempt {
  readonly send: Send;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Aborted: what has not begun stays as it is. */
  readonly signal: AbortSignal;
}

/** Tries messages, a few at once; each as it is afterwards, in their order. */
export async function attempt(deliveries: readonly Delivery[], { send, now, signal }: Attempt): Promise<Delivery[]> {
  const after: Delivery[] = [...deliveries];
  const next = deliveries.entries();
  const work = async () => {
    for (const [index, delivery] of next) {
      if (signal.aborted) return;
      after[index] = settle(delivery, await send(delivery.message, signal), now());
    }
  };
  await Promise.all(Array.from({ length: ALERT_DELIVERIES_AT_ONCE }, work));
  return after;
}

/** A message after an attempt: done, given up, or due again after a pause that doubles each time. */
function settle({ id, at, message }: Delivery, outcome: Outcome, now: number): Delivery {
  const attempts = message.attempts + 1;
  if (outcome.kind === 'delivered') {
    return { id, at, message: { ...message, attempts, status: 'delivered', problem: null } };
  }
  const { problem, permanent } = outcome;
  const pause = Math.min(ALERT_RETRY_MOST_MS, ALERT_RETRY_FIRST_MS * 2 ** (attempts - 1));
  if (permanent || now + pause - at > ALERT_TRIED_MS) {
    return giveUp({ id, at, message: { ...message, attempts } }, problem);
  }
  return { id, at, dueAt: now + pause, message: { ...message, attempts, problem } };
}

/** A message that is tried no more; `problem`: why, as a sentence. */
export const giveUp = ({ id, at, message }: Delivery, problem: string): Delivery => ({
  id,
  at,
  message: { ...message, status: 'failed', problem },
});
