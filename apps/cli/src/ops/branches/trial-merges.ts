/*
 * Merges on trial
 *
 * `git merge-tree --write-tree` makes a whole merge without a work tree, and writes what it makes into the object store. Here
 * that is a folder of its own, which has the repository's for an alternate and is removed at the end: the repository gets no
 * object. What is asked of a merge is only whether it would leave the trunk as it is.
 *
 * A question as "would it change anything to take this back?" is a merge as well, of a commit that nobody made: with the state
 * before as its tree and the state after as its parent. Such a commit is written into that folder too.
 */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { Repository } from '../git/repositories.ts';
import type { Asking } from './asking.ts';

/** A commit to merge: one that there is, or the state of one on top of others. */
export type Merged = { readonly commit: string } | { readonly stateOf: string; readonly onto: readonly string[] };

export class TrialMerges {
  readonly #asking: Asking;
  readonly #objects: string;

  private constructor(asking: Asking, objects: string) {
    this.#asking = asking;
    this.#objects = objects;
  }

  /** Opens a place for merges on trial; `close` removes it. */
  static async open(asking: Asking, { commonDir }: Repository): Promise<TrialMerges> {
    const objects = await mkdtemp(join(tmpdir(), 'scorpiox-merges-'));
    await mkdir(join(objects, 'info'));
    await writeFile(
      join(objects, 'info/alternates'),
      `${quoted(Buffer.concat([commonDir, Buffer.from('/objects')]))}\n`,
    );
    const drivers = await asking.answer(['config', '--name-only', '-z', '--get-regexp', '^merge\\..*\\.driver$'], {
      okCodes: [1],
    });
    const names = drivers.stdout
      .toString()
      .split('\0')
      .filter((name) => name !== '');
    return new TrialMerges(asking.with({ GIT_OBJECT_DIRECTORY: objects, ...settings(names) }), objects);
  }

  async close(): Promise<void> {
    await rm(this.#objects, { recursive: true, force: true });
  }

  /** Of each, whether merging it into the trunk is without conflict and leaves the trunk as it is. */
  async leaveAsIs(trunk: string, merged: readonly Merged[]): Promise<readonly boolean[]> {
    if (merged.length === 0) return [];
    const trees = await this.#treesOf([trunk, ...merged.flatMap((each) => ('stateOf' in each ? each.stateOf : []))]);
    const commits = await Promise.all(
      merged.map((each) => ('commit' in each ? each.commit : this.#write(trees.get(each.stateOf) ?? '', each.onto))),
    );
    const results: boolean[] = [];
    const read = answers((isClean, tree) => results.push(isClean && tree === trees.get(trunk)));
    const input = commits.map((commit) => `${trunk} ${commit}\n`).join('');
    await this.#asking.records([['merge-tree', '--write-tree', '--stdin', '-z', '--no-messages']], { input }, read);
    return results;
  }

  async #treesOf(commits: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const names = [...new Set(commits)];
    const input = names.map((name) => `${name}^{tree}\n`).join('');
    const { stdout } = await this.#asking.answer(['cat-file', '--batch-check=%(objectname)'], { input });
    const ids = stdout.toString('latin1').split('\n');
    return new Map(names.map((name, at) => [name, ids[at] ?? '']));
  }

  /** Writes a commit as a loose object (gitformat-loose-object): of this state, with these parents. */
  async #write(tree: string, parents: readonly string[]): Promise<string> {
    const who = 'scorpiox <> 0 +0000';
    const lines = [`tree ${tree}`, ...parents.map((parent) => `parent ${parent}`), `author ${who}`, `committer ${who}`];
    const body = `${lines.join('\n')}\n\n`;
    const object = Buffer.from(`commit ${body.length}\0${body}`);
    const id = createHash(tree.length === 64 ? 'sha256' : 'sha1')
      .update(object)
      .digest('hex');
    await mkdir(join(this.#objects, id.slice(0, 2)), { recursive: true });
    await writeFile(join(this.#objects, id.slice(0, 2), id.slice(2)), deflateSync(object));
    return id;
  }
}

/**
 * Reads what `merge-tree --stdin -z --no-messages` answers: for each merge `1` or `0`, a tree, the files in conflict, and an
 * empty record.
 */
function answers(take: (isClean: boolean, tree: string) => void): (record: Buffer) => void {
  let isClean: boolean | undefined;
  let tree: string | undefined;
  return (record) => {
    if (isClean === undefined) isClean = record.toString() === '1';
    else if (tree === undefined) tree = record.toString();
    else if (record.length === 0) {
      take(isClean, tree);
      isClean = undefined;
      tree = undefined;
    }
  };
}

/**
 * Merging by a program of the person's own (gitattributes(5), "Defining a custom merge driver") proves nothing: one that always
 * keeps ours would make every branch look landed. Each of them fails here, which is a conflict.
 */
function settings(drivers: readonly string[]): Record<string, string> {
  const pairs = [
    ...drivers.map((key) => [key, 'false'] as const),
    ['merge.default', 'text'] as const,
    ['merge.renormalize', 'false'] as const,
  ];
  const entries = pairs.flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, key],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ]);
  return { ...Object.fromEntries(entries), GIT_CONFIG_COUNT: String(pairs.length) };
}

/** A path as a line of `info/alternates`: in quotes, as C has them, whatever its bytes are. */
function quoted(path: Buffer): string {
  const text = [...path].map((byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\${byte.toString(8).padStart(3, '0')}`,
  );
  return `"${text.join('')}"`;
}
