import type { IdentifiedEvent, Submission } from './port.ts';

/*
 * Submissions between threads
 *
 * Given to another thread as they are, a clone is made object by object, with the name of every field and a buffer for
 * every hash: per event that costs more than hashing it or parsing its JSON. One text and one buffer cost a third. JSON
 * holds a submission whole: its texts are well-formed, its numbers finite, and what is absent stays absent.
 */

/** Submissions as they cross from one thread to another. */
export interface WireSubmissions {
  /** JSON of the submissions, their events without the hashes. */
  readonly text: string;
  /** The hashes of all events, in their order, each behind a byte that says how long it is. */
  readonly hashes: Uint8Array;
}

interface BareSubmission extends Omit<Submission, 'events'> {
  readonly events: readonly IdentifiedEvent['event'][];
}

export function toWire(submissions: readonly Submission[]): WireSubmissions {
  const hashes = new Uint8Array(submissions.reduce((sum, { events }) => sum + bytesOf(events), 0));
  let at = 0;
  const bare = submissions.map(
    (submission): BareSubmission => ({
      ...submission,
      events: submission.events.map(({ event, hash }) => {
        hashes[at] = hash.length;
        hashes.set(hash, at + 1);
        at += 1 + hash.length;
        return event;
      }),
    }),
  );
  return { text: JSON.stringify(bare), hashes };
}

const bytesOf = (events: readonly IdentifiedEvent[]): number =>
  events.reduce((sum, { hash }) => sum + 1 + hash.length, 0);

export function fromWire({ text, hashes }: WireSubmissions): readonly Submission[] {
  // Made by `toWire` of this same program a moment ago.
  const bare = JSON.parse(text) as readonly BareSubmission[];
  let at = 0;
  const nextHash = (): Uint8Array => {
    const start = at + 1;
    at = start + (hashes[at] ?? 0);
    return hashes.subarray(start, at);
  };
  return bare.map(({ events, ...rest }) => ({
    ...rest,
    events: events.map((event) => ({ event, hash: nextHash() })),
  }));
}
