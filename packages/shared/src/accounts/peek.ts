import { openConnection } from '../database/sqlite/connection.ts';
import { ACCOUNTS_VERSION } from './file.ts';
import { LIST, toAccount } from './table.ts';
import type { Account } from './types.ts';

/**
 * The accounts in a file that is not made, migrated or touched by it; undefined where it is of another version. Throws what
 * node:sqlite throws where it cannot be read.
 */
export function peekAccounts(file: string): readonly Account[] | undefined {
  const db = openConnection(file, { readOnly: true });
  try {
    const version = Number(db.prepare('PRAGMA user_version').get()?.user_version);
    return version === ACCOUNTS_VERSION ? db.prepare(LIST).all().map(toAccount) : undefined;
  } finally {
    db.close();
  }
}
