/** A move as a command does it: from wherever it stands to where it is to be. The invariants are in move.ts. */
import type { DatabaseLocation } from '@scorpiox/shared/config';
import { ConsoleError, nameOf } from '@scorpiox/shared/database/console';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { DatabaseFailed } from '../failure.ts';
import type { Contents } from '../insights/contents.ts';
import { begin, marksOf } from './begin.ts';
import { cancelMove } from './cancel.ts';
import { cutOver, endSource, LeftClosed, noSpoolWaits } from './cut-over.ts';
import { bringTargetUp, contentsOf, failureOf, type Opening, withOpen } from './databases.ts';
import { Holder, TakenBack, TakenOver } from './marks.ts';
import { Move, type MoveWatch, SourceChanged, Stopped } from './move.ts';
import { NotTheSame } from './transfer.ts';

export interface MoveRequest {
  readonly source: DatabaseLocation;
  readonly target: DatabaseLocation;
  /** Whether it ends with the target in the source's place. */
  readonly cutOver: boolean;
}

export interface MoveOptions extends Opening {
  readonly stop: AbortSignal;
  readonly watch: MoveWatch & {
    /** Nothing can be written to the source any more. */
    closed(): void;
  };
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What was done by this run. A type rather than an interface: only those are records of printable values. */
export type MoveDone = { readonly rows: number; readonly ranges: number; readonly changes: number };

export async function runMove(request: MoveRequest, options: MoveOptions): Promise<Result<MoveDone, Failure>> {
  return settled(async () => {
    const { source, target } = request;
    return withOpen(source, options, async (from) => {
      const contents = await contentsOf(from);
      const made = await bringTargetUp(target, options, options.now);
      if (!made.ok) return made;
      return withOpen(target, options, async (to) => between(contents, await contentsOf(to), request, options));
    });
  });
}

async function between(
  source: Contents,
  target: Contents,
  request: MoveRequest,
  options: MoveOptions,
): Promise<Result<MoveDone, Failure>> {
  const { now } = options;
  const known = await marksOf(source, target);
  if (!known.ok) return known;
  const marks = known.value === undefined ? await begin(source, target, now()) : ok(known.value);
  if (!marks.ok) return marks;
  const { source: from, target: to } = marks.value;
  if (to.phase === 'done') {
    await endSource(source, from.move); // a process that was killed after its last transaction in the target
    return ok({ rows: 0, ranges: 0, changes: 0 });
  }
  const isClosed = from.closedAt !== undefined;
  if (isClosed && !request.cutOver) {
    return err({
      kind: 'refused',
      message: `${source.name} is closed: go on with --cutover, or open it again with --cancel.`,
    });
  }
  const move = new Move({ source, target, holder: await Holder.take(target, to) }, to, options);
  if (!isClosed) await move.follow();
  if (!request.cutOver) return ok(move.done);
  const waiting = isClosed ? ok(undefined) : await noSpoolWaits(source, now());
  if (!waiting.ok) return waiting;
  await cutOver(move, isClosed, { now, onClosed: options.watch.closed });
  return ok(move.done);
}

export interface CancelRequest {
  readonly source: DatabaseLocation;
  readonly target: DatabaseLocation | undefined;
}

export async function runCancel(
  { source, target }: CancelRequest,
  options: Opening & { readonly stop: AbortSignal },
): Promise<Result<void, Failure>> {
  return settled(() =>
    withOpen(source, options, async (from) => {
      const contents = await contentsOf(from);
      if (target === undefined) return cancelMove(contents, undefined, options.stop);
      return withOpen(target, options, async (to) => cancelMove(contents, await contentsOf(to), options.stop));
    }),
  );
}

/** What was thrown, as what it means for whoever ran the command. */
async function settled<T>(work: () => Promise<Result<T, Failure>>): Promise<Result<T, Failure>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DatabaseFailed) return err(error.failure);
    if (error instanceof ConsoleError) return err(failureOf(error));
    if (error instanceof Stopped) {
      return err({ kind: 'interrupted', message: 'Interrupted: the same command goes on from there.' });
    }
    if (error instanceof LeftClosed) {
      const why = await settled<T>(() => Promise.reject(error.cause));
      if (why.ok) return why;
      return err({
        kind: why.error.kind,
        message: `${why.error.message} The old database stays closed: go on with --cutover, or open it again with --cancel and --to.`,
      });
    }
    if (error instanceof TakenBack) {
      return err({ kind: 'refused', message: 'The move was taken back meanwhile, so this process has ended.' });
    }
    if (error instanceof TakenOver) {
      return err({ kind: 'refused', message: 'Another process goes on with this move, so this one has ended.' });
    }
    if (error instanceof NotTheSame) return err({ kind: 'error', message: error.message });
    if (error instanceof SourceChanged)
      return err({ kind: 'stale', message: `${error.message} Take the move back with --cancel.` });
    throw error;
  }
}

/** The names of both, for people. */
export const namesOf = ({
  source,
  target,
}: {
  readonly source: DatabaseLocation;
  readonly target: DatabaseLocation;
}) => ({
  from: nameOf(source),
  to: nameOf(target),
});
