import type { Control } from '@scorpiox/shared/database';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { BATCH_BYTES, BATCH_ITEMS, PARSED_AT_ONCE } from '../limits.ts';
import type { GroupCommit } from '../writer/group-commit.ts';
import type { Lease } from './budget.ts';
import { type Body, type DecodeProblem, decodeBody } from './decode.ts';
import type { FormatItem } from './formats/item.ts';
import { type RawItem, type SplitProblem, splitBatch, tooManyItems } from './formats/split.ts';
import { Gate } from './gate.ts';
import { type Admit, type BatchOutcome, concludeBatch, type PreparedBatch, prepareBatch } from './pipeline/pipeline.ts';

/** A batch as it came in. */
export interface IncomingBatch {
  readonly body: Body;
  readonly contentEncoding: string | undefined;
  /** The key of the Authorization header: it names the application of items that name no key themselves. */
  readonly key: string | undefined;
  /** The memory that the batch holds; whoever made it gives it back. */
  readonly lease: Lease;
}

/** Why a whole batch was not taken. `overloaded` and `unavailable` are worth a retry, the others are not. */
export type BatchProblem =
  | DecodeProblem
  | SplitProblem
  | { readonly code: 'overloaded' | 'unavailable'; readonly message: string };

export type ParseItem = (item: RawItem, index: number) => FormatItem;

/** What the process has turned away for lack of an application to count it for. */
export interface IngestState {
  readonly unknownKeyItems: number;
}

/** Takes batches from any format to the store. */
export class Ingest {
  readonly #control: Pick<Control, 'findKey'>;
  readonly #writer: GroupCommit;
  readonly #now: () => number;
  readonly #gate = new Gate(PARSED_AT_ONCE);
  #unknownKeyItems = 0;

  constructor(control: Pick<Control, 'findKey'>, writer: GroupCommit, now: () => number) {
    this.#control = control;
    this.#writer = writer;
    this.#now = now;
  }

  /** The whole way of a batch; resolves after the commit. */
  async take(batch: IncomingBatch, parse: ParseItem): Promise<Result<BatchOutcome, BatchProblem>> {
    const prepared = await this.#gate.run(() => this.#prepare(batch, parse));
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
  async #prepare(batch: IncomingBatch, parse: ParseItem): Promise<Result<PreparedBatch, BatchProblem>> {
    const text = await decodeBody(batch.body, batch.contentEncoding, batch.lease);
    if (!text.ok) return text;
    const raw = splitBatch(text.value);
    if (!raw.ok) return raw;
    const items = parseItems(raw.value, parse);
    if (!items.ok) return items;
    const prepared = prepareBatch(items.value, await this.#admission(items.value, batch.key), this.#now());
    const bytes = prepared.shares.reduce((sum, share) => sum + share.bytes, 0);
    if (bytes <= BATCH_BYTES) return ok(prepared);
    const message = `The events of the batch take more than ${BATCH_BYTES} bytes; send smaller batches.`;
    return err({ code: 'too-large', message });
  }

  state(): IngestState {
    return { unknownKeyItems: this.#unknownKeyItems };
  }

  /** Looks up every key of the batch once. */
  async #admission(items: readonly FormatItem[], headerKey: string | undefined): Promise<Admit> {
    const keys = new Set(items.map(({ key }) => key ?? headerKey));
    const owners = new Map<string | undefined, number>();
    for (const key of keys) {
      const owner = key === undefined ? undefined : await this.#control.findKey(key);
      if (owner !== undefined) owners.set(key, owner.id);
    }
    return ({ key }) => {
      const id = owners.get(key ?? headerKey);
      if (id !== undefined) return ok(id);
      this.#unknownKeyItems += 1;
      return err({ reason: 'unknown-key', message: 'Invalid instrumentation key' });
    };
  }
}

/** Parses items for as long as their events are not too many. */
function parseItems(raw: readonly RawItem[], parse: ParseItem): Result<readonly FormatItem[], SplitProblem> {
  const items: FormatItem[] = [];
  let count = 0;
  for (const [index, one] of raw.entries()) {
    const item = parse(one, index);
    count += item.events.ok ? item.events.value.length : 0;
    if (count > BATCH_ITEMS) return err(tooManyItems);
    items.push(item);
  }
  return ok(items);
}
