/** Names of the tables, columns and indexes that are made. */
import { createHash } from 'node:crypto';
import type { Console } from '@scorpiox/shared/database/console';

export type Dialect = Console['kind'];

/** Most characters of a name on SQL Server (sysname). SQLite has no bound. */
const NAME_MAX = 128;

/** A name made of others: cut, and told apart by a hash, where it would be too long. */
export function madeName(...parts: readonly string[]): string {
  const name = parts.join('_');
  if (name.length <= NAME_MAX) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, NAME_MAX - hash.length - 1)}_${hash}`;
}
