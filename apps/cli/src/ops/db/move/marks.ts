/** What a move has noted in its source and its target, and the writing to the target that only its holder can do. */
import type { Row, Run, Value } from '@scorpiox/shared/database/console';
import type { Contents } from '../insights/contents.ts';
import { findMark, readMark, type Side, setMark } from './mark-texts.ts';

export interface SourceMark {
  readonly move: string;
  /** The target's name. */
  readonly target: string;
  /** Milliseconds since 1970; absent while it is open. */
  readonly closedAt?: number;
}

/** `copying`, `proving`: under way; `following`: a copy of all, which changes are brought over to; `done`: in its place. */
export type Phase = 'copying' | 'proving' | 'following' | 'done' | 'cancelled';

export interface TargetMark {
  readonly move: string;
  /** The source's name. */
  readonly source: string;
  readonly holder: number;
  readonly phase: Phase;
  /** How far the phase is, in JSON; empty at its beginning. */
  readonly progress: string;
}

async function read({ db, dialect }: Contents, side: Side, run: Run = db.run): Promise<Row | undefined> {
  const found = await run(findMark(dialect, side));
  if (found.sets[0]?.[0] === undefined) return undefined;
  return (await run(readMark(dialect, side))).sets[0]?.[0];
}

// The columns below are typed by mark-texts.ts and NOT NULL, which is the guarantee behind each conversion.

export async function readSourceMark(source: Contents): Promise<SourceMark | undefined> {
  const row = await read(source, 'source');
  if (row === undefined) return undefined;
  const closed = row.closed_at === null ? {} : { closedAt: Number(row.closed_at) };
  return { move: String(row.move), target: String(row.target), ...closed };
}

export async function readTargetMark(target: Contents): Promise<TargetMark | undefined> {
  const row = await read(target, 'target');
  if (row === undefined) return undefined;
  return {
    move: String(row.move),
    source: String(row.source),
    holder: Number(row.holder),
    phase: String(row.phase) as Phase, // only we write it
    progress: String(row.progress),
  };
}

/** The move was taken back: what its source notes now, if anything, is another one's. */
export class TakenBack extends Error {}

/** Whether a source still notes for this move. `run` is that of a transaction that is under way. */
export const isOf = async (source: Contents, move: string, run?: Run): Promise<boolean> =>
  (await read(source, 'source', run))?.move === move;

/** One transaction in the source of a move that was not taken back; throws `TakenBack` where it was. */
export const inSourceOf = <T>(source: Contents, move: string, work: (run: Run) => Promise<T>): Promise<T> =>
  source.db.transaction(async (run) => {
    if (!(await isOf(source, move, run))) throw new TakenBack();
    return work(run);
  });

/** Another process goes on with the same move: this one has to stop. */
export class TakenOver extends Error {}

/** The right to write to a target: the one who took it last has it. */
export class Holder {
  readonly #target: Contents;
  /** Greater than that of whoever had it before. */
  readonly number: number;

  private constructor(target: Contents, number: number) {
    this.#target = target;
    this.number = number;
  }

  static async take(target: Contents, { holder }: TargetMark): Promise<Holder> {
    const next = holder + 1;
    const { affected } = await target.db.run(setMark(target.dialect, 'target', { holder: next }, holder));
    if (affected !== 1) throw new TakenOver();
    return new Holder(target, next);
  }

  /** One transaction in the target, with what is noted of the progress. */
  write(noted: Readonly<Record<string, Value>>, work: (run: Run) => Promise<void>): Promise<void> {
    const { db, dialect } = this.#target;
    return db.transaction(async (run) => {
      const { affected } = await run(setMark(dialect, 'target', { holder: this.number, ...noted }, this.number));
      if (affected !== 1) throw new TakenOver();
      await work(run);
    });
  }
}
