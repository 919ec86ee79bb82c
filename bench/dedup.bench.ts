// The journal's old way of refusing duplicates, a look through the whole table before every insert, beside a unique key that
// refuses them itself. On SQLite, in memory, so that only the look-ups differ.
import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { figure, printTable, seconds } from './table.ts';

const INSERTS = 200;
const row = (number: number) => [1, 1_700_000_000_000 + number, randomBytes(16)] as const;

function filled(table: string, rows: number): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  database.exec(`CREATE TABLE event (app INTEGER NOT NULL, time INTEGER NOT NULL, hash BLOB NOT NULL ${table}`);
  const insert = database.prepare('INSERT INTO event VALUES (?, ?, ?)');
  database.exec('BEGIN');
  for (let number = 0; number < rows; number += 1) insert.run(...row(number));
  database.exec('COMMIT');
  return database;
}

async function oldWay(rows: number): Promise<number> {
  const database = filled(')', rows);
  const insert = database.prepare(
    'INSERT INTO event SELECT ?1, ?2, ?3 WHERE NOT EXISTS (SELECT 1 FROM event WHERE app = ?1 AND time = ?2 AND hash = ?3)',
  );
  const taken = await seconds(() => {
    for (let number = 0; number < INSERTS; number += 1) insert.run(...row(rows + number));
  });
  return INSERTS / taken;
}

async function uniqueKey(rows: number): Promise<number> {
  const database = filled(', PRIMARY KEY (app, time, hash)) WITHOUT ROWID', rows);
  const insert = database.prepare('INSERT INTO event VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const taken = await seconds(() => {
    for (let number = 0; number < INSERTS; number += 1) insert.run(...row(rows + number));
  });
  return INSERTS / taken;
}

const rows: string[][] = [];
for (const size of [10_000, 100_000, 900_000]) {
  const [old, unique] = [await oldWay(size), await uniqueKey(size)];
  rows.push([size.toLocaleString('en-US'), figure(old), figure(unique), `${figure(unique / old)} ×`]);
}
printTable(
  'Refusing duplicates: inserts per second',
  ['rows in the table', 'IF NOT EXISTS, no index', 'unique key', 'ratio'],
  rows,
);
