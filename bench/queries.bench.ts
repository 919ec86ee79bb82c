// What the dashboard asks, at 1 and at 10 million stored events of 15 applications over a day, while 10,000 events a second
// arrive: by HTTP, one question after the other. Beside it the query that the journal's dashboard ran, over the rows.
// `npm run bench -- queries:1:10` names the sizes in millions; with the word `processor` only what each question costs the reader is
// measured, which needs no quiet machine. SCORPIOX_TEST_QUERIES names a folder to keep the databases in.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPlatform } from '../tests/support/platform.ts';
import { buildDatabase } from './queries/build.ts';
import { startLoad } from './queries/load.ts';
import { processorTimes } from './queries/processor.ts';
import { ROUTES } from './queries/questions.ts';
import { figure, printTable } from './table.ts';

const EVENTS_PER_SECOND = 10_000;
const TIMES = 40;
const WARM_UP_MS = 5_000;

const words = process.argv.slice(2);
const named = words.map(Number).filter((millions) => millions > 0);
const sizes = (named.length === 0 ? [1, 10] : named).map((millions) => millions * 1_000_000);

interface Measured {
  readonly size: number;
  /** 95th percentile of the answers, milliseconds, by the name of what was asked. */
  readonly p95: ReadonlyMap<string, number>;
  readonly perSecond: number;
  /** The old way, milliseconds. */
  readonly overRows: number;
}

const name = (size: number) => `${size / 1_000_000} million`;

const kept = process.env.SCORPIOX_TEST_QUERIES;
const folder = kept ?? mkdtempSync(join(tmpdir(), 'scorpiox-queries-'));
mkdirSync(folder, { recursive: true });
const measured: Measured[] = [];
try {
  const costs: ReadonlyMap<string, number>[] = [];
  for (const size of sizes) {
    const built = Date.now();
    await buildDatabase(fileOf(size), size, built);
    costs.push(processorTimes(fileOf(size), Math.floor(newestOf(fileOf(size)) / 60_000)));
  }
  printCosts(costs);
  if (!words.includes('processor')) {
    for (const size of sizes) measured.push(await measure(size));
    print();
  }
} finally {
  if (kept === undefined) rmSync(folder, { recursive: true, force: true });
}

function fileOf(size: number): string {
  return join(folder, `${size}.db`);
}

/** When the newest event happened, milliseconds since 1970: a database that was kept is of another day. */
function newestOf(file: string): number {
  const db = new DatabaseSync(file, { readOnly: true });
  const newest = db.prepare('SELECT max(minute) AS minute FROM hour_app_rollups').get()?.minute;
  db.close();
  return (Number(newest) + 60) * 60_000;
}

async function measure(size: number): Promise<Measured> {
  const file = fileOf(size);
  const keys = await buildDatabase(file, size, Date.now());
  const overRows = askRows(file);
  const platform = await startPlatform([], { SCORPIOX_INSIGHTS_DATABASE: `sqlite:${file}` });
  const base = `http://127.0.0.1:${platform.ports.api}`;
  try {
    const { stdout } = await platform.cli(['token', 'add', `bench-${Date.now()}`, '--role', 'viewer', '--json']);
    const { token }: { token: string } = JSON.parse(stdout.toString());
    const load = startLoad(base, keys, EVENTS_PER_SECOND);
    await sleep(WARM_UP_MS);
    const p95 = new Map<string, number>();
    for (const { name, address } of ROUTES) p95.set(name, await timeOf(base, token, address));
    const { perSecond, failed } = await load.stop();
    if (failed > 0) process.stderr.write(`${failed} batches were not taken\n`);
    return { size, p95, perSecond, overRows };
  } finally {
    await platform.stop();
  }
}

async function timeOf(base: string, token: string, address: (times: number) => string): Promise<number> {
  const waits: number[] = [];
  for (let times = 1; times <= TIMES; times += 1) {
    const start = performance.now();
    const answer = await fetch(base + address(times), { headers: { authorization: `Bearer ${token}` } });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${address(times)}: ${answer.status} ${text}`);
    waits.push(performance.now() - start);
  }
  waits.sort((a, b) => a - b);
  return waits[Math.ceil(waits.length * 0.95) - 1] ?? Number.NaN;
}

/** Counts, failures and mean durations of a day by application, from the rows themselves; on a machine that does nothing else. */
function askRows(file: string): number {
  const db = new DatabaseSync(file, { readOnly: true });
  const since = (Date.now() - 86_400_000) * 1000;
  const start = performance.now();
  db.prepare(
    `SELECT app_id, count(*), sum(success = 0), avg(duration_ms) FROM events
     WHERE time >= ? AND kind = 'request' GROUP BY app_id`,
  ).all(since);
  const taken = performance.now() - start;
  db.close();
  return taken;
}

function printCosts(costs: readonly ReadonlyMap<string, number>[]): void {
  const rows = [...(costs[0]?.keys() ?? [])].map((question) => {
    const figures = costs.map((times) => times.get(question) ?? Number.NaN);
    const ratio = figure((figures.at(-1) ?? Number.NaN) / (figures[0] ?? Number.NaN));
    return [question, ...figures.map(figure), costs.length > 1 ? ratio : ''];
  });
  printTable(
    "An answer's processor time in the reader's thread, ms, by stored events",
    ['what', ...sizes.map(name), 'ratio'],
    rows,
  );
}

function print(): void {
  const row = (title: string, of: (one: Measured) => number) => {
    const figures = measured.map(of);
    const [first, last] = [figures[0] ?? Number.NaN, figures.at(-1) ?? Number.NaN];
    return [title, ...figures.map(figure), measured.length > 1 ? figure(last / first) : ''];
  };
  printTable(
    `Answers at p95 in ms, by stored events, while ${EVENTS_PER_SECOND.toLocaleString('en')} events a second are sent`,
    ['what', ...measured.map(({ size }) => name(size)), 'ratio'],
    [
      ...ROUTES.map((route) => row(route.name, ({ p95 }) => p95.get(route.name) ?? Number.NaN)),
      row('the same as /api/apps over the rows, once, nothing arriving', ({ overRows }) => overRows),
      row('events taken a second meanwhile', ({ perSecond }) => perSecond),
    ],
  );
}
