import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { parseTableName } from '../catalog/names.ts';

/** A table and a column of it, as somebody wrote them. */
export interface ColumnName {
  readonly table: string;
  readonly column: string;
}

const LAST = /^([\s\S]+)\.((?:\[(?:[^\]]|\]\])+\])|(?:"(?:[^"]|"")+")|[^.[\]"]+)$/;

/** Reads `TABLE.COLUMN` and `SCHEMA.TABLE.COLUMN`, each in brackets or double quotes where a dot is in it. */
export function parseColumnName(written: string): Result<ColumnName, Failure> {
  const [, table = '', last = ''] = LAST.exec(written) ?? [];
  const column = parseTableName(last);
  const of = parseTableName(table);
  if (column.ok && of.ok) return ok({ table, column: column.value.name });
  const message = `${JSON.stringify(written)} is no name of a column: TABLE.COLUMN or SCHEMA.TABLE.COLUMN.`;
  return err({ kind: 'usage', message });
}
