import { DatabaseSync } from 'node:sqlite';
import { ACCOUNTS_VERSION } from './file.ts';
import { BUSY_TIMEOUT_MS } from './limits.ts';
import { LIST, toAccount } from './table.ts';
import type { Account } from './types.ts';

/**
 * The accounts in a file, or at a `file:` URL with SQLite's own words on how it is to be opened. It is not made, migrated or
 * touched; undefined where it is of another version. Throws what node:sqlite throws where it cannot be read.
 */
export function peekAccounts(file: string | URL): readonly Account[] | undefined {
  const db = new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    const version = Number(db.prepare('PRAGMA user_version').get()?.user_version);
    return version === ACCOUNTS_VERSION ? db.prepare(LIST).all().map(toAccount) : undefined;
  } finally {
    db.close();
  }
}
