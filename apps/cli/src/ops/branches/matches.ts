import { type Change, type Compared, patchIds, readTouched, signatureOf } from './compare.ts';
import type { Mainline } from './mainline.ts';

/** What was looked for on the trunk. */
export interface Matches {
  /** Whether a change changes nothing. */
  isEmpty(change: Change): boolean;
  /** The commits of the trunk that change the same, in the order in which they came. */
  of(change: Change): readonly number[];
}

/** The trunk's changes. What was read of one is kept, for the next time that something is looked for. */
export class TrunkChanges {
  readonly #compared: Compared;
  readonly #mainline: Mainline;
  readonly #onProgress: (done: number, total: number) => void;
  /** By commit; NaN where it was not read. */
  readonly #signatures: Float64Array;

  constructor(compared: Compared, mainline: Mainline, onProgress: (done: number, total: number) => void) {
    this.#compared = compared;
    this.#mainline = mainline;
    this.#onProgress = onProgress;
    this.#signatures = new Float64Array(compared.history.count).fill(Number.NaN);
  }

  /** Looks for changes among these commits of the trunk. Merges are none: what they bring came with their parents. */
  async find(changes: readonly Change[], among: readonly number[]): Promise<Matches> {
    const wanted = new Map(changes.map((change) => [keyOf(change), change]));
    const asked = [...wanted.values()];
    const signatures: number[] = [];
    await readTouched(this.#compared, asked, (_, touched) => signatures.push(signatureOf(touched)));
    const candidates = await this.#withSignature(new Set(signatures.filter((one) => one !== 0)), among);
    const onTrunk = new Set(candidates.map((commit) => this.#signatures[commit]));
    const worth = asked.filter((_, at) => onTrunk.has(signatures[at]));
    const byPatch = await this.#byPatch(candidates);
    const ids = await patchIds(this.#compared, worth);
    const found = new Map(worth.map((change, at) => [keyOf(change), byPatch.get(ids[at] ?? '') ?? []]));
    const empty = new Set(asked.filter((_, at) => signatures[at] === 0).map(keyOf));
    return {
      isEmpty: (change) => empty.has(keyOf(change)),
      of: (change) => found.get(keyOf(change)) ?? [],
    };
  }

  async #withSignature(wanted: ReadonlySet<number>, among: readonly number[]): Promise<readonly number[]> {
    if (wanted.size === 0) return [];
    const commits = among.filter((commit) => !this.#compared.history.isMerge(commit));
    const unread = commits.filter((commit) => Number.isNaN(this.#signatures[commit]));
    await readTouched(
      this.#compared,
      unread.map((commit) => ({ commit })),
      (at, touched) => {
        this.#signatures[unread[at] ?? 0] = signatureOf(touched);
        if (at % 256 === 0) this.#onProgress(at, unread.length);
      },
    );
    return commits.filter((commit) => wanted.has(this.#signatures[commit] ?? 0));
  }

  async #byPatch(commits: readonly number[]): Promise<ReadonlyMap<string, readonly number[]>> {
    const ids = await patchIds(
      this.#compared,
      commits.map((commit) => ({ commit })),
    );
    const byPatch = new Map<string, number[]>();
    for (const [at, commit] of commits.entries()) {
      const id = ids[at];
      if (id !== undefined) byPatch.set(id, [...(byPatch.get(id) ?? []), commit]);
    }
    for (const found of byPatch.values()) found.sort((one, other) => this.#mainline.order(one, other));
    return byPatch;
  }
}

/** Tells changes apart. */
export const keyOf = ({ commit, against = -1 }: Change): string => `${commit} ${against}`;
