/** Does a job of the load: sessions that insert, and one that asks. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DatabaseLocation } from '@scorpiox/shared/config';
import { type Console, ConsoleError, openConsole } from '@scorpiox/shared/database/console';
import { eventOf, type Sender } from '../crisis/event.ts';
import { type CrisisTexts, textsFor } from '../crisis/texts.ts';
import { LOAD_LOCK_TIMEOUT_MS } from '../limits.ts';
import type { Job, Tally } from './job.ts';

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
    const [db, sender] = [open[at], { load: job.load, session }];
    for (let turn = 0; db !== undefined && goesOn(); turn += 1) {
      await insertOnce(db, sender, turn, job, { counts, insertMs });
      await nextTurn(); // the calls of the embedded database never wait: the loop would not hear that it is to end
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

interface Noted {
  readonly counts: { tried: number; inserted: number; failed: number };
  readonly insertMs: number[];
}

async function insertOnce(db: Console, sender: Sender, turn: number, { way }: Job, { counts, insertMs }: Noted) {
  const event = eventOf(sender, turn, Date.now());
  const texts = textsFor(db.kind);
  counts.tried += 1;
  try {
    let inserted = 0;
    const insert = async (): Promise<void> => {
      inserted = way === 'new' ? (await db.run(texts.newWay(event))).affected : await insertOldWay(db, texts, event);
    };
    insertMs.push(await timed(insert));
    counts.inserted += inserted;
  } catch (error) {
    // That inserts fail is a part of the night; a table that is not there is a mistake of ours.
    if (!(error instanceof ConsoleError) || error.code !== 'locked') throw error;
    counts.failed += 1;
  }
}

async function insertOldWay(db: Console, texts: CrisisTexts, event: ReturnType<typeof eventOf>): Promise<number> {
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
