/*
 * Who counts
 *
 * The main thread walks the folders and counts; where there are many files, a second thread counts too.
 *
 * - What was found is taken down in the order in which it was walked, whoever counted it: where there is more than is kept,
 *   the same is kept each time.
 * - A batch that the second thread has no room for is counted here: no thread waits for the other, but at the end.
 * - A second thread that dies takes nothing with it: what it had is counted here.
 */
import { setImmediate } from 'node:timers/promises';
import { BATCH_ITEMS, FILES_FOR_THREAD, TURN_MS } from '../limits.ts';
import { searchFor } from '../match.ts';
import { BatchCounter, type Item, type Outcome } from './batch.ts';
import type { Findings } from './findings.ts';
import type { Home } from './home.ts';
import type { ScanRequest } from './scan.ts';
import { type Helper, startHelper } from './threads/helper.ts';
import type { Entry } from './walk.ts';

interface Batch {
  readonly items: Item[];
  readonly homes: Home[];
  /** Absent as long as it is being counted. */
  outcome: Outcome | undefined;
}

export class Crew {
  readonly #request: ScanRequest;
  readonly #findings: Findings;
  readonly #counter: BatchCounter;
  readonly #start: typeof startHelper;
  #helper: Helper | undefined;
  #batch: Batch = { items: [], homes: [], outcome: undefined };
  /** Batches that are not taken down, in their order; those that the helper has among them. */
  #open: Batch[] = [];
  #given = 0;
  #turnedAt = performance.now();

  constructor(request: ScanRequest, findings: Findings, start = startHelper) {
    this.#start = start;
    this.#request = request;
    this.#findings = findings;
    this.#counter = new BatchCounter(searchFor(request.from));
  }

  /** Takes an entry; true where there is work to be done before the next. */
  give(entry: Entry): boolean {
    if (entry.kind === 'excluded') this.#findings.counts.excluded += 1;
    else if (entry.kind === 'unreadable') this.#findings.addUnreadable(entry.path, entry.code);
    else {
      this.#batch.items.push({ path: entry.path, isLink: entry.kind === 'link' });
      this.#batch.homes.push(entry.home);
    }
    return this.#batch.items.length >= BATCH_ITEMS;
  }

  /** Has the entries counted that were given. */
  async work(): Promise<void> {
    const batch = this.#batch;
    this.#batch = { items: [], homes: [], outcome: undefined };
    this.#open.push(batch);
    this.#given += batch.items.length;
    if (this.#given >= FILES_FOR_THREAD) this.#helper ??= this.#start(this.#request.from);
    if (this.#helper?.take(batch.items) !== true) batch.outcome = await this.#count(batch);
    for (let next = this.#helper?.next(); next !== undefined; next = this.#helper?.next()) this.#answered(next);
    this.#takeDown();
    if (this.#isTurnDue()) await this.#giveTurn();
  }

  /** Has the rest counted, and waits for it. */
  async finish(): Promise<void> {
    await this.work();
    try {
      if (this.#open.length > 0) await this.#awaitHelper();
    } catch (error) {
      if (!this.#request.signal.aborted) throw error;
    }
    for (const batch of this.#open) batch.outcome ??= await this.#count(batch);
    this.#takeDown();
  }

  async #awaitHelper(): Promise<void> {
    for await (const outcome of this.#helper?.rest(this.#request.signal) ?? []) {
      this.#answered(outcome);
      this.#takeDown();
      if (this.#open.length === 0) return;
    }
  }

  async end(): Promise<void> {
    await this.#helper?.end();
  }

  /** Undefined where it was stopped. */
  async #count(batch: Batch): Promise<Outcome | undefined> {
    const steps = this.#counter.count(batch.items);
    for (;;) {
      const { done, value } = steps.next();
      if (done === true) return value;
      if (this.#isTurnDue()) await this.#giveTurn();
      if (this.#request.signal.aborted) return undefined;
    }
  }

  #answered(outcome: Outcome): void {
    const oldest = this.#open.find((batch) => batch.outcome === undefined);
    if (oldest !== undefined) oldest.outcome = outcome;
  }

  #takeDown(): void {
    const first = this.#open.findIndex(({ outcome }) => outcome === undefined);
    const done = this.#open.splice(0, first === -1 ? this.#open.length : first);
    for (const { items, homes, outcome } of done) {
      this.#findings.counts.files += outcome?.files ?? 0;
      for (const [number, tally] of outcome?.said ?? []) {
        const [item, home] = [items[number], homes[number]];
        if (item === undefined || home === undefined) continue;
        this.#findings.add(item.path, home, item.isLink ? 'link' : tally.content, tally);
      }
      for (const [number, code] of outcome?.failed ?? []) this.#findings.addUnreadable(items[number]?.path ?? '', code);
    }
  }

  #isTurnDue(): boolean {
    return performance.now() - this.#turnedAt >= TURN_MS;
  }

  /** Signals and the progress bar have their turn. */
  async #giveTurn(): Promise<void> {
    this.#request.onProgress?.(this.#findings.counts.files);
    await setImmediate();
    this.#turnedAt = performance.now();
  }
}
