import {
  type Load,
  type Row,
  type Run,
  type Sessions,
  SqlServerError,
  type Statement,
} from '@scorpiox/shared/database/sqlserver';
import type { Query } from '@scorpiox/shared/query-language';
import { PURGE_ROWS } from '../../../src/limits.ts';
import type { DeletedSpan } from '../../../src/store/deleted-span.ts';
import { addSumsText, type SumTable } from '../../../src/store/sqlserver/add-sums.ts';
import { PURGE_EVENTS, READ_DELETED } from '../../../src/store/sqlserver/deleted-events.ts';
import { INSERT_LOOKING, INSERT_SKIPPING, READ_DEDUPLICATION } from '../../../src/store/sqlserver/insert-events.ts';
import { INSERT_LOADED } from '../../../src/store/sqlserver/insert-loaded.ts';
import { FORGET_MARKS, READ_MARK, WRITE_MARK } from '../../../src/store/sqlserver/mark.ts';
import { METRIC_SUMS, METRIC_TABLES } from '../../../src/store/sqlserver/metrics/tables.ts';
import { PURGE, PURGE_METRICS, PURGE_OVERVIEW, REMOVE_METRICS } from '../../../src/store/sqlserver/purge.ts';
import { READ_COUNTERS } from '../../../src/store/sqlserver/read-counters.ts';
import { READ_SIZE } from '../../../src/store/sqlserver/read-health.ts';
import { SUM_TABLES } from '../../../src/store/sqlserver/sums.ts';
import { answerMetrics } from './metrics-model.ts';
import { answerOverview, type OverviewTables } from './overview-model.ts';
import { answerRaw } from './raw-model.ts';

type Cell = string | number | undefined;
type Cells = Record<string, Cell>;

interface Tables extends OverviewTables {
  /** How far spools are shipped. */
  readonly marks: Map<string, number>;
  /** What was deleted of each application's events. */
  readonly deleted: Map<number, DeletedSpan>;
}

/** A transaction under way: nobody else sees what it does until it is committed. */
export interface ModelTransaction {
  answer(statement: Statement): Row[][];
  commit(): void;
  rollback(): void;
}

/**
 * A model of the server for the adapter's own logic: it knows each statement by its text and does what that is meant to
 * do, in memory. It runs no SQL and proves nothing about any.
 */
export class ModelServer {
  readonly apps = new Map([
    [1, 'blog'],
    [2, 'shop'],
  ]);
  /** Whether the catalogue says that the index skips duplicates, and whether it does. */
  index = { says: true, skips: true };
  /** Whether OUTPUT reports a row too many. */
  outputLies = false;
  /** Called before each commit and after it: what they throw reaches the adapter. */
  beforeCommit: () => void = () => {};
  afterCommit: () => void = () => {};
  /** Whether the server refuses a value. */
  refuses: (row: Cells) => boolean = () => false;
  /** What the server says of every bulk load. */
  refusesBulk: SqlServerError | undefined;
  /** The query that is asked just now: conditions are not read. */
  query: Query = { op: 'all' };
  /** Every statement that was run. */
  readonly log: string[] = [];
  #tables: Tables = {
    events: new Map(),
    sums: new Map(),
    marks: new Map(),
    deleted: new Map(),
    ends: { rows: [], last: 0, linked: 0 },
  };
  #last: Promise<unknown> = Promise.resolve();

  get eventCount(): number {
    return this.#tables.events.size;
  }

  /** Sessions as the driver would give them; transactions are one after the other. */
  sessions(): Sessions {
    return {
      run: async (statement) => this.#answer(statement, this.#tables),
      transaction: (work) => this.#transact(work),
      close: async () => {},
    };
  }

  /** Begins a transaction when the one before has ended. */
  async begin(): Promise<ModelTransaction> {
    const before = this.#last;
    const over = Promise.withResolvers<void>();
    this.#last = over.promise;
    await before;
    const copy = structuredClone(this.#tables);
    return {
      answer: (statement) => this.#answer(statement, copy),
      commit: () => {
        this.#tables = copy;
        over.resolve();
      },
      rollback: () => over.resolve(),
    };
  }

  /** A statement outside any transaction. */
  answer(statement: Statement): Row[][] {
    return this.#answer(statement, this.#tables);
  }

  /** What the counters say of an application. */
  counters(appId: number): Cells | undefined {
    return [...(this.#tables.sums.get('scorpiox_app_counter')?.values() ?? [])].find((row) => row.app_id === appId);
  }

  /** Requests of an application by the rollups of minutes. */
  rolledUp(appId: number): number {
    const rows = [...(this.#tables.sums.get('scorpiox_rollup')?.values() ?? [])];
    return rows.filter((row) => row.app_id === appId).reduce((total, row) => total + Number(row.count), 0);
  }

  async #transact<T>(work: (run: Run) => Promise<T>): Promise<T> {
    const transaction = await this.begin();
    try {
      const value = await work(async (statement) => transaction.answer(statement));
      this.beforeCommit();
      transaction.commit();
      this.afterCommit();
      return value;
    } finally {
      transaction.rollback();
    }
  }

  #answer({ text, parameters = {}, load }: Statement, tables: Tables): Row[][] {
    this.log.push(text);
    const value = (name: string) => String(parameters[name]?.[1]);
    if (text === READ_MARK) {
      const shipped = tables.marks.get(value('lineage'));
      return [[{ outcome: 0 }], shipped === undefined ? [] : [{ shipped: String(shipped) }]];
    }
    if (text === WRITE_MARK) {
      tables.marks.set(value('lineage'), Number(value('shipped')));
      return [];
    }
    if (text === FORGET_MARKS) return [];
    if (text === READ_DELETED) {
      return [[{ outcome: 0 }], [...tables.deleted].map(([app_id, span]) => ({ app_id, ...asBigints(span) }))];
    }
    if (text === PURGE_EVENTS) return purgeEvents(tables, Number(value('app_id')), Number(value('end')));
    if (text.includes('sp_getapplock')) return [[{ outcome: 0 }]];
    if (text === READ_DEDUPLICATION) return [[{ skipping: this.index.says ? 1 : 0 }]];
    if (text === READ_SIZE) return [[{ bytes: '8192' }]];
    if (text === READ_COUNTERS) return this.#counters(tables);
    const overview = answerOverview({ text, parameters }, tables);
    if (overview !== undefined) return overview;
    if (text === INSERT_SKIPPING || text === INSERT_LOOKING) {
      return this.#insert(tables, JSON.parse(value('events')), text === INSERT_LOOKING || this.index.skips);
    }
    if (text === INSERT_LOADED.index || text === INSERT_LOADED['not-exists']) {
      const rows = loadedRows(load);
      if (this.refusesBulk !== undefined) throw this.refusesBulk;
      if (rows.length !== Number(value('rows'))) throw new SqlServerError('unavailable', 'Rows are missing.');
      return this.#insert(tables, rows, text === INSERT_LOADED['not-exists'] || this.index.skips);
    }
    if (PURGES.has(text)) return purge(tables, text, parameters);
    if (text === REMOVE_METRICS) return removeMetrics(tables);
    const metrics = answerMetrics({ text, parameters }, tables.sums);
    if (metrics !== undefined) return metrics;
    const raw = answerRaw({ text, parameters }, tables.events.values(), this.query);
    if (raw !== undefined) return raw;
    const table = ALL_SUM_TABLES.find((one) => addSumsText(one) === text);
    if (table === undefined) throw new SqlServerError('unavailable', 'Incorrect syntax.');
    addSums(tables, table, JSON.parse(value('rows')));
    return [];
  }

  #insert({ events }: Tables, rows: readonly Cells[], leavesOut: boolean): Row[][] {
    const stored: Row[] = [];
    for (const row of rows) {
      if (this.refuses(row)) throw new SqlServerError('data', 'String or binary data would be truncated.');
      const key = `${row.app_id} ${row.time} ${row.hash}`;
      if (events.has(key)) {
        if (leavesOut) continue;
        throw new SqlServerError('duplicate', 'Cannot insert duplicate key row.');
      }
      events.set(key, row);
      // As the driver gives bigint and binary.
      stored.push({ app_id: row.app_id, time: String(row.time), hash: Buffer.from(String(row.hash), 'hex') });
    }
    return [stored, [{ inserted: stored.length - (this.outputLies ? 1 : 0) }]];
  }

  #counters({ sums }: Tables): Row[][] {
    const counters = [...(sums.get('scorpiox_app_counter')?.values() ?? [])];
    const apps = [...this.apps].map(([id, name]) => {
      const row = counters.find((one) => one.app_id === id);
      const bigint = (column: string) => (row === undefined ? null : String(row[column]));
      const columns = ['received', 'accepted', 'duplicates', 'sampled', 'late', 'last_seen'];
      return { id, name, apdex_ms: null, ...Object.fromEntries(columns.map((column) => [column, bigint(column)])) };
    });
    const tally = (table: string) =>
      [...(sums.get(table)?.values() ?? [])].map((row) => ({ ...row, count: String(row.count) }));
    return [apps, tally('scorpiox_app_rejection'), tally('scorpiox_app_adjustment')];
  }
}

const ALL_SUM_TABLES: readonly SumTable[] = [
  ...Object.values(SUM_TABLES),
  ...Object.values(METRIC_TABLES),
  ...Object.values(METRIC_SUMS).flatMap((one) => Object.values(one)),
];

const PURGES: ReadonlySet<string> = new Set([
  ...Object.values(PURGE).flat(),
  ...Object.values(PURGE_METRICS).flatMap(({ sums, unseen }) => [...sums, ...unseen]),
  ...Object.values(PURGE_OVERVIEW).flatMap((purged) => purged.map(({ text }) => text)),
]);

/** The rows of a temporary table, as a statement in JSON would bring them. */
function loadedRows(load: Load | undefined): Cells[] {
  if (load === undefined) throw new SqlServerError('unavailable', "Invalid object name '#scorpiox_batch'.");
  const { columns, rows } = load;
  return rows.map((row) => {
    const cells = columns.map(({ name }, index) => [name, row[index]] as const);
    const known = cells.flatMap(([name, cell]) => {
      if (cell === null || cell === undefined || name === 'n') return [];
      return [[name, Buffer.isBuffer(cell) ? cell.toString('hex') : cell] as const];
    });
    return Object.fromEntries(known);
  });
}

function addSums({ sums }: Tables, { table, key, sums: columns }: SumTable, rows: readonly Cells[]): void {
  const there = sums.get(table) ?? new Map<string, Cells>();
  sums.set(table, there);
  for (const row of rows) {
    const id = key.map(({ name }) => row[name]).join(' ');
    const old = there.get(id);
    if (old === undefined) {
      there.set(id, { ...row });
      continue;
    }
    const isNewer = Number(row.last_time) - Number(old.last_time) || Number(row.last) - Number(old.last);
    for (const { name, merge } of columns) {
      const [a, b] = [old[name], row[name]];
      if (merge === 'set') old[name] = b;
      if (merge === 'newest') old[name] = isNewer > 0 ? b : a;
      if (merge === 'add') old[name] = Number(a) + Number(b);
      if (merge === 'least') old[name] = a === undefined || Number(b) < Number(a) ? b : a;
      if (merge === 'greatest') old[name] = a === undefined || Number(b) > Number(a) ? b : a;
    }
  }
}

const asBigints = ({ oldest, newest }: DeletedSpan) => ({ oldest: String(oldest), newest: String(newest) });

function purgeEvents({ events, deleted }: Tables, appId: number, end: number): Row[][] {
  const own = () =>
    [...events].filter(([, row]) => row.app_id === appId).toSorted(([, a], [, b]) => Number(a.time) - Number(b.time));
  const doomed = own()
    .filter(([, { time }]) => Number(time) < end)
    .slice(0, PURGE_ROWS);
  const times = [...doomed.map(([, { time }]) => Number(time)), ...Object.values(deleted.get(appId) ?? {})];
  if (doomed.length > 0) deleted.set(appId, { oldest: Math.min(...times), newest: Math.max(...times) });
  for (const [key] of doomed) events.delete(key);
  const oldest = own()[0]?.[1].time;
  return [[{ deleted: doomed.length, oldest: oldest === undefined ? null : String(oldest) }]];
}

function purge({ sums }: Tables, text: string, parameters: NonNullable<Statement['parameters']>): Row[][] {
  const table = /FROM dbo\.(\w+)/.exec(text)?.[1] ?? '';
  const rows = sums.get(table) ?? new Map<string, Cells>();
  const column = /\[(\w+)\] < @end/.exec(text)?.[1] ?? '';
  const time = (row: Cells) => Number(row[column]);
  const kind = parameters.kind?.[1];
  const inRange = () =>
    [...rows]
      .filter(([, row]) => row.app_id === parameters.app_id?.[1] && (kind === undefined || row.kind === kind))
      .toSorted(([, a], [, b]) => time(a) - time(b));
  const doomed = inRange()
    .filter(([, row]) => time(row) < Number(parameters.end?.[1]))
    .slice(0, PURGE_ROWS);
  for (const [key] of doomed) rows.delete(key);
  const oldest = inRange()[0]?.[1];
  return [[{ deleted: doomed.length, oldest: oldest === undefined ? null : String(time(oldest)) }]];
}

/** Metrics that have no series left. */
function removeMetrics({ sums }: Tables): Row[][] {
  const series = [...(sums.get(METRIC_TABLES.series.table)?.values() ?? [])];
  const metrics = sums.get(METRIC_TABLES.metrics.table);
  for (const [key, row] of metrics ?? []) {
    if (!series.some((one) => one.app_id === row.app_id && one.metric === row.metric)) metrics?.delete(key);
  }
  return [];
}
