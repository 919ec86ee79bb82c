import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ImportState } from '@scorpiox/shared/contract';
import { Value } from 'typebox/value';

/**
 * How far imports are, a small file each. A file is replaced as a whole and synced. One that cannot be read is as if it were
 * not there: the import begins anew, which doubles nothing.
 */
export class ProgressFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  find(id: string): ImportState | undefined {
    return this.#read(`${id}.json`);
  }

  /** Newest first. */
  all(): readonly ImportState[] {
    return this.#names()
      .flatMap((name) => this.#read(name) ?? [])
      .toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  }

  save(state: ImportState): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const file = join(this.#folder, `${state.id}.json`);
    const descriptor = openSync(`${file}.part`, 'w', 0o600);
    try {
      writeSync(descriptor, JSON.stringify(state));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(`${file}.part`, file);
  }

  #names(): readonly string[] {
    try {
      return readdirSync(this.#folder).filter((name) => name.endsWith('.json'));
    } catch {
      return []; // there was never an import
    }
  }

  #read(name: string): ImportState | undefined {
    try {
      const value: unknown = JSON.parse(readFileSync(join(this.#folder, name), 'utf8'));
      return Value.Check(ImportState, value) ? value : undefined;
    } catch {
      return undefined;
    }
  }
}
