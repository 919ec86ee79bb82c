import { err, ok, type Result } from '@scorpiox/shared/result';
import { PARSED_AT_ONCE } from '../limits.ts';
import type { GroupCommit } from '../writer/group-commit.ts';
import type { Admission, Ownerless } from './admission/admission.ts';
import type { Lease } from './budget.ts';
import { type CollectProblem, collect } from './collect.ts';
import { type Body, type DecodeProblem, decodeBytes, decodeText } from './decode.ts';
import type { Format, Items } from './formats/format.ts';
import { Gate } from './gate.ts';
import { type BatchOutcome, concludeBatch, type PreparedBatch, prepareBatch } from './pipeline/pipeline.ts';

/** A batch as it came in. */
export interface IncomingBatch {
  readonly body: Body;
  readonly contentEncoding: string | undefined;
  /** The key of the Authorization header: it names the application of items that name no key themselves. */
  readonly key: string | undefined;
  /** The memory that the batch holds; whoever made it gives it back. */
  readonly lease: Lease;
}

/** Why a whole batch was not taken. Those with `retryAfter` (seconds), `overloaded` and `unavailable` are worth a retry. */
export type BatchProblem =
  | DecodeProblem
  | CollectProblem
  | { readonly code: 'rate-limited'; readonly message: string; readonly retryAfter: number }
  | { readonly code: 'overloaded' | 'unavailable'; readonly message: string };

/** What the process has turned away without an application to count it for, since its start. */
export interface IngestState {
  readonly ownerless: Ownerless;
}

/** Takes batches from any format to the store. */
export class Ingest {
  readonly #admission: Admission;
  readonly #writer: GroupCommit;
  readonly #now: () => number;
  readonly #gate = new Gate(PARSED_AT_ONCE);

  /** @param now milliseconds since 1970. */
  constructor(admission: Admission, writer: GroupCommit, now: () => number) {
    this.#admission = admission;
    this.#writer = writer;
    this.#now = now;
  }

  /** The whole way of a batch; resolves after the commit. */
  async take(batch: IncomingBatch, format: Format): Promise<Result<BatchOutcome, BatchProblem>> {
    const prepared = await this.#gate.run(() => this.#prepare(batch, format));
    if (!prepared.ok) return prepared;
    const { shares } = prepared.value;
    const queued = this.#writer.submit(
      shares.map(({ submission, bytes }) => [submission, { events: submission.events.length, bytes }] as const),
    );
    if (queued === undefined)
      return err({ code: 'overloaded', message: 'Too many events are waiting; try again soon.' });
    const outcome = concludeBatch(prepared.value, await queued);
    if (outcome !== undefined) return ok(outcome);
    return err({ code: 'unavailable', message: 'The events could not be stored; try again soon.' });
  }

  /** Everything up to the queue. Text and JSON of the batch are gone when it is done. */
  async #prepare(batch: IncomingBatch, format: Format): Promise<Result<PreparedBatch, BatchProblem>> {
    const found = await readItems(batch, format);
    if (!found.ok) return found;
    const items = collect(found.value);
    if (!items.ok) return items;
    const prepared = prepareBatch(items.value, await this.#admission.of(items.value, batch.key), this.#now());
    const late = allRateLimited(prepared);
    return late === undefined ? ok(prepared) : err(late);
  }

  /** Whether a key is in force. */
  knows(key: string): Promise<boolean> {
    return this.#admission.knows(key);
  }

  state(): IngestState {
    return { ownerless: this.#admission.ownerless };
  }
}

async function readItems(batch: IncomingBatch, format: Format): Promise<Items | Result<never, DecodeProblem>> {
  const { body, contentEncoding, lease } = batch;
  if (format.body === 'bytes') {
    const bytes = await decodeBytes(body, contentEncoding, lease);
    return bytes.ok ? format.read(bytes.value) : bytes;
  }
  const text = await decodeText(body, contentEncoding, lease);
  return text.ok ? format.read(text.value) : text;
}

/** A batch that only its sender's limit keeps out is refused as a whole: every SDK comes back with that. */
function allRateLimited({ received, drops }: PreparedBatch): BatchProblem | undefined {
  if (drops.size < received) return undefined;
  const waits = [...drops.values()].map(({ reason, retryAfter = 1 }) => (reason === 'rate-limited' ? retryAfter : 0));
  if (waits.length === 0 || waits.includes(0)) return undefined;
  const message = 'The key is over its limit of events; try again later.';
  return { code: 'rate-limited', message, retryAfter: Math.max(...waits) };
}
