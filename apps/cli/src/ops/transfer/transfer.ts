/**
 * Mail is brought from one place to another, each message once.
 *
 * Invariants
 * - After a transfer that came to its end, each folder of the target has as many messages of each content as the source's
 *   folder, or more where it had more before. What is the same content, digest.ts says: flags and dates do not count.
 * - A transfer that is done again adds nothing. What came over stays known, also when its owner has moved or removed it
 *   since; nothing that came over is ever changed or taken away by a transfer.
 * - A transfer that ended anywhere, by `kill -9` or a power failure, goes on by being done again: nothing doubled, nothing
 *   left out.
 * - The source is only read.
 * - What cannot be brought over is named.
 *
 * Hazards, and what is done about them
 * - The process dies after a message landed and before that is noted. So what is noted (journal.ts) is never needed to be
 *   right: a message that is not noted is looked for in the target by its content first, among those messages there that
 *   nothing noted claims. Notes are written after the message is safe, never before. They save looking, and tell what came
 *   over once from what was never there.
 * - What one sitting brought is to be taken back, also where it died in the middle, and so may the taking back. So the journal
 *   tells that a sitting began, that it came to its end and that its removal began, each on disk before what follows it. What
 *   landed and was not noted, a batch at most, is not taken back: nothing tells it from mail that came otherwise.
 * - Equal messages. Each message of the target answers for one of the source only.
 * - Notes that are about another mailbox: it was removed and made again, or its UIDs were given anew. Then they are void,
 *   and contents are compared.
 * - An mbox has no names for its messages, and positions in it move. Its messages are named by their content and by how many
 *   equal ones stand before them.
 * - A source or a target that is large. Messages stream, names and contents are kept as 16 bytes each, and the target's
 *   messages are read only where one of the source has the same size.
 * - Two transfers into the same mail at once would look before the other has written: a lock (../lock-file.ts) forbids it.
 */
import type { Failure } from '../failure.ts';
import { kindOfSystemError, systemErrorCode } from '../failure.ts';
import { type Identity, identify, keyOf } from './digest.ts';
import { KeyCounts } from './key-counts.ts';
import { TRANSFER_BATCH_BYTES, TRANSFER_BATCH_MESSAGES, TRANSFER_HELD_BYTES } from './limits.ts';
import {
  type Landed,
  MessageLost,
  type Notes,
  type Outgoing,
  type SourceFolder,
  SourceLost,
  type SourceMessage,
  type TargetFolder,
} from './model.ts';

/** What became of a folder's messages. */
export interface Tally {
  brought: number;
  there: number;
  refused: number;
  /** Of those that were brought: without all of their flags. */
  reduced: number;
  /** Octets of all that was looked at. */
  bytes: number;
}

export interface TransferOptions {
  readonly from: SourceFolder;
  readonly to: TargetFolder;
  readonly journal: Notes;
  readonly signal: AbortSignal;
  /** After each message; the tally goes on changing. */
  readonly onProgress: (tally: Readonly<Tally>) => void;
  /** A message that is not brought over, or not with all of its flags: where it lies, and why. */
  readonly onTrouble: (where: string, reason: string) => void;
}

/** Brings a folder over; undefined when it came to its end, else why not. */
export function transferFolder(options: TransferOptions): Promise<Failure | undefined> {
  return new FolderTransfer(options).run();
}

/** How many messages of a folder have not come over by what is noted. Those without content never do. */
export async function countNew(folder: SourceFolder, known: KeyCounts, signal: AbortSignal): Promise<number> {
  const equal = new KeyCounts();
  let count = 0;
  for await (const found of folder.read(signal, () => false)) {
    signal.throwIfAborted();
    if (found.kind === 'unreadable') count += 1;
    else if (found.size > 0 && known.get(await nameOf(found, equal)) === 0) count += 1;
  }
  return count;
}

async function nameOf({ key, open }: SourceMessage, equal: KeyCounts): Promise<Buffer> {
  return key === undefined ? keyOfContent(await identify(open()), equal) : keyOf(key);
}

/** The name of a message that has no other: its content, and how many of the same have come by. */
const keyOfContent = ({ digest }: Identity, equal: KeyCounts): Buffer =>
  keyOf(`${digest.toString('hex')} ${equal.add(digest)}`);

/** A message that is not in the target. */
interface Waiting {
  readonly key: Buffer;
  readonly outgoing: Outgoing;
}

class FolderTransfer {
  readonly #options: TransferOptions;
  readonly #tally: Tally = { brought: 0, there: 0, refused: 0, reduced: 0, bytes: 0 };
  /** How many messages of a content have come by, for those that have no other name. */
  readonly #equal = new KeyCounts();
  #batch: Waiting[] = [];
  #batchBytes = 0;
  /** Why the content of a message that is streamed could not be read. */
  #unread: unknown;

  constructor(options: TransferOptions) {
    this.#options = options;
  }

  async run(): Promise<Failure | undefined> {
    const { from, journal, signal } = this.#options;
    try {
      for await (const found of from.read(signal, (name) => !journal.has(keyOf(name)))) {
        if (signal.aborted) break;
        const failure = found.kind === 'message' ? await this.#take(found) : this.#refuse(found.where, found.reason);
        if (failure !== undefined) return failure;
        this.#options.onProgress(this.#tally);
      }
      const failure = (await this.#land()) ?? (signal.aborted ? interrupted : undefined);
      if (failure !== undefined) return failure;
      journal.write();
      await this.#options.to.end?.();
      return undefined;
    } catch (error) {
      // What was read before may land all the same.
      const failure = error instanceof SourceLost ? await this.#land() : undefined;
      if (failure !== undefined) return failure;
      if (signal.aborted) return interrupted;
      if (error instanceof SourceLost) return error.failure;
      return failureOf(error);
    } finally {
      this.#options.onProgress(this.#tally);
    }
  }

  async #take(message: SourceMessage): Promise<Failure | undefined> {
    const { journal } = this.#options;
    this.#tally.bytes += message.size;
    const named = message.key === undefined ? undefined : keyOf(message.key);
    if (named !== undefined && journal.has(named)) return this.#isThere();
    try {
      return await this.#read(message, named);
    } catch (error) {
      return this.#unreadable(message, error);
    }
  }

  /** Only this message is lost where the system says what is wrong with it. */
  #unreadable({ where }: SourceMessage, error: unknown): undefined {
    const code = systemErrorCode(error);
    if (error instanceof MessageLost) return this.#refuse(where, error.message);
    if (code === undefined || !UNREADABLE.has(code)) throw error;
    this.#refuse(where, code === 'ENOENT' ? 'It went away while it was being read.' : `It cannot be read: ${code}.`);
  }

  async #read(message: SourceMessage, named: Buffer | undefined): Promise<Failure | undefined> {
    const { to, journal } = this.#options;
    const held = message.size <= TRANSFER_HELD_BYTES ? await gather(message.open()) : undefined;
    const identity =
      named !== undefined && !to.hasUnclaimed ? undefined : await identify(held ? [held] : message.open());
    const key = named ?? this.#name(identity);
    if (held?.length === 0) return this.#refuse(message.where, 'It has no content.');
    if (journal.has(key)) return this.#isThere();
    const place = identity === undefined ? undefined : await to.find(identity);
    if (place !== undefined) {
      journal.wasThere(key, place);
      return this.#isThere();
    }
    return this.#send(message, key, held);
  }

  #name(identity: Identity | undefined): Buffer {
    if (identity === undefined) throw new TypeError('A message without a name is identified by its content.');
    return keyOfContent(identity, this.#equal);
  }

  async #send(message: SourceMessage, key: Buffer, held: Uint8Array | undefined): Promise<Failure | undefined> {
    const { flags, internalDate, key: name, where } = message;
    // A large one goes by itself: it streams, and is not read twice because another one was refused.
    const before = held === undefined ? await this.#land() : undefined;
    if (before !== undefined) return before;
    const content = held ?? (() => this.#guarded(message.open()));
    this.#batch.push({ key, outgoing: { flags, internalDate, key: name, where, content } });
    this.#batchBytes += held?.length ?? TRANSFER_BATCH_BYTES;
    const isFull = this.#batch.length >= TRANSFER_BATCH_MESSAGES || this.#batchBytes >= TRANSFER_BATCH_BYTES;
    return isFull ? this.#land() : undefined;
  }

  /** What fails while it is read is the message's fault, and not the target's. */
  async *#guarded(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* content;
    } catch (error) {
      this.#unread = error;
      throw error;
    }
  }

  async #land(): Promise<Failure | undefined> {
    const batch = this.#batch;
    [this.#batch, this.#batchBytes, this.#unread] = [[], 0, undefined];
    if (batch.length === 0) return undefined;
    try {
      const { landed, failure } = await this.#options.to.add(batch.map(({ outgoing }) => outgoing));
      for (const [at, one] of batch.entries()) this.#note(one, landed[at]);
      this.#options.journal.write();
      return failure;
    } catch (error) {
      if (this.#unread !== undefined) throw error;
      return failureOf(error);
    }
  }

  #note({ key, outgoing }: Waiting, landed: Landed | undefined): void {
    if (landed?.kind === 'refused') this.#refuse(outgoing.where, landed.reason);
    if (landed?.kind !== 'landed') return;
    this.#options.journal.brought(key, landed);
    this.#tally.brought += 1;
    if (landed.flags.length < outgoing.flags.length) this.#reduce(outgoing);
  }

  #isThere(): undefined {
    this.#tally.there += 1;
  }

  #refuse(where: string, reason: string): undefined {
    this.#tally.refused += 1;
    this.#options.onTrouble(where, reason);
  }

  #reduce({ where }: Outgoing): void {
    this.#tally.reduced += 1;
    this.#options.onTrouble(where, 'It came without its keywords: the mailbox can have no more of them.');
  }
}

/** What the system says of one file that cannot be read, while others can. */
const UNREADABLE: ReadonlySet<string> = new Set([
  'ENOENT',
  'EACCES',
  'EPERM',
  'EIO',
  'EISDIR',
  'ELOOP',
  'ENXIO',
  'ESTALE',
]);

/** What the system says means the end of the transfer; what else is thrown is a mistake of ours. */
function failureOf(error: unknown): Failure {
  const code = systemErrorCode(error);
  if (code === undefined) throw error;
  const told: Readonly<Record<string, string>> = { ENOSPC: 'The disk is full.', EDQUOT: 'The disk quota is used up.' };
  const message = told[code] ?? `The system reports an error: ${error instanceof Error ? error.message : code}.`;
  return { kind: kindOfSystemError(code), message };
}

const interrupted: Failure = { kind: 'interrupted', message: 'Interrupted; done again, it goes on where it was.' };

async function gather(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
}
