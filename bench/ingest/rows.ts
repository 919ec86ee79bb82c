// The rows: loads on the API, and what stands beside them.
import { DatabaseSync } from 'node:sqlite';
import { processorTime, resident } from '../support/usage.ts';
import { figure, quantile } from '../table.ts';
import { bareInserts, storedRows, type Table } from './bare.ts';
import { BATCH, type FormatName } from './bodies.ts';
import { CONNECTIONS, type Loader, rateOf } from './load.ts';
import type { LoadResult } from './load-protocol.ts';
import { oldWay } from './old-way.ts';
import { type ApiServer, startApi, startSpooling } from './server.ts';

export type Line = readonly [what: string, here: string, beside: string, ratio: string, goal: string];

export const MEGABYTE = 2 ** 20;
const ROUNDS = 3;
/** Batches that nobody measures: a server that has just started compiles its program. */
const WARM_UP = 600;
const BATCHES = 1_500;
const BARE_ROWS = 100_000;
const PACE = 30_000;

/** A load and what the server spent on it. */
export interface Measured extends LoadResult {
  readonly rate: number;
  /** Microseconds of the server's processor time for an event. */
  readonly cost: number;
}

export async function measure(
  loader: Loader,
  server: ApiServer,
  { format = 'native', gzip = false, batches = BATCHES, pace }: Partial<Parameters<Loader['run']>[1]> = {},
): Promise<Measured> {
  const before = processorTime(server.pid);
  const load = { format, gzip, batches, ...(pace === undefined ? {} : { pace }) };
  const result = await loader.run(server, load);
  const cost = ((processorTime(server.pid) - before) * 1000) / (batches * BATCH);
  return { ...result, rate: rateOf(batches, result), cost };
}

/** Runs with a server that has warmed up on this format. */
export async function withServer<T>(
  loader: Loader,
  work: (server: ApiServer) => Promise<T>,
  { format = 'native', start = startApi }: { format?: FormatName; start?: () => Promise<ApiServer> } = {},
): Promise<T> {
  const server = await start();
  try {
    await loader.run(server, { format, gzip: false, batches: WARM_UP });
    return await work(server);
  } finally {
    await server.stop();
  }
}

const waitsOf = (results: readonly LoadResult[]): string => {
  const waits = results.flatMap((result) => result.waits);
  return [0.5, 0.99].map((part) => figure(quantile(waits, part))).join(' / ');
};
export const median = (values: readonly number[]): number => quantile(values);
const ratio = (part: number): string => `${figure(part)} ×`;

const BARE: readonly {
  readonly what: string;
  readonly table: Table;
  readonly commit: number;
  readonly goal: string;
}[] = [
  { what: 'bare inserts, all columns, 100 a commit', table: 'events', commit: BATCH, goal: '≥ 30,000; 0.2 ×' },
  { what: 'bare inserts, all columns, 8,100 a commit', table: 'events', commit: BATCH * CONNECTIONS, goal: '0.2 ×' },
  { what: 'bare inserts, five columns, 100 a commit', table: 'five columns', commit: BATCH, goal: '' },
];

/** Rounds alternate between the API and bare inserts of the rows that it stored. */
export async function rate(loader: Loader): Promise<readonly Line[]> {
  return withServer(loader, async (server) => {
    const rows = storedRows(server.file, BARE_ROWS);
    const ours: Measured[] = [];
    const bare = BARE.map((): number[] => []);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [at, { table, commit }] of BARE.entries()) bare[at]?.push(await bareInserts(rows, table, commit));
      ours.push(await measure(loader, server));
    }
    const here = median(ours.map((one) => one.rate));
    const seconds = ours.reduce((sum, one) => sum + one.seconds, 0);
    const load = ours.reduce((sum, one) => sum + one.processor, 0) / seconds / 10;
    return [
      ...BARE.map(({ what, goal }, at): Line => {
        const beside = median(bare[at] ?? []);
        return ['events durable per second', figure(here), `${figure(beside)} (${what})`, ratio(here / beside), goal];
      }),
      ['p50 / p99 of the answer at that rate, ms', waitsOf(ours), '', '', 'p99 < 250'],
      ["the API's processor time for an event, µs", figure(median(ours.map((one) => one.cost))), '', '', ''],
      ['the load generator’s share of a core, %', figure(load), '', '', ''],
      ["the API's peak memory (RSS), MB", figure(resident(server.pid, 'VmHWM') / MEGABYTE), '', '', ''],
    ];
  });
}

/** At a steady rate, as it would come from applications that do not wait for each other. */
export async function paced(loader: Loader): Promise<readonly Line[]> {
  return withServer(loader, async (server) => {
    const steady = await measure(loader, server, { pace: PACE, batches: (PACE / BATCH) * 8 });
    const what = `p50 / p99 of the answer at a steady ${figure(PACE)} events/s, ms`;
    return [[what, waitsOf([steady]), '', '', 'p99 < 250']];
  });
}

interface Told {
  readonly what: string;
  readonly format: FormatName;
  readonly gzip?: boolean;
}

const FORMAT_ROWS: readonly Told[] = [
  { what: 'native JSON, gzip', format: 'native', gzip: true },
  { what: '/v2/track, NDJSON', format: 'track' },
  { what: '/v2/track, NDJSON, gzip', format: 'track', gzip: true },
  { what: '/v1/traces, protobuf', format: 'traces' },
  { what: '/v1/traces, protobuf, gzip', format: 'traces', gzip: true },
];

export async function formats(loader: Loader): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for (const { what, format, gzip = false } of FORMAT_ROWS) {
    lines.push(
      await withServer(
        loader,
        async (server): Promise<Line> => {
          const rounds = [
            await measure(loader, server, { format, gzip }),
            await measure(loader, server, { format, gzip }),
          ];
          const [here, cost] = [median(rounds.map((one) => one.rate)), median(rounds.map((one) => one.cost))];
          const beside = `p50 / p99 ${waitsOf(rounds)} ms, ${figure(cost)} µs and ${Math.round((rounds[0]?.bytes ?? 0) / BATCH)} bytes an event`;
          return [`events durable per second, ${what}`, figure(here), beside, '', '≥ 30,000'];
        },
        { format },
      ),
    );
  }
  return lines;
}

/** A sender that puts ids into names makes rows of sums for every event. */
export async function names(loader: Loader): Promise<readonly Line[]> {
  return withServer(loader, async (server) => {
    const batches = BATCHES / 3;
    const cost = async (format: FormatName) => {
      const before = bytesOf(server.file);
      const { rate: here } = await measure(loader, server, { format, batches });
      return { rate: here, bytes: (bytesOf(server.file) - before) / (batches * BATCH) };
    };
    const rounds: (readonly Awaited<ReturnType<typeof cost>>[])[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push([await cost('native'), await cost('hostile')]);
    const [usual, hostile] = [0, 1].map((at) => median(rounds.map((round) => round[at]?.rate ?? Number.NaN)));
    const [few, many] = [0, 1].map((at) => median(rounds.map((round) => round[at]?.bytes ?? Number.NaN)));
    const pair = (what: string, a = Number.NaN, b = Number.NaN): Line => [what, figure(a), figure(b), ratio(a / b), ''];
    return [
      pair('events per second, each event its own operation (beside: 20 operations)', hostile, usual),
      pair('bytes of database for an event, the same', many, few),
    ];
  });
}

function bytesOf(file: string): number {
  const db = new DatabaseSync(file, { readOnly: true });
  const [pages, size] = ['page_count', 'page_size'].map((name) => Number(db.prepare(`PRAGMA ${name}`).get()?.[name]));
  db.close();
  return (pages ?? 0) * (size ?? 0);
}

/** With a SQL Server that is away. */
export async function spool(loader: Loader): Promise<readonly Line[]> {
  return withServer(
    loader,
    async (server) => {
      const rounds = [await measure(loader, server), await measure(loader, server)];
      const here = median(rounds.map((one) => one.rate));
      const beside = `p50 / p99 ${waitsOf(rounds)} ms`;
      return [['events per second into the spool, the SQL Server away', figure(here), beside, '', '≥ 30,000']];
    },
    { start: startSpooling },
  );
}

export async function old(loader: Loader): Promise<readonly Line[]> {
  const there = await oldWay();
  return withServer(loader, async (server) => {
    const here = await measure(loader, server);
    const [ours, theirs] = [here.rate, there.rate].map(figure);
    return [
      [
        'rows per second, the old way: 900,000 rows, no index, 81 sessions',
        ours ?? '',
        theirs ?? '',
        ratio(here.rate / there.rate),
        '',
      ],
      [
        'p50 / p99 of one of its inserts (here: of 100), ms',
        waitsOf([here]),
        waitsOf([{ ...here, waits: there.waits }]),
        '',
        '',
      ],
      ['duplicates that it let in', '0', figure(there.duplicates), '', ''],
    ];
  });
}
