/**
 * A store over a `VolatileFileSystem` that keeps, before and after each operation of the port and at each answer, what a
 * power failure at that moment would leave, and what had been promised by then.
 *
 * The index lies on the real disk. Its log only grows during a run (there is no checkpoint: that is checked), so the index
 * of any moment is the database file of the start and a prefix of the log. What was committed with `synchronous=FULL` is
 * there after the failure. Flags are answered before the log is synced: from their answer until their directory is synced,
 * the log may have lost them, and every moment of that time counts twice, with them and without.
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { INBOX, type MaildirStore, openMailStore } from '../../src/index.ts';
import { closeQuietly, value } from '../helpers.ts';
import { scratch } from '../scratch.ts';
import { VolatileFileSystem } from './volatile-file-system.ts';
import type { Crash, Snapshot } from './volatile-tree.ts';
import { examine, NOTHING, type Underway, type World } from './world.ts';

const MAILDIR = '/mail/Maildir';

export interface CrashPoint {
  readonly number: number;
  readonly label: string;
  readonly snapshot: Snapshot;
  /** Lengths of SQLite's log that the failure may leave, bytes. */
  readonly logs: readonly number[];
  readonly world: World;
  readonly underway: Underway;
  readonly isAnswer: boolean;
  /** How many syncs had been asked for. */
  readonly syncs: number;
}

interface Draft {
  uidValidity: number;
  highestUid: number;
  highestModSeq: number;
  messages: Record<string, { uid: number; flags: string[] }>;
}

/** What is promised, to be changed. */
export type WorldDraft = Record<string, Draft>;
export type Answer = (world: WorldDraft) => void;

/** The machine was switched on again since the index was last opened. */
function anotherBoot(indexFile: string): void {
  const db = new DatabaseSync(indexFile);
  db.exec(`UPDATE facts SET value = 'an earlier boot' WHERE name = 'boot'`);
  db.close();
}

/** Folders without the file that tells delivery agents what they are. */
const unmarked = (fileSystem: VolatileFileSystem, { world, underway }: CrashPoint): string[] =>
  Object.keys(world)
    .filter((box) => box !== INBOX && !underway.mailboxes.includes(box))
    .filter((box) => fileSystem.now.stat(join(MAILDIR, `.${box}`, 'maildirfolder')) === undefined)
    .map((box) => `${box} has lost its maildirfolder`);

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

export class CrashRig {
  readonly fs = new VolatileFileSystem();
  readonly points: CrashPoint[] = [];
  readonly #folder = scratch();
  readonly #indexFile = join(this.#folder, 'index.sqlite');
  #world: World = {};
  #underway: Underway = NOTHING;
  /** What the log was before flags that are not synced yet. */
  #before: number | undefined;
  #label = '';
  #database: Buffer = Buffer.alloc(0);
  #store: MaildirStore | undefined;

  /** Runs `prepare` on a store, then begins to keep crash points for what is performed on the next one. */
  async start(prepare: (store: MaildirStore) => Promise<World>): Promise<MaildirStore> {
    const options = { maildir: MAILDIR, indexFile: this.#indexFile, fileSystem: this.fs };
    const first = value(await openMailStore(options));
    this.#world = await prepare(first);
    await closeQuietly(first);
    const store = value(await openMailStore(options));
    this.#store = store;
    this.#database = readFileSync(this.#indexFile);
    this.fs.syncs.length = 0;
    this.fs.step = (when, what, path) =>
      this.#keep(`${this.#label}: ${when} ${what} ${path.replace(MAILDIR, '')}`, false);
    return store;
  }

  /** Does something; `answered` is called at each answer, with the messages that it settles. */
  async perform(
    label: string,
    underway: Underway,
    work: (answered: (change: Answer, settled?: readonly string[]) => void) => Promise<void>,
  ): Promise<void> {
    this.#label = label;
    this.#underway = underway;
    await work((change, settled = Object.keys(underway.messages)) => {
      this.#change(change);
      const left = Object.entries(this.#underway.messages).filter(([identity]) => !settled.includes(identity));
      this.#underway = {
        messages: Object.fromEntries(left),
        mailboxes: left.length === 0 ? [] : this.#underway.mailboxes,
      };
      this.#keep(`${label}: answered`, true);
    });
  }

  /** What has been promised so far. */
  get world(): World {
    return this.#world;
  }

  /** Promises something without an operation. */
  promise(change: Answer): void {
    this.#change(change);
    this.#keep(`${this.#label}: known`, true);
  }

  /** Resolves after the next sync of a path that ends so. */
  nextSync(ending: string): Promise<void> {
    return new Promise((resolve) => {
      const step = this.fs.step;
      this.fs.step = (when, what, path) => {
        step(when, what, path);
        if (when !== 'after' || what !== 'sync' || !path.endsWith(ending)) return;
        this.fs.step = step;
        resolve();
      };
    });
  }

  /** From here until `settleFlags`, the index may have lost what it commits. */
  looseFlags(): void {
    this.#before = sizeOf(`${this.#indexFile}-wal`);
  }

  settleFlags(change: Answer): void {
    this.#change(change);
    this.#before = undefined;
    this.#keep(`${this.#label}: flags synced`, true);
  }

  #change(change: Answer): void {
    const world = structuredClone(this.#world) as WorldDraft; // a copy of our own: nobody else holds it
    change(world);
    this.#world = world;
  }

  #keep(label: string, isAnswer: boolean): void {
    const log = sizeOf(`${this.#indexFile}-wal`);
    const logs = this.#before === undefined || this.#before === log ? [log] : [log, this.#before];
    const syncs = this.fs.syncs.length;
    this.points.push({
      number: this.points.length,
      label,
      snapshot: this.fs.snapshot(),
      logs,
      world: this.#world,
      underway: this.#underway,
      isAnswer,
      syncs,
    });
  }

  /** Ends the run; what is returned opens what a crash at a point leaves, and says what is broken there. */
  async finish(): Promise<(point: CrashPoint, crash: Crash) => Promise<string[]>> {
    this.fs.step = () => undefined;
    const log = readFileSync(`${this.#indexFile}-wal`);
    if (!readFileSync(this.#indexFile).equals(this.#database))
      throw new Error('The index was checkpointed: keep the run shorter.');
    if (this.#store !== undefined) await closeQuietly(this.#store);
    return async (point, crash) => {
      const broken: string[] = [];
      for (const length of point.logs) broken.push(...(await this.#recover(point, crash, log.subarray(0, length))));
      return broken.map((one) => `${point.label} → ${one}`);
    };
  }

  async #recover(point: CrashPoint, crash: Crash, log: Buffer): Promise<string[]> {
    const indexFile = join(mkdtempSync(join(this.#folder, 'after-')), 'index.sqlite');
    writeFileSync(indexFile, this.#database);
    writeFileSync(`${indexFile}-wal`, log);
    anotherBoot(indexFile);
    const fileSystem = VolatileFileSystem.crashed(new VolatileFileSystem(point.snapshot).snapshot(), crash);
    const store = value(await openMailStore({ maildir: MAILDIR, indexFile, fileSystem }));
    try {
      const { broken } = await examine(store, point.world, point.underway);
      return [...broken, ...unmarked(fileSystem, point)];
    } finally {
      await closeQuietly(store);
      rmSync(dirname(indexFile), { recursive: true });
    }
  }
}
