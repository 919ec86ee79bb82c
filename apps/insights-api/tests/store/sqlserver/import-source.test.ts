import type { Row, Sessions, Statement } from '@scorpiox/shared/database/sqlserver';
import { expect, test } from 'vitest';
import { makeSqlServerSource } from '../../../src/store/sqlserver/import-source.ts';

/** A server that runs no SQL: it gives these answers, one for each statement. */
function answering(...answers: (readonly Row[])[]): { readonly sessions: Sessions; readonly asked: Statement[] } {
  const asked: Statement[] = [];
  const sessions: Sessions = {
    run: async (statement) => {
      asked.push(statement);
      return [answers[asked.length - 1] ?? []];
    },
    transaction: () => Promise.reject(new Error('an old table is only read')),
    close: async () => {},
  };
  return { sessions, asked };
}

const COLUMNS = [{ name: 'ID' }, { name: 'Timestamp' }, { name: 'Message' }];

test('a table is read by its Id unless another key is named, every value as text', async () => {
  const page = [
    { row_key: '9007199254740993', c0: '2026-03-21T10:00:00.1083441', c1: null },
    { row_key: '9007199254740994', c0: null, c1: 'x' },
  ];
  const { sessions, asked } = answering(COLUMNS, [{ rows: '2', keys: '2' }], page, [{ rows: '3' }]);
  const source = makeSqlServerSource(sessions, 'old.Requests', undefined);
  const table = await source.describe();
  expect(table).toEqual({ ok: true, value: { columns: ['ID', 'Timestamp', 'Message'], key: 'ID', rows: 2 } });
  expect(await source.page(-5n, ['Timestamp', 'Message'])).toEqual([
    { key: 9007199254740993n, cells: ['2026-03-21T10:00:00.1083441', null] },
    { key: 9007199254740994n, cells: [null, 'x'] },
  ]);
  expect(await source.count()).toBe(3);
  expect(asked[0]?.parameters).toEqual({ table: ['nvarchar(max)', '[old].[Requests]'] });
  expect(asked[2]?.parameters).toEqual({ from: ['bigint', '-5'] });
  expect(asked[2]?.text).toContain('WHERE [ID] >= @from\nORDER BY [ID];');
});

test('no table, no key, and a key that is none are sentences', async () => {
  const said = async (key: string | undefined, ...answers: (readonly Row[])[]) => {
    const table = await makeSqlServerSource(answering(...answers).sessions, 'Requests', key).describe();
    return table.ok ? '' : table.error;
  };
  expect(await said(undefined)).toContain('There is no table or view Requests');
  expect(await said('Number', COLUMNS)).toContain('Requests has no column Number; name as key');
  expect(await said(undefined, COLUMNS, [{ rows: '3', keys: '2' }])).toContain(
    'ID is NULL or the same in several rows',
  );
});
