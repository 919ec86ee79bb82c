// What each step costs an event: the API's own functions over the bodies of the load, in this process, one after the other.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Budget } from '../../apps/insights-api/src/ingest/budget.ts';
import { type CollectedItem, collect } from '../../apps/insights-api/src/ingest/collect.ts';
import { decodeBytes, decodeText } from '../../apps/insights-api/src/ingest/decode.ts';
import { appInsightsFormat } from '../../apps/insights-api/src/ingest/formats/app-insights.ts';
import type { Format as ReadFormat } from '../../apps/insights-api/src/ingest/formats/format.ts';
import { nativeFormat } from '../../apps/insights-api/src/ingest/formats/native.ts';
import { otlpFormat } from '../../apps/insights-api/src/ingest/formats/otlp/format.ts';
import { checkWindow } from '../../apps/insights-api/src/ingest/pipeline/window.ts';
import { RollupAccumulator } from '../../apps/insights-api/src/rollup/accumulate.ts';
import { OverviewSums } from '../../apps/insights-api/src/store/overview/sums.ts';
import type { Submission } from '../../apps/insights-api/src/store/port.ts';
import { INSERT_EVENT, insertEvent } from '../../apps/insights-api/src/store/sqlite/event-row.ts';
import { makeOverviewWriter } from '../../apps/insights-api/src/store/sqlite/overview/write.ts';
import { makeRollupWriter } from '../../apps/insights-api/src/store/sqlite/write-rollups.ts';
import { fromWire, toWire } from '../../apps/insights-api/src/store/wire-submissions.ts';
import { openInsightsDatabase } from '../../packages/shared/src/database/sqlite/open.ts';
import { eventHash, type ParsedEvent } from '../../packages/shared/src/telemetry/index.ts';
import { figure } from '../table.ts';
import { BATCH, FORMATS, type FormatName } from './bodies.ts';
import { CONNECTIONS } from './load.ts';

const READERS: Readonly<Record<Exclude<FormatName, 'hostile'>, ReadFormat>> = {
  native: nativeFormat,
  track: appInsightsFormat,
  traces: otlpFormat('traces', 'protobuf'),
};

/** Groups of batches, as many in each as there are connections: what a group commit takes under this load. */
const GROUPS = 12;
const KEPT_MS = 30 * 24 * 3_600_000;

const STAGES = [
  'decompress (gzip)',
  'parse',
  'validate',
  'hash',
  'to the writer',
  'insert',
  'rollup',
  'overview',
  'commit',
] as const;
type Stage = (typeof STAGES)[number];

/** Adds up the processor time of stages. */
class Costs {
  readonly #spent = new Map<Stage, number>();

  async of<T>(stage: Stage, work: () => T | Promise<T>): Promise<T> {
    const before = process.cpuUsage();
    const value = await work();
    const { user, system } = process.cpuUsage(before);
    this.#spent.set(stage, (this.#spent.get(stage) ?? 0) + user + system);
    return value;
  }

  /** Microseconds. */
  per(events: number): readonly number[] {
    return STAGES.map((stage) => (this.#spent.get(stage) ?? 0) / events);
  }
}

/** Microseconds of processor time for an event, by stage. The first groups only warm up. */
async function costs(name: keyof typeof READERS): Promise<readonly number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-stages-'));
  const opened = openInsightsDatabase(join(folder, 'stages.db'), Date.now);
  if (!opened.ok) throw new Error(opened.error.message);
  const store = makeStages(opened.value);
  try {
    let spent = new Costs();
    for (let group = 0; group < GROUPS; group += 1) {
      if (group === GROUPS / 3) spent = new Costs();
      const submissions: Submission[] = [];
      for (let batch = 0; batch < CONNECTIONS; batch += 1) {
        const events = await prepare(name, group * CONNECTIONS + batch, spent);
        submissions.push({ appId: 1 + (batch % 15), receivedAt: Date.now(), events, dropped: {} });
      }
      await store(submissions, spent);
    }
    return spent.per((GROUPS - GROUPS / 3) * CONNECTIONS * BATCH);
  } finally {
    opened.value.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function prepare(name: keyof typeof READERS, number: number, spent: Costs): Promise<Submission['events']> {
  const template = FORMATS[name].make('key');
  template.renew(number, Math.floor(Date.now() / 1000) - 1);
  const packed = gzipSync(template.octets);
  const reader = READERS[name];
  const lease = new Budget(Number.POSITIVE_INFINITY).lease();
  await spent.of('decompress (gzip)', async () => {
    if (reader.body === 'text') await decodeText([packed], 'gzip', lease);
    else await decodeBytes([packed], 'gzip', lease);
  });
  const items = await spent.of('parse', async () => {
    if (reader.body === 'bytes') return itemsOf(reader.read(template.octets));
    const text = await decodeText([template.octets], undefined, lease);
    return text.ok ? itemsOf(reader.read(text.value)) : [];
  });
  const events = items.flatMap(({ events: its }) => (its.ok ? its.value : []));
  if (events.length !== BATCH) throw new Error('a body of the load is not read');
  await spent.of('validate', () => checkAll(events));
  return spent.of('hash', () => events.map((event) => ({ event, hash: eventHash(event) })));
}

function itemsOf(read: ReturnType<ReadFormat['read']>): readonly CollectedItem[] {
  const items = read.ok ? collect(read.value) : read;
  return items.ok ? items.value : [];
}

function checkAll(events: readonly ParsedEvent[]): void {
  const now = Date.now();
  for (const event of events) if (checkWindow(event, now, KEPT_MS) !== undefined) throw new Error('outside the window');
}

type Database = Extract<ReturnType<typeof openInsightsDatabase>, { ok: true }>['value'];

function makeStages(db: Database): (submissions: readonly Submission[], spent: Costs) => Promise<void> {
  const insert = db.prepare(INSERT_EVENT);
  const writeRollups = makeRollupWriter(db);
  const writeOverview = makeOverviewWriter(db);
  return async (submissions, spent) => {
    const arrived = await spent.of('to the writer', () => fromWire(structuredClone(toWire(submissions))));
    db.exec('BEGIN IMMEDIATE');
    await spent.of('insert', () => {
      for (const { appId, receivedAt, events } of arrived)
        for (const event of events) if (!insertEvent(insert, appId, receivedAt, event)) throw new Error('a duplicate');
    });
    const rollups = new RollupAccumulator();
    await spent.of('rollup', () => {
      for (const { appId, events } of arrived) for (const { event } of events) rollups.add(appId, event);
      writeRollups(rollups);
    });
    await spent.of('overview', () => {
      const overview = new OverviewSums();
      for (const submission of arrived) overview.add(submission, [...submission.events.keys()]);
      writeOverview(overview.changes(rollups, Date.now()));
    });
    await spent.of('commit', () => db.exec('COMMIT'));
  };
}

/** The table's lines: a stage each, then all together. */
export async function stageLines(formats: readonly (keyof typeof READERS)[]): Promise<string[][]> {
  const columns: (readonly number[])[] = [];
  for (const format of formats) columns.push(await costs(format));
  const lines = STAGES.map((stage, at) => [stage, ...columns.map((column) => figure(column[at] ?? Number.NaN))]);
  // Bodies of the other rows come as they are.
  const sum = (column: readonly number[]) => column.slice(1).reduce((total, one) => total + one, 0);
  return [...lines, ['all but decompress', ...columns.map((column) => figure(sum(column)))]];
}
