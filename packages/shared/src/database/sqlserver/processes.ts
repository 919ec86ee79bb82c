import type { ProcessNote } from '../control.ts';
import * as sql from './control-statements.ts';
import { text } from './statement.ts';
import type { Tools } from './tools.ts';

/** Processes of the API on a SQL Server's database. */
export function processMethods({ list, write }: Tools) {
  return {
    async noteProcess({ name, at }: ProcessNote, forgetBefore: number): Promise<readonly string[]> {
      const parameters = {
        name: ['nvarchar(64)', name],
        at: ['bigint', at],
        before: ['bigint', forgetBefore],
      } as const;
      await write({ text: sql.NOTE_PROCESS, parameters });
      return (await list({ text: sql.LIST_PROCESSES })).map((row) => text(row, 'name'));
    },
    async removeProcess(name: string) {
      await write({ text: sql.REMOVE_PROCESS, parameters: { name: ['nvarchar(64)', name] } });
    },
  };
}
