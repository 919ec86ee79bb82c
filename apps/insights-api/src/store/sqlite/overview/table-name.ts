import type { Resolution } from '../../../rollup/resolutions.ts';
import type { TableAt } from '../../overview/write.ts';

const PREFIXES: { readonly [R in Resolution]: string } = { 1: '', 60: 'hour_', 1440: 'day_' };

/** The name of a table on SQLite. */
export const tableName = ({ table, resolution }: TableAt): string => `${PREFIXES[resolution]}${table.sqlite}`;
