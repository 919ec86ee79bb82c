/** Tables of every kind that SQLite has; each takes the same rows by `app`, `n` and `note`. */
export const TABLES: Readonly<Record<string, string>> = {
  'without a primary key': 'CREATE TABLE "ev ents" (app, n, note)',
  'with an INTEGER PRIMARY KEY': 'CREATE TABLE "ev ents" (note, id INTEGER PRIMARY KEY, app TEXT, n INT)',
  'with a primary key that may be NULL': 'CREATE TABLE "ev ents" (app TEXT, n INT, note TEXT, id TEXT PRIMARY KEY)',
  'with a key of two columns':
    'CREATE TABLE "ev ents" (app TEXT, n INT, note TEXT, a TEXT DEFAULT (hex(randomblob(8))), b INT DEFAULT 7, PRIMARY KEY (b, a))',
  'WITHOUT ROWID':
    'CREATE TABLE "ev ents" (app TEXT, n INT, note TEXT, a TEXT COLLATE NOCASE DEFAULT (hex(randomblob(8))), b INT DEFAULT (abs(random()) % 3), PRIMARY KEY (b, a)) WITHOUT ROWID',
  'WITHOUT ROWID, its key of bytes and reals':
    'CREATE TABLE "ev ents" (app TEXT, n INT, note TEXT, a BLOB DEFAULT (randomblob(8)), b REAL DEFAULT (random() / 7.0), PRIMARY KEY (b, a)) WITHOUT ROWID',
  STRICT: 'CREATE TABLE "ev ents" (app TEXT, n INTEGER, note ANY) STRICT',
  'with computed columns':
    'CREATE TABLE "ev ents" (app TEXT, n INT, twice INT AS (n * 2), note TEXT, kept INT AS (n + 1) STORED)',
  'with a column that hides the row number': 'CREATE TABLE "ev ents" (rowid TEXT, app TEXT, n INT, note TEXT)',
};
