/** Who is at a backfill: a process, known by more than its number. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { identityOf, isAlive, pidOf } from '../../process-identity.ts';
import { BACKFILL_LEASE_MS } from '../rows/limits.ts';
import type { BackfillNote } from './notes.ts';

/** `<host>|<process>|<which of its backfills>`. */
export async function newWorker(): Promise<string> {
  return `${hostname()}|${await identityOf(process.pid)}|${randomBytes(4).toString('hex')}`;
}

/** As people are told. */
export function shownWorker(worker: string): string {
  const [host = '', identity = ''] = worker.split('|');
  return `process ${pidOf(identity)} on ${host}`;
}

/**
 * Whether somebody is at it. Of this machine the process itself tells; of another one that it was heard of lately, by the database's
 * clock. To be wrong about it does no harm: a batch is committed by its worker only.
 */
export async function isAtWork({ worker, seenAt, now }: BackfillNote): Promise<boolean> {
  if (worker === undefined) return false;
  const [host, identity = ''] = worker.split('|');
  return host === hostname() ? isAlive(identity) : now - seenAt < BACKFILL_LEASE_MS;
}
