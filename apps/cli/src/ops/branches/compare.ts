/*
 * Which commits change the same
 *
 * Two changes are the same where their patch ids are (git-patch-id(1)), reckoned with white space: a touch-up of an indentation
 * is another change. A patch id takes reading the files, and a trunk has very many commits; so what is compared first is which
 * files a change touches and how (`signature`), for which trees are enough, and only what agrees in that is read.
 */
import { createHash } from 'node:crypto';
import type { Asking } from './asking.ts';
import type { History } from './history.ts';

/** What a commit changes against another; against its first parent where none is named. */
export interface Change {
  readonly commit: number;
  readonly against?: number;
}

/** A file that a change touches. */
export interface Touched {
  /** Its path, a character for each byte. */
  readonly path: string;
  /** What it was and is: mode and id, `100644 0123…`; empty where there was, or is, none. */
  readonly before: string;
  readonly after: string;
}

/** Whatever the person's configuration says: attributes of a repository are left, they only make a diff say less. */
const FILES = ['--no-renames', '--ignore-submodules=none', '-O/dev/null'];
const PATCH = [
  ...FILES,
  '--no-ext-diff',
  '--no-textconv',
  '--submodule=short',
  '--diff-algorithm=myers',
  '--no-indent-heuristic',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '-U3',
  '--inter-hunk-context=0',
  '--full-index',
];
const DIFF_TREE = ['diff-tree', '--stdin', '--root', '-r'];

/** Gives each change's files to `take`, in order. */
export async function readTouched(
  { asking, history }: Compared,
  changes: readonly Change[],
  take: (at: number, touched: readonly Touched[]) => void,
): Promise<void> {
  if (changes.length === 0) return;
  let at = -1;
  let touched: Touched[] = [];
  let met: Omit<Touched, 'path'> | undefined;
  const options = { input: linesOf(history, changes) };
  await asking.records([[...DIFF_TREE, '-z', '--raw', '--always', ...FILES]], options, (record) => {
    const text = record.toString('latin1');
    if (met !== undefined) {
      touched.push({ path: text, ...met });
      met = undefined;
    } else if (text.startsWith(':')) {
      // `:mode mode id id status`
      const [was = '', is = '', old = '', now = ''] = text.slice(1).split(' ');
      met = { before: stateOf(was, old), after: stateOf(is, now) };
    } else {
      if (at >= 0) take(at, touched);
      at += 1;
      touched = [];
    }
  });
  if (at >= 0) take(at, touched);
}

const stateOf = (mode: string, id: string): string => (mode === '000000' ? '' : `${mode} ${id}`);

/** What is compared by: git, and the commits that are meant. */
export interface Compared {
  readonly asking: Asking;
  readonly history: History;
}

/** Which files a change touches, and how, as 48 bits of a hash; 0 for one that touches none. */
export function signatureOf(touched: readonly Touched[]): number {
  if (touched.length === 0) return 0;
  const hash = createHash('sha1');
  for (const { path, before, after } of touched) {
    hash.update(`${before.slice(0, 6)}:${after.slice(0, 6)} ${path}\0`, 'latin1');
  }
  return hash.digest().readUIntBE(0, 6) || 1;
}

/** The patch id of each change that has one: a change of nothing has none. */
export async function patchIds(
  compared: Compared,
  changes: readonly Change[],
): Promise<readonly (string | undefined)[]> {
  const ids: (string | undefined)[] = changes.map(() => undefined);
  for (const round of roundsOf(changes)) {
    const places = new Map(round.map((at) => [compared.history.idOf(changes[at]?.commit ?? 0), at]));
    const asked = round.flatMap((at) => changes[at] ?? []);
    const commands = [
      [...DIFF_TREE, '-p', ...PATCH],
      ['patch-id', '--verbatim'],
    ];
    const options = { input: linesOf(compared.history, asked), separator: '\n' } as const;
    await compared.asking.records(commands, options, (line) => {
      const [id = '', commit = ''] = line.toString('latin1').split(' ');
      const at = places.get(commit);
      if (at !== undefined) ids[at] = id;
    });
  }
  return ids;
}

/** `patch-id` names a change by its commit alone: those of one commit against several are asked one after the other. */
function roundsOf(changes: readonly Change[]): readonly (readonly number[])[] {
  const rounds: number[][] = [];
  const asked = new Map<number, number>();
  for (const [at, { commit }] of changes.entries()) {
    const round = asked.get(commit) ?? 0;
    asked.set(commit, round + 1);
    const others = rounds[round];
    if (others === undefined) rounds.push([at]);
    else others.push(at);
  }
  return rounds;
}

/**
 * What `diff-tree --stdin` reads: a commit, and the one that is to count as its parent. It is always named: git holds on to a
 * parent that it was once told, for every further line about the commit.
 */
function linesOf(history: History, changes: readonly Change[]): string {
  const lines = changes.map(({ commit, against = history.firstParent(commit) }) =>
    against === undefined ? `${history.idOf(commit)}\n` : `${history.idOf(commit)} ${history.idOf(against)}\n`,
  );
  return lines.join('');
}
