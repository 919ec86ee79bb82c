import { number, optionalNumber, type Run, type Row as ServerRow, text } from '@scorpiox/shared/database/sqlserver';
import type { Resolution } from '../../../rollup/resolutions.ts';
import type { ReadStep } from '../../overview/read/steps.ts';
import { APP_ROLLUPS, type OverviewTable, type Row } from '../../overview/tables.ts';
import { nameHash, SUM_TABLES } from '../sums.ts';
import { columnList, fromServer, TABLES, tableName } from './table.ts';

type Step<D extends ReadStep['do']> = Extract<ReadStep, { do: D }>;

const ROLLUPS: { readonly [R in Resolution]: { readonly sums: string; readonly buckets: string } } = {
  1: { sums: SUM_TABLES.rollups.table, buckets: SUM_TABLES.buckets.table },
  60: { sums: SUM_TABLES.hourRollups.table, buckets: SUM_TABLES.hourBuckets.table },
  1440: { sums: SUM_TABLES.dayRollups.table, buckets: SUM_TABLES.dayBuckets.table },
};

/** Without the packed columns. */
const plain = (table: OverviewTable): OverviewTable => ({
  ...table,
  values: table.values.filter(({ type }) => type !== 'bytes'),
});

/** The text of a `range`, as the step says which. The join gives a key its first column where all applications are asked. */
export function rangeText(step: Pick<Step<'range'>, 'table' | 'resolution' | 'appId' | 'kind' | 'isPlain'>): string {
  const table = step.isPlain ? plain(step.table) : step.table;
  const all = step.appId === undefined;
  const source = all
    ? `dbo.scorpiox_app AS a JOIN dbo.${tableName(step)} AS t ON t.app_id = a.id`
    : `dbo.${tableName(step)} AS t`;
  const within = [
    ...(all ? [] : ['t.app_id = @app_id']),
    ...(step.kind === undefined ? [] : ['t.kind = @kind']),
    't.[minute] >= @from AND t.[minute] < @to',
  ];
  return `SELECT ${columnList({ ...step, table })}\nFROM ${source}\nWHERE ${within.join(' AND ')};`;
}

export const allText = (at: Pick<Step<'all'>, 'table' | 'resolution'>): string =>
  `SELECT ${columnList(at)} FROM dbo.${tableName(at)} AS t WHERE t.app_id = @app_id;`;

export const NEW_GROUPS = `
SELECT a.id AS app_id, COUNT(*) AS [rows]
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_exception_group AS g
  ON g.app_id = a.id AND g.first_seen >= @from AND g.first_seen < @to AND g.first_stored >= @stored_from
GROUP BY a.id;`;

/** Events of a kind by application and step; each application's first event tells what is deleted. */
export const countText = (resolution: Resolution): string => `
SELECT c.app_id, c.step, SUM(c.[count]) AS [count], SUM(c.failures) AS failures
FROM (SELECT a.id AS app_id, (t.[minute] - @start) / @step AS step, t.[count], t.failures
FROM dbo.scorpiox_app AS a
CROSS APPLY (SELECT TOP (1) e.[time] / 60000000 AS [minute] FROM dbo.scorpiox_event AS e WHERE e.app_id = a.id ORDER BY e.[time]) AS kept
JOIN dbo.${tableName({ table: APP_ROLLUPS, resolution })} AS t
  ON t.app_id = a.id AND t.kind = @kind AND t.[minute] >= @from AND t.[minute] < @to
WHERE t.[minute] > kept.[minute] - ${resolution}) AS c
GROUP BY c.app_id, c.step;`;

/** The events whose times and hashes are @rows. */
export const READ_NEWEST = `
SELECT t.[time], t.[hash], t.[message], t.properties, t.operation_id, t.instance, t.[version]
FROM OPENJSON(@rows) WITH (
    [time] bigint '$.time',
    [hash] varchar(32) '$.hash'
) AS j JOIN dbo.scorpiox_event AS t
  ON t.app_id = @app_id AND t.[time] = j.[time] AND t.[hash] = CONVERT(binary(16), j.[hash], 2);`;

const OF_KIND = 'app_id = @app_id AND kind = @kind AND [minute] >= @from AND [minute] < @to';
/** The hash tells names apart; any text of a group is the name. */
const operationTexts = ({ sums, buckets }: { readonly sums: string; readonly buckets: string }) => ({
  operations: `
SELECT MIN([name]) AS [name], SUM([count]) AS [count], SUM(failures) AS failures, SUM(timed) AS timed,
  SUM(sum_us) AS sum_us, MIN(min_us) AS min_us, MAX(max_us) AS max_us
FROM dbo.${sums} WHERE ${OF_KIND}
GROUP BY name_hash;`,
  'operation-latency': `
SELECT n.[name], b.bucket, b.[count]
FROM (SELECT name_hash, bucket, SUM([count]) AS [count] FROM dbo.${buckets} WHERE ${OF_KIND} GROUP BY name_hash, bucket) AS b
JOIN (SELECT name_hash, MIN([name]) AS [name] FROM dbo.${sums} WHERE ${OF_KIND} GROUP BY name_hash) AS n
  ON n.name_hash = b.name_hash;`,
  operation: `
SELECT [minute], [count], failures, timed, sum_us, min_us, max_us
FROM dbo.${sums} WHERE ${OF_KIND} AND name_hash = CONVERT(binary(16), @name_hash, 2);`,
  'operation-buckets': `
SELECT [minute], bucket, [count]
FROM dbo.${buckets} WHERE ${OF_KIND} AND name_hash = CONVERT(binary(16), @name_hash, 2);`,
});

export const OPERATION_TEXTS = {
  1: operationTexts(ROLLUPS[1]),
  60: operationTexts(ROLLUPS[60]),
  1440: operationTexts(ROLLUPS[1440]),
};

/** Every text of a range and of all rows, by what it reads: for those who want to see them. */
export const TABLE_TEXTS: readonly (readonly [string, string])[] = TABLES.flatMap((at) => [
  [`${tableName(at)} of all`, rangeText(at)],
  [`${tableName(at)} of one`, rangeText({ ...at, appId: 1 })],
  [`${tableName(at)}, every row`, allText(at)],
]);

/** Does one step of reading. */
export async function runReadStep(run: Run, step: ReadStep): Promise<readonly Row[]> {
  switch (step.do) {
    case 'range':
      return readRange(run, step);
    case 'all': {
      const [rows = []] = await run({ text: allText(step), parameters: { app_id: ['int', step.appId] } });
      return rows.map((row) => fromServer(row, step.table));
    }
    case 'counts':
      return readCounts(run, step);
    case 'new-groups': {
      const { from, to, storedFrom } = step;
      const parameters = { from: ['bigint', from], to: ['bigint', to], stored_from: ['bigint', storedFrom] } as const;
      const [rows = []] = await run({ text: NEW_GROUPS, parameters });
      return rows.map((row) => ({ app_id: number(row, 'app_id'), rows: number(row, 'rows') }));
    }
    case 'events':
      return readEvents(run, step);
    default:
      return readOperations(run, step);
  }
}

async function readRange(run: Run, step: Step<'range'>): Promise<readonly Row[]> {
  const [rows = []] = await run({
    text: rangeText(step),
    parameters: {
      ...(step.appId === undefined ? {} : { app_id: ['int', step.appId] }),
      ...(step.kind === undefined ? {} : { kind: ['varchar(64)', step.kind] }),
      from: ['int', step.from],
      to: ['int', step.to],
    },
  });
  const table = step.isPlain ? plain(step.table) : step.table;
  return rows.map((row) => fromServer(row, table));
}

async function readCounts(run: Run, step: Step<'counts'>): Promise<readonly Row[]> {
  const [rows = []] = await run({
    text: countText(step.resolution),
    parameters: {
      kind: ['varchar(64)', step.kind],
      from: ['int', step.from],
      to: ['int', step.to],
      start: ['int', step.start],
      step: ['int', step.stepMinutes],
    },
  });
  return rows.map((row) =>
    Object.fromEntries(['app_id', 'step', 'count', 'failures'].map((column) => [column, number(row, column)])),
  );
}

async function readEvents(run: Run, { appId, keys }: Step<'events'>): Promise<readonly Row[]> {
  const json = JSON.stringify(keys.map(({ time, hash }) => ({ time, hash: Buffer.from(hash).toString('hex') })));
  const [rows = []] = await run({
    text: READ_NEWEST,
    parameters: { app_id: ['int', appId], rows: ['nvarchar(max)', json] },
  });
  return rows.map((row) => ({
    time: number(row, 'time'),
    hash: bytes(row, 'hash'),
    message: optional(row, 'message'),
    properties: optional(row, 'properties'),
    operation_id: optional(row, 'operation_id'),
    instance: optional(row, 'instance'),
    version: optional(row, 'version'),
  }));
}

const optional = (row: ServerRow, column: string): string | null => (row[column] === null ? null : text(row, column));

function bytes(row: ServerRow, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw new TypeError(`column ${column} holds no bytes`);
  return value;
}

type OperationStep = Step<'operations' | 'operation-latency'> | Step<'operation' | 'operation-buckets'>;

async function readOperations(run: Run, step: OperationStep): Promise<readonly Row[]> {
  const [rows = []] = await run({
    text: OPERATION_TEXTS[step.resolution][step.do],
    parameters: {
      app_id: ['int', step.appId],
      kind: ['varchar(64)', step.kind],
      from: ['int', step.from],
      to: ['int', step.to],
      ...('name' in step ? { name_hash: ['varchar(36)', nameHash(step.name)] } : {}),
    },
  });
  return rows.map((row) =>
    Object.fromEntries(
      Object.keys(row).map((column) => [column, column === 'name' ? text(row, column) : numeric(row, column)]),
    ),
  );
}

const numeric = (row: ServerRow, column: string): number | null => optionalNumber(row, column) ?? null;
