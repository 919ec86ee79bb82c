// A repository with many branches to which all that happens to branches has happened, made by one `git fast-import`.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

export interface Size {
  readonly commits: number;
  readonly branches: number;
  readonly files: number;
}

/** What becomes of branches, in turn: half of them land in one of the ways that forges know. */
const FATES = [
  'merged',
  'squashed',
  'rebased',
  'squashed',
  'open',
  'merged',
  'reverted',
  'edited',
  'more',
  'fresh',
] as const;
type Fate = (typeof FATES)[number];

/** A commit of a branch: lines of files, each with what becomes of it. */
type Edit = readonly { readonly file: number; readonly line: number; readonly text: string }[];

interface Topic {
  readonly name: string;
  readonly fate: Fate;
  readonly edits: readonly Edit[];
  readonly tip: number;
}

const LINES = 40;
/** Commits of the trunk between a branch's beginning and its landing. */
const OPEN_FOR = 150;
const FIRST_SECOND = Date.parse('2020-01-01T00:00:00Z') / 1000;

/** Makes it in a folder. It is the same each time. */
export async function buildRepository(path: string, { commits, branches, files }: Size): Promise<void> {
  run(path, ['init', '--quiet', '--initial-branch=main']);
  const importing = spawn('git', ['-C', path, 'fast-import', '--quiet', '--done'], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const history = new Growing(files, (text) => importing.stdin.write(text));
  const every = Math.floor((commits - OPEN_FOR * 2) / branches);
  const open: { readonly due: number; readonly topic: Topic }[] = [];
  for (let at = 1; history.trunk < commits; at += 1) {
    history.commit(at);
    if (importing.stdin.writableNeedDrain) await once(importing.stdin, 'drain');
    if (at % every === 0 && at / every <= branches)
      open.push({ due: at + OPEN_FOR, topic: history.branch(at / every) });
    while ((open[0]?.due ?? Number.POSITIVE_INFINITY) <= at) {
      const next = open.shift();
      if (next !== undefined) history.land(next.topic);
    }
  }
  importing.stdin.end('done\n');
  await once(importing, 'exit');
  run(path, ['commit-graph', 'write', '--reachable', '--no-progress']);
}

function run(path: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync('git', ['-C', path, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
}

/** The trunk as it grows, and what is said to fast-import of it. */
class Growing {
  readonly #files: string[][];
  readonly #write: (text: string) => void;
  #mark = 0;
  #tip = 0;
  /** Commits of the trunk's own line. */
  trunk = 0;
  #random = 12345;

  constructor(files: number, write: (text: string) => void) {
    this.#files = Array.from({ length: files }, (_, file) =>
      Array.from({ length: LINES }, (__, line) => `file ${file} line ${line}`),
    );
    this.#write = write;
    const first = this.#files.map((lines, file) => change(file, lines)).join('');
    this.#tip = this.#say('main', 'first', [], first);
  }

  /** An ordinary commit. */
  commit(number: number): void {
    this.#onTrunk(`commit ${number}`, this.#edit(`main ${number}`), []);
  }

  /** A branch with one to five commits, made of the trunk as it is now. */
  branch(number: number): Topic {
    const fate = FATES[number % FATES.length] ?? 'open';
    const name = `topic/${fate}-${number}`;
    const edits = Array.from({ length: fate === 'fresh' ? 0 : 2 + (number % 4) }, (_, at) =>
      this.#edit(`${name} ${at}`),
    );
    const state = new Map<number, string[]>();
    let tip = this.#tip;
    for (const [at, edit] of edits.entries()) tip = this.#say(name, `${name} ${at}`, [tip], this.#apply(edit, state));
    if (edits.length === 0) this.#write(`reset refs/heads/${name}\nfrom :${tip}\n\n`);
    return { name, fate, edits, tip };
  }

  /** What becomes of a branch. */
  land({ name, fate, edits, tip }: Topic): void {
    const last = edits.at(-1) ?? [];
    if (fate === 'merged') this.#onTrunk(`Merge ${name}`, edits.flat(), [tip]);
    if (fate === 'rebased') for (const edit of edits) this.#onTrunk(`${name}, rebased`, edit, []);
    if (fate === 'more') this.#onTrunk(`${name}, but for one`, edits.slice(0, -1).flat(), []);
    if (fate !== 'squashed' && fate !== 'reverted' && fate !== 'edited') return;
    const before = edits.flat().map(({ file, line }) => ({ file, line, text: this.#files[file]?.[line] ?? '' }));
    this.#onTrunk(`${name} (#1)`, edits.flat(), []);
    if (fate === 'reverted') this.#onTrunk(`Revert ${name}`, before, []);
    if (fate === 'edited')
      this.#onTrunk(
        'edit',
        last.map((edit) => ({ ...edit, text: `${edit.text}, again` })),
        [],
      );
  }

  #onTrunk(message: string, edit: Edit, merged: readonly number[]): void {
    const state = new Map<number, string[]>();
    const changes = this.#apply(edit, state);
    for (const [file, lines] of state) this.#files[file] = lines;
    this.#tip = this.#say('main', message, [this.#tip, ...merged], changes);
    this.trunk += 1;
  }

  /** Lines of two files. */
  #edit(text: string): Edit {
    return [0, 1].map((at) => ({
      file: this.#next(this.#files.length),
      line: this.#next(LINES),
      text: `${text} ${at}`,
    }));
  }

  #apply(edit: Edit, state: Map<number, string[]>): string {
    for (const { file, line, text } of edit) {
      const lines = [...(state.get(file) ?? this.#files[file] ?? [])];
      lines[line] = text;
      state.set(file, lines);
    }
    return [...new Set(edit.map(({ file }) => file))].map((file) => change(file, state.get(file) ?? [])).join('');
  }

  #say(branch: string, message: string, parents: readonly number[], changes: string): number {
    this.#mark += 1;
    const [first, ...merged] = parents;
    const who = `committer Ada <ada@example.org> ${FIRST_SECOND + this.#mark * 600} +0000`;
    const from = first === undefined ? '' : `from :${first}\n`;
    const merges = merged.map((parent) => `merge :${parent}\n`).join('');
    this.#write(
      `commit refs/heads/${branch}\nmark :${this.#mark}\n${who}\n${data(message)}${from}${merges}${changes}\n`,
    );
    return this.#mark;
  }

  /** A number below another, the same each time. */
  #next(below: number): number {
    this.#random = (Math.imul(this.#random, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((this.#random / 2 ** 32) * below);
  }
}

const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;

const change = (file: number, lines: readonly string[]): string =>
  `M 100644 inline src/part-${file % 40}/file-${file}.txt\n${data(`${lines.join('\n')}\n`)}`;
