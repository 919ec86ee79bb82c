// The statements of `db kill`, `db tune`, `db top`, `db blocking` and the catalog as a SQL Server gets them, word for word.
// None has run on one yet: what each of their columns means is written in docs/databases.md and docs/sql-server.md.
import { expect, test } from 'vitest';
import { kill, signedIn } from '../../src/ops/db/actions/end-session.ts';
import { READ_OPTIONS, setOptions } from '../../src/ops/db/actions/set-option.ts';
import * as catalog from '../../src/ops/db/catalog/sqlserver.ts';
import { READ_HOST } from '../../src/ops/db/dialect/host.ts';
import { killStatus, LIST_SESSIONS, listTransactions } from '../../src/ops/db/sessions/statements.ts';

test('statements for SQL Server', async () => {
  const texts = {
    'catalog: tables': catalog.LIST_TABLES,
    'catalog: columns': catalog.LIST_COLUMNS,
    'catalog: indexes': catalog.LIST_INDEXES,
    'catalog: rows': catalog.COUNT_ROWS,
    host: READ_HOST.text,
    options: READ_OPTIONS.text,
    'set options': setOptions([
      { option: 'max server memory (MB)', to: 5_120 },
      { option: 'max degree of parallelism', to: 2 },
    ]).text,
    sessions: LIST_SESSIONS.text,
    'transactions of a session': listTransactions(57).text,
    'when a session signed in': signedIn(57).text,
    'end a session': kill(57).text,
    'how far its rollback is': killStatus(57).text,
  };
  const file = Object.entries(texts).map(([name, text]) => `-- ${name}\n${text}\n`);
  await expect(file.join('\n')).toMatchFileSnapshot('sqlserver-frame.sql');
});
