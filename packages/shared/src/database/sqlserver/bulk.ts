import mssql from 'mssql';
import { SqlServerError } from './errors.ts';
import type { ColumnType, Load } from './statement.ts';

/**
 * Makes the temporary table and loads the rows into it (INSERT BULK, [MS-TDS] 2.2.6.1). The driver's time-out for requests
 * holds for each of the two.
 */
export async function bringRows(
  makeRequest: () => mssql.Request,
  { create, table, columns, rows }: Load,
): Promise<void> {
  await makeRequest().batch(create);
  const target = new mssql.Table(table);
  for (const { name, type, nullable } of columns) target.columns.add(name, driverType(type), { nullable });
  for (const row of rows) target.rows.push([...row]);
  const { rowsAffected } = await makeRequest().bulk(target);
  // What is missing would never be looked for again.
  if (rowsAffected !== rows.length) {
    throw new SqlServerError('unavailable', `${rows.length} rows were sent in bulk, ${rowsAffected} were taken`);
  }
}

function driverType(type: ColumnType): mssql.ISqlType {
  if (type === 'int') return mssql.Int();
  if (type === 'bigint') return mssql.BigInt();
  if (type === 'smallint') return mssql.SmallInt();
  if (type === 'float') return mssql.Float();
  if (type === 'bit') return mssql.Bit();
  const length = Number(/\d+/.exec(type)?.[0]);
  if (type.startsWith('varbinary')) return mssql.VarBinary(length);
  return mssql.NVarChar(type === 'nvarchar(max)' ? mssql.MAX : length);
}
