import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** When the first of the old rows happened. */
export const OLD_START = Date.parse('2026-03-21T00:00:00Z');

/** One row as the old system kept it; everything but the number of the row. */
type OldRow = readonly [time: string, app: string, operation: string, duration: string, success: number, code: string];

const rowAt = (index: number): OldRow => [
  new Date(OLD_START + index * 1000).toISOString().replace('T', ' ').replace('Z', '1234'),
  'shop',
  `GET /${index % 7}`,
  `00:00:0${index % 3}.1083441`,
  Number(index % 5 !== 0),
  String(index % 5 === 0 ? 500 : 200),
];

/**
 * A database as the journal tells of it: durations as text, a column computed from them, no unique index, and rows that are
 * there twice because two sessions inserted them at once. The row number is an ordinary column, other for each of the two.
 */
export function makeOldDatabase(file: string, { rows, duplicates }: { rows: number; duplicates: number }): void {
  mkdirSync(dirname(file), { recursive: true });
  const db = new DatabaseSync(file);
  db.exec(`CREATE TABLE Requests (
    Id INTEGER, Timestamp TEXT, AppName TEXT, OperationName TEXT, Duration TEXT, Success INTEGER, ResultCode TEXT,
    Blob BLOB, DurationMs INTEGER AS (CAST(substr(Duration, 7, 2) AS INTEGER) * 1000 + CAST(substr(Duration, 10, 3) AS INTEGER)))`);
  const insert = db.prepare(
    'INSERT INTO Requests (Id, Timestamp, AppName, OperationName, Duration, Success, ResultCode) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  db.exec('BEGIN');
  let id = 0;
  for (let index = 0; index < rows - duplicates; index += 1) {
    insert.run(++id, ...rowAt(index));
    if (index < duplicates) insert.run(++id, ...rowAt(index));
  }
  db.exec('COMMIT');
  db.close();
}

/** Runs statements on it. */
export function changeOldDatabase(file: string, sql: string): void {
  const db = new DatabaseSync(file);
  db.exec(sql);
  db.close();
}
