import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import {
  INBOX,
  type Mailbox,
  type MailboxName,
  type MaildirStore,
  type MailStoreOptions,
  type MessageRecord,
  type MessageState,
  openMailStore,
  parseMailboxName,
  type StoreError,
  type StoreResult,
} from '../src/index.ts';
import { scratch } from './scratch.ts';

/** The value of a success; fails the test with the error's sentence otherwise. */
export function value<T>(result: StoreResult<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

/** The error of a failure. */
export function errorOf(result: StoreResult<unknown>): StoreError {
  if (result.ok) throw new Error('This should have failed.');
  return result.error;
}

/**
 * Fails where folders were scanned since there were `scans`. Not on a machine so busy that a tick was late: a folder is
 * rightly suspected then, and looked at until it has settled.
 */
export function expectNoScanSince(store: MaildirStore, scans: number): void {
  if (store.stats().suspicions === 0) expect(store.stats().scans).toBe(scans);
}

export const name = (text: string): MailboxName => value(parseMailboxName(text));

export interface Home {
  readonly maildir: string;
  readonly indexFile: string;
  /** Opens a store on it, closed when the test ends. */
  store(options?: Partial<MailStoreOptions>): Promise<MaildirStore>;
}

/** A temporary user, removed when the test ends. */
export function newHome(): Home {
  const folder = scratch();
  const paths = { maildir: join(folder, 'Maildir'), indexFile: join(folder, 'index.sqlite') };
  return {
    ...paths,
    async store(options = {}) {
      const store = value(await openMailStore({ ...paths, ...options }));
      onTestFinished(() => closeQuietly(store));
      return store;
    },
  };
}

const closed = new WeakSet<MaildirStore>();

/** Closes a store once, however often it is asked to. */
export async function closeQuietly(store: MaildirStore): Promise<void> {
  if (closed.has(store)) return;
  closed.add(store);
  await store.close();
}

export const openInbox = async (store: MaildirStore): Promise<Mailbox> => value(await store.open(INBOX));

/** A small message with this subject. */
export const mail = (subject: string): Uint8Array => Buffer.from(`Subject: ${subject}\r\n\r\nHello.\r\n`);

/** The states of all messages, ascending by UID. */
export const statesOf = (mailbox: Mailbox): MessageState[] => [...mailbox.states()];

/** The whole records of all messages, ascending by UID. */
export async function recordsOf(mailbox: Mailbox): Promise<MessageRecord[]> {
  const records: MessageRecord[] = [];
  for await (const slice of mailbox.records()) records.push(...slice);
  return records;
}

export async function textOf(mailbox: Mailbox, { uid }: Pick<MessageState, 'uid'>): Promise<string> {
  const content = value(await mailbox.open(uid));
  try {
    return Buffer.from(await content.read()).toString('latin1');
  } finally {
    await content.close();
  }
}

/** The only file name in a directory, or a failure that shows what is there. */
export function onlyFile(directory: string): string {
  const names = readdirSync(directory);
  const [first] = names;
  if (first === undefined || names.length > 1) throw new Error(`One file expected, found: ${names.join(' ')}`);
  return first;
}

/** Resolves as soon as `condition` holds, asked at every change that the mailbox tells of. */
export async function until(mailbox: Mailbox, condition: () => boolean): Promise<void> {
  if (condition()) return;
  await new Promise<void>((resolve, reject) => {
    const stop = mailbox.onChange(() => {
      try {
        if (!condition()) return;
        stop();
        resolve();
      } catch (error) {
        reject(error);
      }
    });
  });
}

/** A child process that runs a script of tests/programs and says things line by line. */
export class Child {
  readonly process: ChildProcess;
  readonly exited: Promise<unknown>;
  readonly #lines: AsyncIterator<string>;

  constructor(script: string, args: readonly string[], launcher: readonly string[] = []) {
    const path = fileURLToPath(new URL(`./programs/${script}`, import.meta.url));
    const [command = process.execPath, ...rest] = [...launcher, process.execPath, path, ...args];
    this.process = spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.exited = once(this.process, 'exit');
    if (this.process.stdout === null) throw new Error('The child has no stdout.');
    this.#lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
    onTestFinished(() => this.kill());
  }

  /** Its next line; undefined after its last one. */
  async line(): Promise<string | undefined> {
    const next = await this.#lines.next();
    return next.done === true ? undefined : next.value;
  }

  say(text: string): void {
    this.process.stdin?.write(`${text}\n`);
  }

  async kill(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill('SIGKILL');
    await this.exited;
  }
}
