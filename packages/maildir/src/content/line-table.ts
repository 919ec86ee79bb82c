/** Where chunks of a file begin in its CRLF view, so that a partial fetch need not read from the beginning. */
import { CHUNK, LINE_TABLES } from '../limits.ts';

/** Entry n is the view's offset of the file's byte n * CHUNK; filled from the start as far as it has been read. */
export class LineTable {
  readonly #starts: number[] = [0];

  /** Notes where the file's chunk `index` begins in the view. */
  note(index: number, virtual: number): void {
    if (index === this.#starts.length) this.#starts.push(virtual);
  }

  /** The last known chunk that begins at or before this offset of the view. */
  before(virtual: number): { readonly physical: number; readonly virtual: number } {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= virtual) low = middle;
      else high = middle - 1;
    }
    return { physical: low * CHUNK, virtual: this.#starts[low] ?? 0 };
  }
}

/** The tables of the messages fetched last; a key names a file's content. */
export class LineTables {
  readonly #tables = new Map<string, LineTable>();

  get(key: string): LineTable {
    const table = this.#tables.get(key) ?? new LineTable();
    this.#tables.delete(key);
    this.#tables.set(key, table);
    for (const oldest of this.#tables.keys()) {
      if (this.#tables.size <= LINE_TABLES) break;
      this.#tables.delete(oldest);
    }
    return table;
  }
}
