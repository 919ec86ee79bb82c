/** An LMTP session without sockets, over a delivery that keeps what it gets. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { LMTP, type LmtpLimits } from '../../src/limits.ts';
import { candidatesOf } from '../../src/lmtp/address.ts';
import type { Delivery, Recipient } from '../../src/lmtp/delivery.ts';
import { Input } from '../../src/lmtp/input.ts';
import { Session, type SessionObserver } from '../../src/lmtp/session.ts';
import { Spool } from '../../src/lmtp/spool.ts';
import type { StoreErrorCode, StoreResult } from '../../src/mailbox/store.ts';
import type { LmtpObserver } from '../../src/server/lmtp-observer.ts';

export interface Stored extends Recipient {
  readonly content: string;
}

/** Keeps every message in memory. What `answers` has for a user is answered instead; an error breaks. */
export class FakeDelivery implements Delivery {
  readonly stored: Stored[] = [];
  readonly answers: Readonly<Record<string, StoreErrorCode | Error>>;
  readonly #users: readonly string[];

  constructor(users: readonly string[], answers: Readonly<Record<string, StoreErrorCode | Error>> = {}) {
    this.#users = users;
    this.answers = answers;
  }

  find: Delivery['find'] = (address) => {
    if (address.local === 'broken') throw new Error('The file is locked.');
    for (const { account, detail } of candidatesOf(address)) {
      if (this.#users.includes(account.toLowerCase())) return { user: account.toLowerCase(), detail };
    }
    return undefined;
  };

  deliver: Delivery['deliver'] = async (recipient, mail): Promise<StoreResult<void>> => {
    const answer = this.answers[recipient.user];
    if (answer instanceof Error) throw answer;
    if (answer !== undefined) return { ok: false, error: { code: answer, message: 'No.' } };
    const pieces: Uint8Array[] = [];
    for await (const piece of mail.content()) pieces.push(piece);
    const content = Buffer.concat(pieces);
    if (content.length !== mail.length) throw new Error('The length is wrong.');
    this.stored.push({ ...recipient, content: content.toString('latin1') });
    return { ok: true, value: undefined };
  };
}

const TIME = Date.UTC(2026, 2, 21, 8, 0, 0);

const folder = mkdtempSync(join(tmpdir(), 'lmtp-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface SessionOptions {
  readonly delivery: Delivery;
  readonly limits?: Partial<LmtpLimits>;
  readonly messageSize?: number;
  readonly observer?: SessionObserver;
  readonly openSpool?: () => Spool;
}

export const silent: LmtpObserver = {
  opened() {},
  refused() {},
  received() {},
  sent() {},
  stored() {},
  failed() {},
  unknown() {},
  trouble() {},
};

export function spoolIn(place: string): Spool {
  return new Spool({ folder: place, inMemory: 64, chunk: 48 });
}

/** A session that runs; `output` is what it has said. */
export function startSession(options: SessionOptions) {
  const limits = { ...LMTP, ...options.limits };
  const input = new Input(limits.line);
  let said = '';
  let wake: () => void = () => {};
  const session = new Session({
    input,
    delivery: options.delivery,
    observer: options.observer ?? silent,
    limits,
    messageSize: options.messageSize ?? 1_000_000,
    host: 'mail.example.net',
    address: undefined,
    openSpool: options.openSpool ?? (() => spoolIn(folder)),
    newId: () => 'id1',
    clock: () => TIME,
    now: () => performance.now(),
    send: async (text) => {
      said += text;
      wake();
    },
  });
  const ended = session.run();
  return {
    input,
    ended,
    output: () => said,
    async until(pattern: RegExp) {
      while (!pattern.test(said)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return said;
    },
  };
}

/** Says all of it, cut into these chunks, hangs up, and returns what was answered. */
export async function converse(chunks: Iterable<string>, options: SessionOptions): Promise<string> {
  const { input, ended, output } = startSession(options);
  for (const chunk of chunks) {
    input.push(Buffer.from(chunk, 'latin1'));
    await new Promise(setImmediate);
  }
  input.end('gone');
  await ended;
  return output();
}

/** The codes of the answers, with their enhanced codes; of an answer in several lines, once. */
export const codes = (output: string): string[] =>
  [...output.matchAll(/^(\d{3}) (\d\.\d\.\d+)?/gm)].map(([, code, status]) =>
    status === undefined ? String(code) : `${code} ${status}`,
  );
