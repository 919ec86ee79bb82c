import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { KeyGrant } from '@scorpiox/shared/database';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { KNOWN_KEYS } from '../limits.ts';

const File = Type.Object({
  target: Type.String(),
  grants: Type.Record(
    Type.String(),
    Type.Object({
      app: Type.Optional(
        Type.Object({ id: Type.Integer(), name: Type.String(), retentionDays: Type.Optional(Type.Integer()) }),
      ),
      rateLimit: Type.Optional(Type.Number()),
    }),
  ),
});

/**
 * The ingest keys that have been used, kept in a file: with it a process that starts while the database is away knows
 * whom it may take events from. It holds hashes of the keys, not the keys. Several processes may share it: whoever writes
 * last wins, and what is missing is asked for again.
 */
export class KnownKeys {
  readonly #file: string;
  readonly #target: string;
  readonly #grants: Map<string, KeyGrant>;

  /** `target` names the database: a file that was written for another one counts as empty. */
  constructor(file: string, target: string) {
    this.#file = file;
    this.#target = target;
    this.#grants = new Map(Object.entries(read(file, target)));
  }

  get size(): number {
    return this.#grants.size;
  }

  find(key: string): KeyGrant | undefined {
    return this.#grants.get(nameOf(key));
  }

  /** Notes what the database said of a key. */
  set(key: string, grant: KeyGrant | undefined): void {
    const name = nameOf(key);
    if (isDeepStrictEqual(this.#grants.get(name), grant)) return;
    if (grant === undefined) this.#grants.delete(name);
    else this.#grants.set(name, grant);
    const [oldest] = this.#grants.keys();
    if (oldest !== undefined && this.#grants.size > KNOWN_KEYS) this.#grants.delete(oldest);
    this.#write();
  }

  #write(): void {
    const text = JSON.stringify({ target: this.#target, grants: Object.fromEntries(this.#grants) });
    const draft = `${this.#file}.${randomUUID()}`;
    try {
      mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
      writeFileSync(draft, text, { mode: 0o600 });
      renameSync(draft, this.#file);
    } catch {
      // A full disk must not keep events out: this process knows the key, the next one asks for it again.
      rmSync(draft, { force: true });
    }
  }
}

const nameOf = (key: string): string => createHash('sha256').update(key.toLowerCase()).digest('hex');

/** What the file says; nothing where it is not there, is broken, or is another database's: all it holds can be asked for. */
function read(file: string, target: string): Readonly<Record<string, KeyGrant>> {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return Value.Check(File, parsed) && parsed.target === target ? parsed.grants : {};
  } catch {
    return {};
  }
}
