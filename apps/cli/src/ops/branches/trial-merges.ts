/*
 * Merges on trial
 *
 * The question is always whether bringing a change into the trunk would leave the trunk as it is: a branch's, or one that takes
 * something back. `git merge-tree` makes a whole merge without a work tree; what it writes goes into a folder of objects that
 * is removed at the end (object-folder.ts), so the repository gets none.
 *
 * A merge takes milliseconds, and there may be thousands. Most answers need none: a file that the trunk has as the change leaves
 * it is no obstacle, and one that the trunk has as it was before is one for certain. Files that are different on all three
 * sides have to be merged, but each for itself: all of them, of all questions, are put into one tree and merged at once. A whole
 * merge, which also follows files that were renamed, is left for files that the trunk has no more, changed or removed, or that are
 * new on both sides.
 */
import type { Repository } from '../git/repositories.ts';
import type { Asking } from './asking.ts';
import { type Compared, readTouched, type Touched } from './compare.ts';
import type { History } from './history.ts';
import type { Mainline } from './mainline.ts';
import { ObjectFolder } from './object-folder.ts';

/** The change from some commits to another: would it change the trunk? */
export interface Trial {
  readonly theirs: number;
  /** Where it begins: several where histories crossed. */
  readonly bases: readonly number[];
  /** Whether it is known to have landed, so that a file which it removed is not asked about where the trunk has none. */
  readonly hasLanded?: true;
}

interface Ground extends Compared {
  readonly repository: Repository;
  readonly history: History;
  readonly mainline: Mainline;
}

export class TrialMerges {
  readonly #ground: Ground;
  readonly #objects: ObjectFolder;
  /** git with that folder. */
  readonly #asking: Asking;
  readonly #trunk: string;
  #files: ReadonlyMap<string, string> | undefined;

  private constructor(ground: Ground, objects: ObjectFolder, asking: Asking) {
    this.#ground = ground;
    this.#objects = objects;
    this.#asking = asking;
    this.#trunk = ground.history.idOf(ground.mainline.tip);
  }

  /** Opens a place for merges on trial; `close` removes it. */
  static async open(ground: Ground): Promise<TrialMerges> {
    const keys = ['config', '--name-only', '-z', '--get-regexp', '^merge\\..*\\.driver$'];
    const drivers = await ground.asking.answer(keys, { okCodes: [1] });
    const names = drivers.stdout
      .toString()
      .split('\0')
      .filter((name) => name !== '');
    const objects = await ObjectFolder.make(ground.repository);
    return new TrialMerges(ground, objects, ground.asking.with({ ...objects.environment, ...settings(names) }));
  }

  close(): Promise<void> {
    return this.#objects.remove();
  }

  /** The trunk's files: by path, a character for each byte, mode and id. */
  async files(): Promise<ReadonlyMap<string, string>> {
    if (this.#files !== undefined) return this.#files;
    const files = new Map<string, string>();
    await this.#ground.asking.records([['ls-tree', '-r', '-z', '--full-tree', this.#trunk]], {}, (record) => {
      const text = record.toString('latin1');
      const [mode = '', , id = ''] = text.slice(0, text.indexOf('\t')).split(' ');
      files.set(text.slice(text.indexOf('\t') + 1), `${mode} ${id}`);
    });
    this.#files = files;
    return files;
  }

  /** Of each, whether it goes into the trunk without conflict and leaves it as it is. */
  async changeNothing(trials: readonly Trial[]): Promise<readonly boolean[]> {
    if (trials.length === 0) return [];
    const files = await this.files();
    const answers: Answer[] = trials.map(() => ({ kind: 'whole' }));
    const single = trials.flatMap(({ theirs, bases: [base, ...others] }, at) =>
      base === undefined || others.length > 0 ? [] : [{ at, change: { commit: theirs, against: base } }],
    );
    await readTouched(
      this.#ground,
      single.map(({ change }) => change),
      (nth, touched) => {
        const at = single[nth]?.at ?? 0;
        answers[at] = answerBy(files, touched, trials[at]?.hasLanded === true);
      },
    );
    const merged = await this.changeNoFile(answers.map((answer) => (answer.kind === 'files' ? answer.files : [])));
    const whole = trials.filter((_, at) => answers[at]?.kind === 'whole');
    const wholes = await this.#mergeWhole(whole);
    return trials.map((trial, at) => {
      const { kind } = answers[at] ?? { kind: 'no' };
      if (kind === 'files') return merged[at] === true;
      return kind === 'whole' ? wholes[whole.indexOf(trial)] === true : kind === 'yes';
    });
  }

  /** Of each list of files, whether merging all of them leaves ours as they are. */
  async changeNoFile(lists: readonly (readonly Sides[])[]): Promise<readonly boolean[]> {
    const named = lists.flatMap((list, at) => list.map((sides, nth) => ({ name: `${at}-${nth}`, at, sides })));
    if (named.length === 0) return lists.map(() => true);
    const tree = (side: keyof Sides) =>
      this.#objects.tree(named.map(({ name, sides }) => ({ name, state: sides[side] })));
    const base = await this.#objects.commit(await tree('before'), []);
    const ours = await this.#objects.commit(await tree('ours'), [base]);
    const theirs = await this.#objects.commit(await tree('theirs'), [base]);
    const [merged] = await this.#merge([`${ours} ${theirs}`]);
    const results = new Map<string, string>();
    await this.#asking.records([['ls-tree', '-z', merged?.tree ?? '']], {}, (record) => {
      const [state = '', name = ''] = record.toString('latin1').split('\t');
      results.set(name, state.replace(/ \w+ /, ' '));
    });
    const changed = new Set(
      named
        .filter(({ name, sides }) => results.get(name) !== sides.ours || merged?.conflicts.has(name) === true)
        .map(({ at }) => at),
    );
    return lists.map((_, at) => !changed.has(at));
  }

  async #mergeWhole(trials: readonly Trial[]): Promise<readonly boolean[]> {
    if (trials.length === 0) return [];
    const { history } = this.#ground;
    const trees = await this.#treesOf([this.#trunk, ...trials.map(({ theirs }) => history.idOf(theirs))]);
    const lines: string[] = [];
    for (const { theirs, bases } of trials) {
      const tree = trees.get(history.idOf(theirs)) ?? '';
      const parents = bases.map((base) => history.idOf(base));
      lines.push(`${this.#trunk} ${await this.#objects.commit(tree, parents)}`);
    }
    const merged = await this.#merge(lines);
    return merged.map(({ isClean, tree }) => isClean && tree === trees.get(this.#trunk));
  }

  async #treesOf(commits: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const names = [...new Set(commits)];
    const input = names.map((name) => `${name}^{tree}\n`).join('');
    const { stdout } = await this.#asking.answer(['cat-file', '--batch-check=%(objectname)'], { input });
    const ids = stdout.toString('latin1').split('\n');
    return new Map(names.map((name, at) => [name, ids[at] ?? '']));
  }

  async #merge(lines: readonly string[]): Promise<readonly MergeResult[]> {
    const results: MergeResult[] = [];
    const input = lines.map((line) => `${line}\n`).join('');
    const args = ['merge-tree', '--write-tree', '--stdin', '-z', '--no-messages'];
    await this.#asking.records(
      [args],
      { input },
      mergeReader((result) => results.push(result)),
    );
    return results;
  }
}

/** A file that is another on all sides, and on none a submodule. */
export interface Sides {
  readonly before: string;
  readonly ours: string;
  readonly theirs: string;
}

/** What files tell: that it changes nothing, that it does, that these have to be merged, or that a whole merge has to be made. */
type Answer = { readonly kind: 'yes' | 'no' | 'whole' } | { readonly kind: 'files'; readonly files: readonly Sides[] };

const isSubmodule = (state: string): boolean => state.startsWith('160000');

/** The sides of a file whose content has to be merged; undefined where a side has none, so that there is nothing to merge. */
export function sidesOf(before: string, ours: string, theirs: string): Sides | undefined {
  return [before, ours, theirs].some((state) => state === '' || isSubmodule(state))
    ? undefined
    : { before, ours, theirs };
}

function answerBy(trunk: ReadonlyMap<string, string>, touched: readonly Touched[], hasLanded: boolean): Answer {
  const files: Sides[] = [];
  let isWhole = false;
  for (const { path, before, after } of touched) {
    const ours = trunk.get(path) ?? '';
    // What the change removes and the trunk has no more, it may have elsewhere.
    if (ours === '' && after === '' && !hasLanded) isWhole = true;
    if (ours === after) continue;
    if (ours === before || [ours, before, after].some(isSubmodule)) return { kind: 'no' };
    const sides = sidesOf(before, ours, after);
    if (sides === undefined) isWhole = true;
    else files.push(sides);
  }
  if (isWhole) return { kind: 'whole' };
  return files.length === 0 ? { kind: 'yes' } : { kind: 'files', files };
}

interface MergeResult {
  readonly isClean: boolean;
  readonly tree: string;
  /** Paths of the files in conflict. */
  readonly conflicts: ReadonlySet<string>;
}

/**
 * Reads what `merge-tree --stdin -z --no-messages` answers: for each merge `1` or `0`, a tree, the files in conflict
 * (`mode id stage`, a tab, the path), and an empty record.
 */
function mergeReader(take: (result: MergeResult) => void): (record: Buffer) => void {
  let records: string[] = [];
  return (record) => {
    if (record.length > 0) {
      records.push(record.toString('latin1'));
      return;
    }
    const [clean, tree = '', ...conflicts] = records;
    take({
      isClean: clean === '1',
      tree,
      conflicts: new Set(conflicts.map((line) => line.slice(line.indexOf('\t') + 1))),
    });
    records = [];
  };
}

/**
 * Merging by a program of the person's own (gitattributes(5), "Defining a custom merge driver") proves nothing: one that always
 * keeps ours would make every branch look landed; nor does git's own `union`, which keeps what one side removed and the other
 * changed. Each of them fails here, which is a conflict.
 */
function settings(drivers: readonly string[]): Record<string, string> {
  const pairs = [
    ...drivers.map((key) => [key, 'false'] as const),
    ['merge.union.driver', 'false'] as const,
    ['merge.default', 'text'] as const,
    ['merge.renormalize', 'false'] as const,
    // Thousands of small objects that live for seconds.
    ['core.looseCompression', '0'] as const,
    ['core.createObject', 'rename'] as const,
  ];
  const entries = pairs.flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, key],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ]);
  return { ...Object.fromEntries(entries), GIT_CONFIG_COUNT: String(pairs.length) };
}
