import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { IdentifiedEvent, Submission } from '../../store/port.ts';

/** A row of the spool: some submissions, packed. What is committed on the server is whole parcels. */
export interface Parcel {
  /** Ascending within a lineage, never used again. */
  readonly seq: number;
  readonly events: number;
  readonly body: Uint8Array;
}

/** The place of an event in a parcel: place of the submission, place of the event in it. */
export interface ParcelPlace {
  readonly seq: number;
  readonly submission: number;
  readonly index: number;
}

/** An event that the server will not take, and what it said of it. */
export interface Culprit extends ParcelPlace {
  readonly reason: string;
}

/** What is given to the server at once: parcels of one lineage, ascending, and the events that stay behind. */
export interface Consignment {
  readonly lineage: string;
  readonly parcels: readonly Parcel[];
  readonly without: readonly ParcelPlace[];
}

/**
 * What became of a consignment.
 * - `committed`: everything up to `through` is committed on the server, now or in an attempt before
 * - `refused`: the server will not take these events of the first parcel; nothing is committed
 * - `damaged`: the parcel cannot be read; nothing is committed
 * - `failed`: nothing is known to be committed; the same again later
 */
export type Delivery =
  | { readonly kind: 'committed'; readonly through: number }
  | { readonly kind: 'refused'; readonly culprits: readonly Culprit[] }
  | { readonly kind: 'damaged'; readonly seq: number; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string };

/** Commits a consignment on the server. Rejects never. */
export type Deliver = (consignment: Consignment) => Promise<Delivery>;

/** A submission as JSON: its events' hashes in hexadecimal digits beside them. */
interface PackedSubmission extends Omit<Submission, 'events'> {
  readonly events: readonly (readonly [string, IdentifiedEvent['event']])[];
}

/** The checksum tells damage: a parcel is read hours after it was written, from a disk that may have failed meanwhile. */
const PACKING = { params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 } };

/** A parcel's body, and how many bytes it has unpacked. */
export function packSubmissions(submissions: readonly Submission[]): {
  readonly body: Uint8Array;
  readonly size: number;
} {
  const packed = submissions.map(
    ({ events, ...rest }): PackedSubmission => ({
      ...rest,
      events: events.map(({ event, hash }) => [Buffer.from(hash).toString('hex'), event]),
    }),
  );
  const text = Buffer.from(JSON.stringify(packed));
  return { body: zstdCompressSync(text, PACKING), size: text.length };
}

/** The submissions of a body. Throws where it is not what `packSubmissions` made. */
export function unpackSubmissions(body: Uint8Array): readonly Submission[] {
  // The checksum vouches that this is the text that was packed, by this type.
  const packed = JSON.parse(zstdDecompressSync(body).toString()) as readonly PackedSubmission[];
  return packed.map(({ events, ...rest }) => ({
    ...rest,
    events: events.map(([hash, event]) => ({ event, hash: Uint8Array.from(Buffer.from(hash, 'hex')) })),
  }));
}

/** Cuts submissions into parcels of about that many events, at least one submission each. */
export function cutIntoParcels(submissions: readonly Submission[], most: number): readonly (readonly Submission[])[] {
  const parcels: Submission[][] = [];
  let events = 0;
  for (const submission of submissions) {
    const last = parcels.at(-1);
    events += submission.events.length;
    if (last !== undefined && events <= most) {
      last.push(submission);
    } else {
      parcels.push([submission]);
      events = submission.events.length;
    }
  }
  return parcels;
}
