import type { Row } from '@scorpiox/shared/database/console';
import { flag, optionalNumber, text } from '../../dialect/rows.ts';
import { type ComputedColumn, tellComputed } from '../computed.ts';
import { tableName } from '../mends.ts';
import { type Probe, rowsOf } from '../probe.ts';
import { COMPUTED } from './statements.ts';

export const computed: Probe = {
  section: 'computed columns',
  look: async ({ db }) => tellComputed((await rowsOf(db, { text: COMPUTED })).map(toColumn)),
};

const toColumn = (row: Row): ComputedColumn => ({
  table: tableName(text(row, 'schema_name'), text(row, 'table_name')),
  column: text(row, 'column_name'),
  type: text(row, 'type_name'),
  definition: text(row, 'definition'),
  isPersisted: flag(row, 'is_persisted'),
  rows: optionalNumber(row, 'row_count') ?? 0,
});
