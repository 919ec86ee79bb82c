import type { TableName } from '../rows/table.ts';
import type { DedupeTexts } from './removal.ts';
import * as sqlite from './sqlite.ts';
import * as sqlserver from './sqlserver.ts';

/** The statements of `db dedupe` on either database; what holds between them is told in dedupe.ts. */
export const textsOf = ({ dialect }: TableName): DedupeTexts => (dialect === 'sqlite' ? sqlite.TEXTS : sqlserver.TEXTS);
