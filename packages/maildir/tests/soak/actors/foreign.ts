// Somebody who knows nothing of the index and changes the Maildir by its files: foreign.ts ROLE MAILDIR SEED
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomFrom } from '../../faults/random.ts';
import { identityIn, whole } from '../../faults/world.ts';
import { count, pick, tally, work } from './talk.ts';

const [, , role = '', maildir = '', seed = ''] = process.argv;
const random = randomFrom(Number(seed));
const FOLDERS = ['', '.Work', '.Archive', '.Roam-a', '.Roam-b'];
/** More files than this in a folder, and people remove them. */
const MANY = 150;
let made = 0;

/** Runs what may meet a file or a folder that somebody else was quicker with; false when so. */
function tried(action: () => void): boolean {
  try {
    action();
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw error;
  }
}

function names(directory: string): string[] {
  let found: string[] = [];
  tried(() => {
    found = readdirSync(directory);
  });
  return found;
}

interface Chosen {
  readonly folder: string;
  readonly directory: 'new' | 'cur';
  readonly name: string;
  readonly base: string;
  readonly letters: string;
}

function choose(): Chosen | undefined {
  const folder = pick(random, FOLDERS) ?? '';
  const directory = random() < 0.3 ? 'new' : 'cur';
  const name = pick(random, names(join(maildir, folder, directory)));
  if (name === undefined || name.startsWith('.')) return undefined;
  const [base = '', letters = ''] = name.split(':2,');
  return { folder, directory, name, base, letters };
}

const pathOf = ({ folder, directory, name }: Chosen): string => join(maildir, folder, directory, name);

function identityOf(path: string): string | undefined {
  let identity: string | undefined;
  tried(() => {
    identity = identityIn(readFileSync(path, 'latin1'));
  });
  return identity;
}

/** tmp/, then new/, and a delivery agent that files it at once goes on to cur/. Returns the identity. */
function deliver(folder: string, flags?: string): string | undefined {
  made += 1;
  const identity = `${role}-${seed}-${made}`;
  const name = `${Math.floor(Date.now() / 1000)}.M${made}P${process.pid}.${role}${seed}`;
  const path = join(maildir, folder);
  const temporary = join(path, 'tmp', name);
  const isThere = tried(() => {
    writeFileSync(temporary, whole(identity, 5));
    renameSync(temporary, join(path, 'new', name));
  });
  if (!isThere) return undefined;
  count(identity, 1, 1, `delivered to ${folder}`);
  if (flags !== undefined) tried(() => renameSync(join(path, 'new', name), join(path, 'cur', `${name}:2,${flags}`)));
  return identity;
}

function flag(chosen: Chosen): void {
  const letter = pick(random, ['D', 'F', 'R', 'S', 'T']) ?? '';
  const others = [...chosen.letters].filter((one) => one !== letter);
  const letters = [...others, ...(others.length === chosen.letters.length ? [letter] : [])].sort().join('');
  tried(() => renameSync(pathOf(chosen), join(maildir, chosen.folder, 'cur', `${chosen.base}:2,${letters}`)));
}

function move(chosen: Chosen, andBack: boolean): void {
  const other = join(
    maildir,
    pick(
      random,
      FOLDERS.filter((one) => one !== chosen.folder),
    ) ?? '',
    'cur',
  );
  const target = join(other, `${chosen.base}:2,${chosen.letters}`);
  const away = tried(() => renameSync(pathOf(chosen), target));
  if (away && andBack)
    tried(() => renameSync(target, join(maildir, chosen.folder, 'cur', `${chosen.base}:2,${chosen.letters}`)));
}

function remove(chosen: Chosen): void {
  const identity = identityOf(pathOf(chosen));
  if (identity !== undefined && tried(() => unlinkSync(pathOf(chosen))))
    count(identity, -1, -1, `removed from ${chosen.folder}`);
}

/** What a synchroniser does to a name: it writes its own UID into it. */
function number(chosen: Chosen): void {
  if (chosen.directory === 'new' || chosen.base.includes(',U=')) return;
  made += 1;
  const name = `${chosen.base},U=${made}:2,${chosen.letters}`;
  tried(() => renameSync(pathOf(chosen), join(maildir, chosen.folder, 'cur', name)));
}

/** Folders that were made, with the message that each holds, and go at the next occasion. */
const going = new Map<string, string>();

function makeFolder(): void {
  made += 1;
  const folder = `.Gone-${seed}-${made}`;
  for (const part of ['', 'tmp', 'new', 'cur']) mkdirSync(join(maildir, folder, part));
  const identity = deliver(folder);
  if (identity === undefined) throw new Error(`${folder} is not there.`);
  going.set(folder, identity);
}

function removeFolders(): void {
  for (const [folder, identity] of going) {
    rmSync(join(maildir, folder), { recursive: true, maxRetries: 10 });
    count(identity, -1, -1, `removed with ${folder}`);
  }
  going.clear();
}

const ROLES: Readonly<Record<string, (chosen: Chosen | undefined) => string>> = {
  mta() {
    deliver(pick(random, FOLDERS) ?? '');
    return 'delivered';
  },
  agent() {
    deliver(pick(random, FOLDERS) ?? '', random() < 0.5 ? 'S' : 'FS');
    return 'filed';
  },
  person(chosen) {
    if (chosen === undefined) return 'found nothing';
    const choice = names(join(maildir, chosen.folder, 'cur')).length > MANY ? 1 : random();
    if (choice < 0.45) flag(chosen);
    else if (choice < 0.85) move(chosen, choice > 0.65);
    else remove(chosen);
    return choice < 0.45 ? 'flagged' : choice < 0.85 ? 'moved' : 'removed';
  },
  synchroniser(chosen) {
    if (chosen === undefined) return 'found nothing';
    if (random() < 0.5) number(chosen);
    else flag(chosen);
    return 'renamed';
  },
  folders() {
    removeFolders();
    if (random() < 0.3) makeFolder();
    const [from = '', to = ''] = random() < 0.5 ? ['.Roam-a', '.Roam-b'] : ['.Roam-b', '.Roam-a'];
    if (names(join(maildir, to)).length === 0) tried(() => renameSync(join(maildir, from), join(maildir, to)));
    return 'renamed a folder';
  },
};

const act = ROLES[role];
if (act === undefined) throw new Error(`There is no role ${role}.`);
await work(random, async (done) => tally(done, act(choose())));
