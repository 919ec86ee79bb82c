import type { Run } from '@scorpiox/shared/database/sqlserver';
import {
  type Consignment,
  type Culprit,
  type Delivery,
  type ParcelPlace,
  unpackSubmissions,
} from '../../writer/spool/parcel.ts';
import type { Submission } from '../port.ts';
import { EventTransactions, isAboutData, type WriterOptions } from './event-transactions.ts';
import type { Deduplication } from './insert-events.ts';
import { forgetMarks, readMark, writeMark } from './mark.ts';
import { place, prepareBatch } from './prepare-batch.ts';
import { storeSubmissions } from './store-submissions.ts';

/** A submission of a parcel, with its place there. */
interface Packed {
  readonly seq: number;
  readonly place: number;
  readonly submission: Submission;
}

interface Opened {
  readonly lineage: string;
  /** Ascending. */
  readonly seqs: readonly number[];
  readonly packed: readonly Packed[];
  readonly without: readonly ParcelPlace[];
}

/** Thrown for a parcel that cannot be read. */
class Damaged extends Error {
  readonly seq: number;

  constructor(seq: number, message: string) {
    super(message);
    this.seq = seq;
  }
}

/** The server's end of shipping: the rules are in ../../writer/spool/shipper.ts. One consignment at a time. */
export class ParcelReceiver {
  readonly #transactions: EventTransactions;
  readonly #now: () => number;
  #tidied = false;

  /** `now`: milliseconds since 1970. */
  constructor(options: WriterOptions, now: () => number) {
    this.#transactions = new EventTransactions(options);
    this.#now = now;
  }

  /** How duplicates are kept out; undefined while that is not known. */
  get deduplication(): Deduplication | undefined {
    return this.#transactions.deduplication;
  }

  /** Rejects never. */
  async deliver(consignment: Consignment): Promise<Delivery> {
    try {
      return await this.#deliver(open(consignment));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (error instanceof Damaged) return { kind: 'damaged', seq: error.seq, message };
      this.#transactions.doubt();
      return { kind: 'failed', message };
    }
  }

  async #deliver(opened: Opened): Promise<Delivery> {
    try {
      return { kind: 'committed', through: await this.#commit(opened) };
    } catch (error) {
      if (!isAboutData(error)) throw error;
      // A parcel alone is searched; of several the first half is tried, which is progress wherever the culprit is.
      if (opened.seqs.length > 1) return this.#deliver(firstHalf(opened));
      return { kind: 'refused', culprits: await this.#search(opened, error.message) };
    }
  }

  /** Commits what is not committed yet; gives the last number that is. */
  async #commit({ lineage, seqs, packed, without }: Opened): Promise<number> {
    const last = seqs.at(-1) ?? 0;
    await this.#transactions.run(async (run, mode) => {
      await this.#tidy(run);
      const mark = await readMark(run, lineage);
      if (mark >= last) return;
      const due = packed.filter(({ seq }) => seq > mark);
      const submissions = due.map(({ submission }) => submission);
      await storeSubmissions(run, mode, submissions, placesOf(due, without));
      await writeMark(run, lineage, last, this.#now());
    });
    this.#tidied = true;
    return last;
  }

  /** The events of a parcel that stay out, beside those that are kept out already. */
  async #search({ packed, without }: Opened, reason: string): Promise<readonly Culprit[]> {
    const left = placesOf(packed, without);
    const submissions = packed.map(({ submission }) => submission);
    const batch = prepareBatch(submissions, left);
    const found = await this.#transactions.refusedAmong(batch);
    // None by itself: it is not the rows but what is summed up from them. All go aside; what is counted of them stays.
    const refused = found.length > 0 ? found : batch.map(({ submission, index }) => ({ submission, index, reason }));
    if (refused.length === 0) throw new Error(reason);
    return refused.flatMap(({ submission, index, reason: why }) => {
      const from = packed[submission];
      return from === undefined ? [] : [{ seq: from.seq, submission: from.place, index, reason: why }];
    });
  }

  /** Once a process: marks of spools that are long gone. */
  async #tidy(run: Run): Promise<void> {
    if (!this.#tidied) await forgetMarks(run, this.#now());
  }
}

function open({ lineage, parcels, without }: Consignment): Opened {
  const packed = parcels.flatMap(({ seq, body }) => {
    try {
      return unpackSubmissions(body).map((submission, index) => ({ seq, place: index, submission }));
    } catch (error) {
      throw new Damaged(seq, error instanceof Error ? error.message : String(error));
    }
  });
  return { lineage, seqs: parcels.map(({ seq }) => seq), packed, without };
}

function firstHalf({ lineage, seqs, packed, without }: Opened): Opened {
  const kept = seqs.slice(0, Math.ceil(seqs.length / 2));
  const last = kept.at(-1) ?? 0;
  return { lineage, seqs: kept, packed: packed.filter(({ seq }) => seq <= last), without };
}

/** What stays out, by its place in the list of submissions. */
function placesOf(packed: readonly Packed[], without: readonly ParcelPlace[]): ReadonlySet<string> {
  const numbers = new Map(packed.map(({ seq, place: at }, number) => [`${seq}/${at}`, number]));
  const places = new Set<string>();
  for (const { seq, submission, index } of without) {
    const number = numbers.get(`${seq}/${submission}`);
    if (number !== undefined) places.add(place(number, index));
  }
  return places;
}
