import type { SizeSample } from '../control.ts';
import * as sql from './control-statements.ts';
import { number } from './statement.ts';
import type { Tools } from './tools.ts';

/** Sizes of a SQL Server's database over time. */
export function sizeMethods({ list, write }: Tools) {
  return {
    async noteSize({ at, bytes }: SizeSample, forgetBefore: number) {
      const parameters = { at: ['bigint', at], bytes: ['bigint', bytes], before: ['bigint', forgetBefore] } as const;
      await write({ text: sql.NOTE_SIZE, parameters });
    },
    async sizes(since: number): Promise<readonly SizeSample[]> {
      const rows = await list({ text: sql.LIST_SIZES, parameters: { since: ['bigint', since] } });
      return rows.map((row) => ({ at: number(row, 'at'), bytes: number(row, 'bytes') }));
    },
  };
}
