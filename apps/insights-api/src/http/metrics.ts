import type { IngestState } from '../ingest/ingest.ts';
import type { StoreHealth } from '../store/port.ts';
import type { QueueState } from '../writer/group-commit.ts';

interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Figures in Prometheus' text format, version 0.0.4. */
export function renderMetrics({ apps, bytes }: StoreHealth, queue: QueueState, ingest: IngestState): string {
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
    counter(
      'items_turned_away',
      'Items without an application to count them for, by reason: unknown keys, keys over their limit and the like.',
      Object.entries(ingest.ownerless).map(([reason, value]) => ({ labels: { reason }, value })),
    ),
    counter('queue_turned_away', 'Submissions answered 503: queue full.', [{ value: queue.turnedAway }]),
    counter('writes_failed', 'Submissions the database could not take.', [{ value: queue.failed }]),
    gauge('queue_events', 'Events waiting for the writer.', [{ value: queue.events }]),
    gauge('queue_bytes', 'Bytes waiting for the writer.', [{ value: queue.bytes }]),
    gauge('database_bytes', 'Size of the database.', [{ value: bytes }]),
  ].join('');
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
