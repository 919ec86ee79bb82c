import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ReadStep } from '../../overview/read/steps.ts';
import { APP_ROLLUPS, type OverviewTable, type Row } from '../../overview/tables.ts';
import { ROLLUP_TABLES } from '../rollup-tables.ts';
import { tableName } from './table-name.ts';

type Parameters = readonly (string | number | Uint8Array)[];

// Each reads one range of a key. The join to the applications gives a key its first column where all of them are asked;
// CROSS keeps it in this order (https://sqlite.org/lang_select.html), for the planner knows no sizes and would scan.
const columnsOf = ({ key, values }: OverviewTable, isPlain = false): string =>
  [...key, ...values].flatMap(({ name, type }) => (isPlain && type === 'bytes' ? [] : [`t.${name}`])).join(', ');

function range(step: Extract<ReadStep, { do: 'range' }>): [string, Parameters] {
  const { appId, kind, from, to } = step;
  const source =
    appId === undefined ? `apps CROSS JOIN ${tableName(step)} AS t ON t.app_id = apps.id` : `${tableName(step)} AS t`;
  const within = [
    ...(appId === undefined ? [] : ['t.app_id = ?']),
    ...(kind === undefined ? [] : ['t.kind = ?']),
    't.minute >= ? AND t.minute < ?',
  ];
  const text = `SELECT ${columnsOf(step.table, step.isPlain)} FROM ${source} WHERE ${within.join(' AND ')}`;
  return [text, [...(appId === undefined ? [] : [appId]), ...(kind === undefined ? [] : [kind]), from, to]];
}

const NEW_GROUPS = `
  SELECT apps.id AS app_id, count(*) AS rows
  FROM apps CROSS JOIN exception_groups AS g ON g.app_id = apps.id AND g.first_seen >= ? AND g.first_seen < ?
  WHERE g.first_stored >= ? GROUP BY apps.id`;

/** Each application's first event is looked up once: what is before it is deleted. */
const counts = (table: string) => `
  WITH kept AS MATERIALIZED (
    SELECT id, (SELECT time / 60000000 FROM events WHERE app_id = apps.id ORDER BY time LIMIT 1) AS first FROM apps)
  SELECT kept.id AS app_id, CAST((t.minute - ?) / ? AS INTEGER) AS step, sum(t.count) AS count, sum(t.failures) AS failures
  FROM kept CROSS JOIN ${table} AS t ON t.app_id = kept.id AND t.kind = ? AND t.minute >= ? AND t.minute < ?
  WHERE t.minute > kept.first - ? GROUP BY kept.id, step`;

const EVENT = `
  SELECT time, hash, message, properties, operation_id, instance, version
  FROM events WHERE app_id = ? AND time = ? AND hash = ?`;

const SUMS = 'count, failures, timed, sum_us, min_us, max_us';
const OF_KIND = 'app_id = ? AND kind = ? AND minute >= ? AND minute < ?';

/** Of one name only its rows are touched, one look-up a minute, whatever other names there are. */
const oneName = (columns: string, table: string) => `
  WITH RECURSIVE minutes (minute) AS (SELECT ?1 UNION ALL SELECT minute + ?3 FROM minutes WHERE minute + ?3 < ?2)
  SELECT ${columns} FROM minutes CROSS JOIN ${table} AS t
    ON t.app_id = ?4 AND t.kind = ?5 AND t.minute = minutes.minute AND t.name = ?6`;

function operations(step: Extract<ReadStep, { do: 'operations' | 'operation-latency' }>): [string, Parameters] {
  const { sums, buckets } = ROLLUP_TABLES[step.resolution];
  const text =
    step.do === 'operations'
      ? `SELECT name, sum(count) AS count, sum(failures) AS failures, sum(timed) AS timed, sum(sum_us) AS sum_us,
          min(min_us) AS min_us, max(max_us) AS max_us FROM ${sums} WHERE ${OF_KIND} GROUP BY name`
      : `SELECT name, bucket, sum(count) AS count FROM ${buckets} WHERE ${OF_KIND} GROUP BY name, bucket`;
  return [text, [step.appId, step.kind, step.from, step.to]];
}

function operation(step: Extract<ReadStep, { do: 'operation' | 'operation-buckets' }>): [string, Parameters] {
  const { sums, buckets } = ROLLUP_TABLES[step.resolution];
  const text =
    step.do === 'operation' ? oneName(`t.minute, ${SUMS}`, sums) : oneName('t.minute, t.bucket, t.count', buckets);
  return [text, [step.from, step.to, step.resolution, step.appId, step.kind, step.name]];
}

/** Makes the function that does one step of reading. */
export function makeReadSteps(db: DatabaseSync): (step: ReadStep) => readonly Row[] {
  const prepared = new Map<string, StatementSync>();
  // STRICT tables of numbers, texts and bytes: that is what a Row holds.
  const all = (text: string, parameters: Parameters): Row[] => {
    const statement = prepared.get(text) ?? db.prepare(text);
    prepared.set(text, statement);
    return statement.all(...parameters) as Row[];
  };
  return (step) => {
    switch (step.do) {
      case 'range':
        return all(...range(step));
      case 'all':
        return all(`SELECT ${columnsOf(step.table)} FROM ${tableName(step)} AS t WHERE t.app_id = ?`, [step.appId]);
      case 'counts': {
        const { start, stepMinutes, kind, from, to, resolution } = step;
        const table = tableName({ table: APP_ROLLUPS, resolution });
        return all(counts(table), [start, stepMinutes, kind, from, to, resolution]);
      }
      case 'new-groups':
        return all(NEW_GROUPS, [step.from, step.to, step.storedFrom]);
      case 'events':
        return step.keys.flatMap(({ time, hash }) => all(EVENT, [step.appId, time, hash]));
      case 'operations':
      case 'operation-latency':
        return all(...operations(step));
      case 'operation':
      case 'operation-buckets':
        return all(...operation(step));
    }
  };
}
