import type { Control } from '@scorpiox/shared/database';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { GroupCommit } from '../writer/group-commit.ts';
import { type DecodeProblem, decodeBody } from './decode.ts';
import type { FormatItem } from './formats/item.ts';
import { type RawItem, type SplitProblem, splitBatch } from './formats/split.ts';
import { type Admit, type BatchOutcome, concludeBatch, prepareBatch } from './pipeline/pipeline.ts';

/** A batch as it came in. */
export interface IncomingBatch {
  readonly body: Buffer;
  readonly contentEncoding: string | undefined;
  /** The key of the Authorization header: it names the application of items that name no key themselves. */
  readonly key: string | undefined;
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
  #unknownKeyItems = 0;

  constructor(control: Pick<Control, 'findKey'>, writer: GroupCommit, now: () => number) {
    this.#control = control;
    this.#writer = writer;
    this.#now = now;
  }

  /** The whole way of a batch; resolves after the commit. */
  async take(batch: IncomingBatch, parse: ParseItem): Promise<Result<BatchOutcome, BatchProblem>> {
    const text = await decodeBody(batch.body, batch.contentEncoding);
    if (!text.ok) return text;
    const raw = splitBatch(text.value);
    if (!raw.ok) return raw;
    const items = raw.value.map(parse);
    const prepared = prepareBatch(items, await this.#admission(items, batch.key), this.#now());
    const total = prepared.shares.reduce((sum, { submission }) => sum + submission.events.length, 0);
    const queued = this.#writer.submit(
      prepared.shares.map(({ submission }) => {
        const events = submission.events.length;
        return [submission, { events, bytes: Math.ceil((text.value.length * events) / Math.max(1, total)) }] as const;
      }),
    );
    if (queued === undefined)
      return err({ code: 'overloaded', message: 'Too many events are waiting; try again soon.' });
    const outcome = concludeBatch(prepared, await queued);
    if (outcome !== undefined) return ok(outcome);
    return err({ code: 'unavailable', message: 'The events could not be stored; try again soon.' });
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
