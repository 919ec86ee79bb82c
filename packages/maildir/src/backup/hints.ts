/**
 * What earlier manifests say of messages: who has the same UID under the same UIDVALIDITY, and the same base name, has the
 * same octets, since a message never changes. Manifests and the index have the same order, so the manifests are read along.
 */
import type { Kept, Line } from './manifest.ts';

interface Known extends Kept {
  readonly folder: string;
  readonly uidValidity: number;
  readonly uid: number;
}

/** A message as the index has it. */
export interface Wanted {
  readonly folder: string;
  readonly uidValidity: number;
  readonly uid: number;
  /** Its base name. */
  readonly base: string;
}

/** One earlier manifest, read along. What is asked for has to ascend, by folder and UID. */
export class Hints {
  readonly #lines: AsyncIterator<Known>;
  #current: Known | undefined;
  #isBegun = false;

  constructor(lines: AsyncIterable<Line>) {
    this.#lines = knownIn(lines)[Symbol.asyncIterator]();
  }

  async find(wanted: Wanted): Promise<Kept | undefined> {
    if (!this.#isBegun) await this.#next();
    while (this.#current !== undefined && isBefore(this.#current, wanted)) await this.#next();
    const known = this.#current;
    if (known === undefined || known.folder !== wanted.folder || known.uid !== wanted.uid) return undefined;
    return known.uidValidity === wanted.uidValidity && baseOf(known.path) === wanted.base ? known : undefined;
  }

  async close(): Promise<void> {
    await this.#lines.return?.();
  }

  async #next(): Promise<void> {
    this.#isBegun = true;
    const next = await this.#lines.next();
    this.#current = next.done === true ? undefined : next.value;
  }
}

async function* knownIn(lines: AsyncIterable<Line>): AsyncGenerator<Known> {
  let mailbox: { readonly folder: string; readonly uidValidity: number | null } | undefined;
  for await (const line of lines) {
    if (line.kind === 'mailbox') mailbox = line;
    if (line.kind !== 'message' || line.uid === null || mailbox === undefined || mailbox.uidValidity === null) continue;
    const { path, size, sha256, uid } = line;
    yield { path, size, sha256, uid, folder: mailbox.folder, uidValidity: mailbox.uidValidity };
  }
}

const isBefore = (one: Known, { folder, uid }: Wanted): boolean =>
  one.folder < folder || (one.folder === folder && one.uid < uid);

/** The base name of a message's file. */
export const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/:.*$/s, '');
