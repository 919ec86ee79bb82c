import type { IngestState } from '../ingest/ingest.ts';
import type { StoreHealth } from '../store/port.ts';
import type { WorkState } from '../work/board.ts';
import type { QueueState } from '../writer/group-commit.ts';
import type { SpoolState } from '../writer/spool/spooled-store.ts';

interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface MetricSources {
  /** Absent while a database behind a spool cannot be asked: figures that nobody knows are left out. */
  readonly store: StoreHealth | undefined;
  readonly queue: QueueState;
  readonly ingest: IngestState;
  /** Absent with an embedded database. */
  readonly spool: SpoolState | undefined;
  readonly work: readonly WorkState[];
}

/** Prometheus' text format, version 0.0.4. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** All that is known before there is a database. */
export const renderStarting = (work: readonly WorkState[]): string => [ready(0), ofWork(work)].join('');

export function renderMetrics({ store, queue, ingest, spool, work }: MetricSources): string {
  return [
    ready(1),
    ofWork(work),
    ...(store === undefined ? [] : ofStore(store)),
    counter(
      'items_turned_away',
      'Items without an application to count them for, by reason: unknown keys, keys over their limit and the like.',
      Object.entries(ingest.ownerless).map(([reason, value]) => ({ labels: { reason }, value })),
    ),
    counter('queue_turned_away', 'Submissions answered 503: queue full.', [{ value: queue.turnedAway }]),
    counter('writes_failed', 'Submissions the database could not take.', [{ value: queue.failed }]),
    gauge('queue_events', 'Events waiting for the writer.', [{ value: queue.events }]),
    gauge('queue_bytes', 'Bytes waiting for the writer.', [{ value: queue.bytes }]),
    ...(spool === undefined ? [] : ofSpool(spool)),
  ].join('');
}

const ready = (value: 0 | 1) => gauge('ready', 'Whether it takes work: 0 while it starts.', [{ value }]);

/** Work whose end cannot be told yet is left out. */
const ofWork = (work: readonly WorkState[]): string =>
  gauge(
    'work_percent',
    'How far long work is: migration, retention, import, backup.',
    work.flatMap(({ name, percent }) => (percent === null ? [] : { labels: { work: name }, value: percent })),
  );

function ofSpool({ events, bytes, shipped, failures, aside, oldest }: SpoolState): readonly string[] {
  return [
    gauge('spool_events', 'Events waiting for the SQL Server.', [{ value: events }]),
    gauge('spool_bytes', 'Bytes waiting for the SQL Server.', [{ value: bytes }]),
    gauge('spool_oldest_seconds', 'When the oldest that waits was received, seconds since 1970; 0: none waits.', [
      { value: Math.floor((oldest ?? 0) / 1000) },
    ]),
    counter('spool_shipped', 'Events the SQL Server has taken from the spool.', [{ value: shipped }]),
    gauge('spool_failures', 'Shipments that failed one after the other.', [{ value: failures }]),
    gauge('spool_aside', 'Events the SQL Server refuses, kept aside.', [{ value: aside }]),
  ];
}

function ofStore({ apps, bytes }: StoreHealth): readonly string[] {
  const perApp = (pick: (app: StoreHealth['apps'][number]) => number) =>
    apps.map((app) => ({ labels: { app: app.name }, value: pick(app) }));
  const tally = (label: string, pick: (app: StoreHealth['apps'][number]) => Readonly<Record<string, number>>) =>
    apps.flatMap((app) =>
      Object.entries(pick(app)).map(([key, value]) => ({ labels: { app: app.name, [label]: key }, value })),
    );
  return [
    counter(
      'events_received',
      'Events received.',
      perApp(({ counters }) => counters.received),
    ),
    counter(
      'events_accepted',
      'Events stored.',
      perApp(({ counters }) => counters.accepted),
    ),
    counter(
      'events_duplicate',
      'Events that were stored already.',
      perApp(({ counters }) => counters.duplicates),
    ),
    counter(
      'events_rejected',
      'Events dropped, by reason.',
      tally('reason', ({ counters }) => counters.rejected),
    ),
    counter(
      'events_adjusted',
      'Changes made to keep events.',
      tally('what', ({ counters }) => counters.adjusted),
    ),
    counter(
      'events_sampled',
      'Stored events that stand for others.',
      perApp(({ counters }) => counters.sampled),
    ),
    counter(
      'events_late',
      'Events stored more than an hour after they happened.',
      perApp((app) => app.counters.late),
    ),
    gauge('database_bytes', 'Size of the database.', [{ value: bytes }]),
  ];
}

const counter = (name: string, help: string, samples: readonly Sample[]) =>
  family('counter', `scorpiox_${name}_total`, help, samples);
const gauge = (name: string, help: string, samples: readonly Sample[]) =>
  family('gauge', `scorpiox_${name}`, help, samples);

function family(type: string, name: string, help: string, samples: readonly Sample[]): string {
  const lines = samples.map(({ labels = {}, value }) => {
    const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`);
    return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`;
  });
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

const escapeLabel = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
