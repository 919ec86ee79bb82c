/** What changed in a source since it was copied, brought over. The invariants are in move.ts. */
import type { Row, Value } from '@scorpiox/shared/database/console';
import type { InsightsTable } from '@scorpiox/shared/database/tables';
import type { Contents } from '../insights/contents.ts';
import { type Range, valueText } from '../insights/range.ts';
import { COMPARED, countNotes, NOTED, readNotes, removeNotes } from './capture-texts.ts';
import { COPY_ROWS, NOTES_READ, PLACES_TOGETHER } from './limits.ts';
import { inSourceOf } from './marks.ts';
import type { Transfer } from './transfer.ts';
import { whileLocked } from './while-locked.ts';

export class CatchUp {
  readonly #source: Contents;
  /** The move that the notes are of. */
  readonly #move: string;
  readonly #transfer: Transfer;
  readonly #halt: () => void;

  /** `halt` throws where it is to stop. */
  constructor(source: Contents, move: string, transfer: Transfer, halt: () => void) {
    this.#source = source;
    this.#move = move;
    this.#transfer = transfer;
    this.#halt = halt;
  }

  /** Brings over what was noted when it comes to it, and small tables, or of some tables what was noted; gives how many changes that were. */
  async pass(tables?: readonly InsightsTable[]): Promise<number> {
    let changes = tables === undefined ? await this.small() : 0;
    for (const table of tables ?? NOTED) changes += await this.#noted(table);
    return changes;
  }

  /** As many notes as there are now: where they come faster than they are brought over, a pass ends all the same. */
  async #noted(table: InsightsTable): Promise<number> {
    const { db, dialect } = this.#source;
    const there = Number((await db.run(countNotes(dialect, table))).sets[0]?.[0]?.n);
    let changes = 0;
    while (changes < there) {
      const notes = await this.#notes(table);
      if (notes === 0) break;
      changes += notes;
    }
    return changes;
  }

  /** Small tables alone: what others refer to is there then. */
  async small(): Promise<number> {
    let changes = 0;
    for (const table of COMPARED) {
      this.#halt();
      changes += await this.#transfer.compare(table);
    }
    return changes;
  }

  async #notes(table: InsightsTable): Promise<number> {
    this.#halt();
    const { db, dialect } = this.#source;
    const notes = (await db.run(readNotes(dialect, table, NOTES_READ))).sets[0] ?? [];
    if (notes.length === 0) return 0;
    for (const { within, places } of placesOf(table, notes)) {
      for (let at = 0; at < places.length; at += PLACES_TOGETHER) {
        await this.#settle(table, within, places.slice(at, at + PLACES_TOGETHER));
      }
    }
    const numbers = notes.map(({ note }) => (typeof note === 'bigint' ? note : Number(note)));
    await whileLocked(() => inSourceOf(this.#source, this.#move, (run) => run(removeNotes(dialect, table, numbers))));
    return notes.length;
  }

  /** Places that lie close together are one range; where much lies between them, they are halved. */
  async #settle(table: InsightsTable, within: readonly Value[], places: readonly Value[]): Promise<void> {
    this.#halt();
    const [from, through] = [places[0], places.at(-1)];
    if (from === undefined || through === undefined) return;
    const range: Range = { within, from, through };
    if (places.length > 1 && (await this.#source.count(table, range)) > COPY_ROWS) {
      const half = Math.ceil(places.length / 2);
      await this.#settle(table, within, places.slice(0, half));
      await this.#settle(table, within, places.slice(half));
    } else {
      await this.#transfer.copyProved(table, range);
    }
  }
}

interface Places {
  readonly within: readonly Value[];
  /** Ascending, each once. */
  readonly places: readonly Value[];
}

function placesOf({ within, along = '' }: InsightsTable, notes: readonly Row[]): readonly Places[] {
  const groups = Map.groupBy(notes, (note) => within.map((name) => valueText(note[name] ?? null)).join(' '));
  return [...groups.values()].map((group) => ({
    within: within.map((name) => group[0]?.[name] ?? null),
    places: [...new Map(group.map((note) => [valueText(note[along] ?? null), note[along] ?? null])).values()].toSorted(
      compareValues,
    ),
  }));
}

/** As both kinds of database order them: `along` is an integer or bytes. */
function compareValues(one: Value, other: Value): number {
  if (one instanceof Uint8Array && other instanceof Uint8Array) return Buffer.compare(one, other);
  return Number(one) - Number(other);
}
