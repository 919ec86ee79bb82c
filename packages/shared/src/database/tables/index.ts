/** The tables of the insights database for tools that read and write both kinds of it: names, types, keys. */

import { MIGRATIONS } from '../sqlite/schema.ts';
import { MIGRATIONS as SERVER_MIGRATIONS } from '../sqlserver/schema.ts';

export { MOVE_MARKS, MOVED_WORDS } from '../move-marks.ts';
export type { InsightsColumn, InsightsTable, InsightsType } from './insights-table.ts';
export { INSIGHTS_TABLES } from './insights-tables.ts';

/** The version of the schema that this program brings a database to, by its kind. */
export const SCHEMA_VERSION = {
  sqlite: MIGRATIONS.at(-1)?.version ?? 0,
  sqlserver: SERVER_MIGRATIONS.at(-1)?.version ?? 0,
} as const;
