import type { ViewRecord } from '../views.ts';
import * as sql from './control-statements.ts';
import { number, text } from './statement.ts';
import type { Tools } from './tools.ts';

/** Saved views on a SQL Server. */
export function viewMethods({ list, write }: Tools) {
  return {
    async views(): Promise<readonly ViewRecord[]> {
      return (await list({ text: sql.LIST_VIEWS })).map((row) => ({
        id: text(row, 'id'),
        owner: text(row, 'owner'),
        changedAt: number(row, 'changed_at'),
        body: text(row, 'body'),
      }));
    },
    async putView({ id, owner, changedAt, body }: ViewRecord, most: number): Promise<boolean> {
      const row = await write({
        text: sql.PUT_VIEW,
        parameters: {
          id: ['varchar(36)', id],
          owner: ['nvarchar(256)', owner],
          changed_at: ['bigint', changedAt],
          body: ['nvarchar(max)', body],
          most: ['int', most],
        },
      });
      return row !== undefined;
    },
    async removeView(id: string): Promise<boolean> {
      // A longer text would be cut on its way, and could then be another one's id.
      if (id.length > 36) return false;
      return (await write({ text: sql.REMOVE_VIEW, parameters: { id: ['varchar(36)', id] } })) !== undefined;
    },
  };
}
