/** Does a job of the load: sessions that insert, and one that asks. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DatabaseLocation } from '@scorpiox/shared/config';
import { type Console, ConsoleError, openConsole } from '@scorpiox/shared/database/console';
import { type CrisisEvent, eventOf } from '../crisis/event.ts';
import { type CrisisTexts, textsFor } from '../crisis/texts.ts';
import { LOAD_LOCK_TIMEOUT_MS } from '../limits.ts';
import type { Job, Tally, Way } from './job.ts';

/** A job with its sessions open. */
export interface Ready {
  /** Works until the time is up, or `stop`. */
  run(stop: AbortSignal): Promise<Tally>;
}

/** Opens the sessions. Rejects with `ConsoleError`. */
export async function prepare(location: DatabaseLocation, job: Job): Promise<Ready> {
  const open: Console[] = [];
  try {
    const count = job.sessions.length + (job.asks ? 1 : 0);
    while (open.length < count) open.push(await connect(location));
  } catch (error) {
    await closeAll(open);
    throw error;
  }
  return { run: (stop) => work(open, job, stop).finally(() => closeAll(open)) };
}

async function connect(location: DatabaseLocation): Promise<Console> {
  const opened = await openConsole(location, { tell: () => undefined, lockTimeoutMs: LOAD_LOCK_TIMEOUT_MS });
  if (!opened.ok) throw opened.error;
  return opened.value;
}

const closeAll = async (consoles: readonly Console[]): Promise<void> =>
  void (await Promise.allSettled(consoles.map((one) => one.close())));

async function work(open: readonly Console[], job: Job, stop: AbortSignal): Promise<Tally> {
  const begun = performance.now();
  const until = begun + job.seconds * 1000;
  const goesOn = (): boolean => !stop.aborted && performance.now() < until;
  const counts = { tried: 0, inserted: 0, failed: 0 };
  const [insertMs, askMs]: [number[], number[]] = [[], []];
  const before = process.cpuUsage();
  const inserts = job.sessions.map(async (session, at) => {
    const db = open[at];
    for (let turn = 0; db !== undefined && goesOn(); turn += 1) {
      const wanted = performance.now();
      // The calls of the embedded database stand still: the other sessions of this process go first, and it hears that it is to end.
      await nextTurn();
      const isDone = await insertOnce(db, eventOf({ load: job.load, session }, turn, Date.now()), job.way, counts);
      if (isDone) insertMs.push(performance.now() - wanted);
    }
  });
  const asking = open[job.sessions.length];
  const asks = async (): Promise<void> => {
    while (asking !== undefined && goesOn()) {
      askMs.push(await timed(() => asking.run(textsFor(asking.kind).askApps)));
      await nextTurn();
    }
  };
  await Promise.all([...inserts, asks()]);
  const { user, system } = process.cpuUsage(before);
  return { ...counts, insertMs, askMs, cpuMs: (user + system) / 1000, ranMs: performance.now() - begun };
}

/** False where a lock kept it from being done: that inserts fail is a part of the night; anything else is a mistake of ours. */
async function insertOnce(db: Console, event: CrisisEvent, way: Way, counts: Counts): Promise<boolean> {
  const texts = textsFor(db.kind);
  counts.tried += 1;
  try {
    counts.inserted +=
      way === 'new' ? (await db.run(texts.newWay(event))).affected : await insertOldWay(db, texts, event);
    return true;
  } catch (error) {
    if (!(error instanceof ConsoleError) || error.code !== 'locked') throw error;
    counts.failed += 1;
    return false;
  }
}

interface Counts {
  tried: number;
  inserted: number;
  failed: number;
}

async function insertOldWay(db: Console, texts: CrisisTexts, event: CrisisEvent): Promise<number> {
  const { look, insert } = texts.oldWay(event);
  const looked = await db.run(look);
  if (insert === undefined) return looked.affected;
  return looked.sets[0]?.length === 0 ? (await db.run(insert)).affected : 0;
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}
