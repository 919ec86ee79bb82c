/** What `db health` asks SQLite. Nothing of it changes the file, or takes longer the more rows there are, but for the checks. */

export const FILE = `SELECT sqlite_version() AS version, (SELECT page_size FROM pragma_page_size) AS page_size,
  (SELECT page_count FROM pragma_page_count) AS page_count, (SELECT freelist_count FROM pragma_freelist_count) AS free_pages,
  (SELECT journal_mode FROM pragma_journal_mode) AS journal_mode, (SELECT auto_vacuum FROM pragma_auto_vacuum) AS auto_vacuum`;

/** Tables of rows that are numbered, with how many keys keep a row from being there twice; a table without row ids has one. */
export const TABLES = `SELECT t.name, (SELECT count(*) FROM pragma_table_info(t.name) WHERE pk > 0)
  + (SELECT count(*) FROM pragma_index_list(t.name) WHERE "unique" = 1 AND partial = 0) AS keys
FROM pragma_table_list AS t
WHERE t.schema = 'main' AND t.type = 'table' AND t.wr = 0 AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
ORDER BY t.name`;

export const INDEXES = `SELECT t.name AS table_name, i.name AS index_name, i."unique" AS is_unique, i.partial,
  (SELECT group_concat(part, ', ') FROM (
    SELECT coalesce(x.name, '(expression)') || CASE x."desc" WHEN 1 THEN ' DESC' ELSE '' END
      || CASE x.coll WHEN 'BINARY' THEN '' ELSE ' COLLATE ' || x.coll END AS part
    FROM pragma_index_xinfo(i.name) AS x WHERE x.key = 1 ORDER BY x.seqno)) AS key
FROM pragma_table_list AS t
JOIN pragma_index_list(t.name) AS i
WHERE t.schema = 'main' AND t.type = 'table'
ORDER BY t.name, i.name`;

/** hidden 2: worked out when it is read; 3: kept. */
export const GENERATED = `SELECT t.name AS table_name, c.name AS column_name, c.type, c.hidden, s.sql
FROM pragma_table_list AS t
JOIN pragma_table_xinfo(t.name) AS c
JOIN sqlite_schema AS s ON s.type = 'table' AND s.name = t.name
WHERE t.schema = 'main' AND t.type = 'table' AND c.hidden IN (2, 3)
ORDER BY t.name, c.cid`;

/** The samples that the API takes of its database, where it is its. */
export const SIZE_SAMPLES = 'SELECT at, bytes FROM size_samples WHERE at >= @since ORDER BY at';

export const SCHEMA_VERSION = 'SELECT max(version) AS version FROM migrations';
