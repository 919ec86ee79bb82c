/**
 * Several processes at work on one Maildir, and an oracle that finds fault with what they leave: programs that know nothing
 * of the index, processes of ours that write, and processes of ours that only look. In turns: all work at the same time,
 * then rest; while they rest nothing may be lost, doubled or named by a wrong UID, and every observer's picture, kept by
 * what it was told alone, has to be what is on disk.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { errno } from '../../src/errors.ts';
import { type MaildirStore, openMailStore, parseMailboxName } from '../../src/index.ts';
import { identityIn, readAll } from '../faults/world.ts';
import { type Entry, value } from './actors/talk.ts';
import { Ledger } from './ledger.ts';

export interface SoakOptions {
  readonly seed: number;
  /** Whether to go on, asked before each turn. */
  readonly more: (turns: number) => boolean;
  /** Things that each actor does in a turn. */
  readonly actions: number;
}

export interface SoakReport {
  readonly wrong: readonly string[];
  readonly turns: number;
  /** What was done how often, by anybody; the observers' `stats` too. */
  readonly tally: ReadonlyMap<string, number>;
}

const BOXES = ['Work', 'Archive', 'Roam-a'];
const FOREIGN = ['mta', 'agent', 'person', 'person', 'synchroniser', 'folders'];
const WRITERS = 2;
const OBSERVERS = ['events', 'changes', 'events'];
/** File name letters of the system flags. */
const LETTERS: Readonly<Record<string, string>> = {
  D: '\\Draft',
  F: '\\Flagged',
  R: '\\Answered',
  S: '\\Seen',
  T: '\\Deleted',
};

class Actor {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  #turnOver: () => void = () => undefined;
  #isDead = false;

  constructor(ledger: Ledger, script: string, args: readonly string[]) {
    this.#name = [script, ...args.slice(0, 1)].join(' ');
    const path = fileURLToPath(new URL(`./actors/${script}`, import.meta.url));
    this.#child = spawn(process.execPath, [path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#exited = once(this.#child, 'exit').then(([code, signal]) => {
      this.#isDead = true;
      if (code !== 0) ledger.wrong.push(`${this.#name} ended by itself: ${code ?? signal}`);
      this.#turnOver();
    });
    if (this.#child.stdout === null) throw new Error('The actor has no stdout.');
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      const entry: Entry = JSON.parse(line); // written by talk.ts
      ledger.enter(entry);
      if ('done' in entry) this.#turnOver();
    });
  }

  /** Resolves when the actor has done what the line asks for. */
  async turn(line: string): Promise<void> {
    if (this.#isDead) return;
    const over = new Promise<void>((resolve) => {
      this.#turnOver = resolve;
    });
    this.#child.stdin?.write(`${line}\n`);
    await over;
  }

  async stop(): Promise<void> {
    this.#child.stdin?.end();
    await this.#exited;
  }
}

/** Messages on disk by mailbox: `<identity> <system flags>`, sorted. */
type Listing = Readonly<Record<string, readonly string[]>>;

const filesIn = (path: string): string[] =>
  ['new', 'cur'].flatMap((directory) => readdirSync(join(path, directory)).map((file) => join(directory, file))).sort();

/** Undefined for what is not there any more. */
function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if (errno(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The observers may still be bringing mail from new/ to cur/: what is read counts when all files are where they were. */
function linesOf(path: string): string[] {
  for (;;) {
    const files = filesIn(path);
    const contents = files.map((file) => contentOf(join(path, file)));
    if (files.join('/') === filesIn(path).join('/')) return files.map((file, at) => lineOf(file, contents[at])).sort();
  }
}

function lineOf(file: string, content: string | undefined): string {
  const identity = identityIn(content ?? '') ?? `not whole: ${file}`;
  const flags = [...(file.split(':2,')[1] ?? '')].flatMap((letter) => LETTERS[letter] ?? []);
  return `${identity} ${flags.sort().join(' ')}`;
}

function listingOf(maildir: string): Listing {
  const listing: Record<string, string[]> = { INBOX: linesOf(maildir) };
  for (const entry of readdirSync(maildir)) {
    const isFolder = entry.startsWith('.') && !entry.startsWith('..') && existsSync(join(maildir, entry, 'cur'));
    if (isFolder) listing[entry.slice(1)] = linesOf(join(maildir, entry));
  }
  return listing;
}

function copiesIn(listing: Listing): Map<string, number> {
  const copies = new Map<string, number>();
  for (const line of Object.values(listing).flat()) {
    const [identity = ''] = line.split(' ');
    copies.set(identity, (copies.get(identity) ?? 0) + 1);
  }
  return copies;
}

/** Opens the store anew and compares every mailbox with the disk. */
async function compare(open: () => Promise<MaildirStore>, listing: Listing, ledger: Ledger): Promise<void> {
  const store = await open();
  const listed = value(await store.list()).filter(({ selectable }) => selectable);
  const names: string[] = listed.map((one) => one.name).sort();
  const folders = Object.keys(listing).sort();
  if (names.join(' ') !== folders.join(' '))
    ledger.wrong.push(`listed: ${names.join(' ')}, on disk: ${folders.join(' ')}`);
  for (const { name } of listed) {
    const mailbox = value(await store.open(name));
    const found = await readAll(mailbox);
    for (const { uid, identity } of found) ledger.saw(name, mailbox.uidValidity, uid, identity ?? 'not whole');
    await mailbox.close();
    const system = (flags: readonly string[]): string => flags.filter((flag) => flag.startsWith('\\')).join(' ');
    const lines = found.map(({ identity, flags }) => `${identity} ${system(flags)}`).sort();
    const expected = listing[name] ?? [];
    if (lines.join('\n') === expected.join('\n')) continue;
    const extra = lines.filter((line) => !expected.includes(line));
    const missing = expected.filter((line) => !lines.includes(line));
    ledger.wrong.push(`${name} opened anew: too much: ${extra.join('; ')}; missing: ${missing.join('; ')}`);
  }
  await store.close();
}

async function runTurns(
  { seed, more, actions }: SoakOptions,
  paths: { readonly maildir: string; readonly indexFile: string },
): Promise<SoakReport> {
  const { maildir, indexFile } = paths;
  const open = async (): Promise<MaildirStore> => value(await openMailStore(paths));
  const first = await open();
  for (const box of BOXES) value(await first.create(value(parseMailboxName(box))));
  await first.close();
  const ledger = new Ledger();
  const observers = OBSERVERS.map((how) => new Actor(ledger, 'observer.ts', [how, maildir, indexFile]));
  const workers = [
    ...FOREIGN.map((role, at) => new Actor(ledger, 'foreign.ts', [role, maildir, `${seed + at}`])),
    ...Array.from(
      { length: WRITERS },
      (_, at) => new Actor(ledger, 'own.ts', [`${at}`, maildir, indexFile, `${seed + 100 + at}`]),
    ),
  ];
  let turns = 0;
  try {
    for (; ledger.wrong.length === 0 && more(turns); turns += 1) {
      await Promise.all(workers.map((one) => one.turn(`${actions}`)));
      const listing = listingOf(maildir);
      ledger.audit(copiesIn(listing));
      await Promise.all(observers.map((one) => one.turn(JSON.stringify(listing))));
      await compare(open, listing, ledger);
    }
  } finally {
    await Promise.all([...workers, ...observers].map((one) => one.stop()));
  }
  return { wrong: ledger.wrong, turns, tally: ledger.tally };
}

/** Runs the soak in a folder of its own; what was wrong is in the report. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const folder = mkdtempSync(join(tmpdir(), 'scorpiox-soak-'));
  try {
    return await runTurns(options, { maildir: join(folder, 'Maildir'), indexFile: join(folder, 'index.sqlite') });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
