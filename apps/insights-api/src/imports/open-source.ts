import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseDatabase } from '@scorpiox/shared/config';
import type { ImportRequest } from '@scorpiox/shared/contract';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { IMPORT_ADDRESS_BYTES } from '../limits.ts';
import { openSqliteSource } from '../store/sqlite/import-source.ts';
import type { ImportSource } from './source.ts';

/** A source of this ending is no database but names one. */
const ADDRESS = '.mssql';

/**
 * Opens the table that a request means. What may be read is decided by whoever can write to the folder: a request names a
 * file there and neither a path nor an address, so an administrator's token opens no other file of the machine, reaches
 * no other host, and no password comes over HTTP. `source` is a plain name (the contract's pattern has no slash).
 */
export async function openSource(
  folder: string,
  { source, table, key }: ImportRequest,
): Promise<Result<ImportSource, string>> {
  const file = join(folder, source);
  if (!existsSync(file)) return err(`There is no ${source} in ${folder}: put the old database there, or a link to it.`);
  if (!source.endsWith(ADDRESS)) return ok(openSqliteSource({ file, table, key }));
  if (statSync(file).size > IMPORT_ADDRESS_BYTES) return err(`${source} is too long for an address.`);
  const location = parseDatabase(readFileSync(file, 'utf8').trim(), folder);
  if (!location.ok) return err(`${source} holds no address: expected ${location.error}.`);
  if (location.value.kind !== 'mssql') return err(`${source} holds no address of a SQL Server.`);
  // The driver takes long to load: whoever has no SQL Server does not wait for it.
  const { openSqlServerSource } = await import('../store/sqlserver/import-source.ts');
  return ok(openSqlServerSource(location.value, table, key));
}
