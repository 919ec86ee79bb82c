/** What a probe looks at. Each check resolves with what was seen, or rejects with the fault. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ImapClient } from '../../imap-client/client.ts';
import { PROBE_BEAT_MS, PROBE_ROUNDS } from '../../limits.ts';
import { type Fetched, fetchWhole, Gathering, hasFlag, type OnChunk } from './exchange.ts';
import type { ProbeMessage } from './message.ts';
import { Fault } from './steps.ts';

const octets = (number: number): string => `${number.toLocaleString('en')} octets`;

/** Is it what was stored, octet for octet? */
function compare(fetched: Fetched | undefined, message: ProbeMessage, when: string): void {
  if (fetched?.digest === undefined) throw new Fault(`UID FETCH does not find the message ${when}.`);
  if (fetched.octets !== message.octets)
    throw new Fault(`${octets(fetched.octets)} came ${when}, and ${message.octets.toLocaleString('en')} were stored.`);
  if (fetched.digest !== message.digest) throw new Fault(`The message is not the one that was stored ${when}.`);
}

export async function checkFetch(client: ImapClient, uid: number, message: ProbeMessage): Promise<string> {
  compare(await fetchWhole(client, uid), message, 'after it was stored');
  return `${octets(message.octets)}, the same as were stored`;
}

export async function checkFlag(client: ImapClient, uid: number): Promise<string> {
  await client.ok([`UID STORE ${uid} +FLAGS (\\Flagged)`]);
  if (!hasFlag(await fetchWhole(client, uid), '\\Flagged')) throw new Fault('A flag that was set is not there.');
  await client.ok([`UID STORE ${uid} -FLAGS (\\Flagged)`]);
  if (hasFlag(await fetchWhole(client, uid), '\\Flagged'))
    throw new Fault('A flag that was taken away is still there.');
  return '\\Flagged came and went';
}

/**
 * "Just refresh and it works": a flag renames the message's file, and a server that looks it up under its old name does not
 * find it; a new connection would. So the FETCH follows the STORE in the same pipeline, and another session, which had
 * the mailbox open before, asks right after.
 */
export async function checkFlagThenFetch(
  client: ImapClient,
  other: ImapClient,
  uid: number,
  message: ProbeMessage,
): Promise<string> {
  for (let round = 1; round <= PROBE_ROUNDS; round += 1) {
    const isSet = round % 2 === 1;
    const when = `right after \\Seen was ${isSet ? 'set' : 'taken away'} (round ${round})`;
    const gathered = new Gathering(uid);
    const stored = client.ok([`UID STORE ${uid} ${isSet ? '+' : '-'}FLAGS (\\Seen)`], gathered);
    const fetched = client.ok([`UID FETCH ${uid} (UID FLAGS BODY.PEEK[])`], gathered);
    await Promise.all([stored, fetched]);
    compare(gathered.fetched, message, when);
    if (hasFlag(gathered.fetched, '\\Seen') !== isSet) throw new Fault(`UID FETCH shows the flags of before ${when}.`);
    compare(await fetchWhole(other, uid), message, `from another session, ${when}`);
  }
  return `found ${PROBE_ROUNDS} times out of ${PROBE_ROUNDS}, in the same pipeline and from another session`;
}

export interface LargeFetch {
  readonly uid: number;
  readonly message: ProbeMessage;
  /** Octets a second that are read at most; undefined for as fast as it goes. */
  readonly rate: number | undefined;
  onProgress(done: number): void;
}

/** Does a large message arrive whole, however slowly it is read, and do others get their answers meanwhile? */
export async function checkLargeFetch(client: ImapClient, other: ImapClient, large: LargeFetch): Promise<string> {
  const { uid, message, rate, onProgress } = large;
  const over = new AbortController();
  const beats = countAnswers(other, over.signal);
  beats.catch(() => undefined); // where the fetch fails too, that is what is told
  const began = performance.now();
  try {
    compare(await fetchWhole(client, uid, paced(rate, onProgress)), message, 'of the large message');
  } finally {
    over.abort();
  }
  const seconds = (performance.now() - began) / 1000;
  const { answers, longestMs } = await beats;
  const isLong = performance.now() - began > PROBE_BEAT_MS * 8;
  if (isLong && answers === 0) throw new Fault('It arrived whole, but another session got no answer meanwhile.');
  const speed = `${(message.octets / 1e6 / Math.max(seconds, 0.001)).toFixed(1)} MB/s`;
  const meanwhile =
    answers === 0
      ? ''
      : `; another session was answered ${answers === 1 ? 'once' : `${answers} times`} meanwhile, at the slowest after ${longestMs} ms`;
  return `${octets(message.octets)} at ${speed}, the same as were stored${meanwhile}`;
}

/** Reads no faster than so many octets a second: what is left unread fills the server's buffers. */
function paced(rate: number | undefined, onProgress: (done: number) => void): OnChunk {
  const began = performance.now();
  let done = 0;
  return async (length) => {
    done += length;
    onProgress(done);
    const early = rate === undefined ? 0 : (done / rate) * 1000 - (performance.now() - began);
    if (early > 1) await pause(early);
  };
}

interface Answers {
  readonly answers: number;
  readonly longestMs: number;
}

/** How often a session is answered until it is over. */
async function countAnswers(client: ImapClient, over: AbortSignal): Promise<Answers> {
  let [answers, longestMs] = [0, 0];
  while (!over.aborted) {
    const began = performance.now();
    await client.ok(['NOOP']);
    if (!over.aborted) answers += 1;
    longestMs = Math.max(longestMs, Math.round(performance.now() - began));
    await pause(PROBE_BEAT_MS, undefined, { signal: over }).catch(() => undefined); // aborted: the loop ends
  }
  return { answers, longestMs };
}
