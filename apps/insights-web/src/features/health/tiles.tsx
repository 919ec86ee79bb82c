import type { ReactNode } from 'react';
import { Sparkline } from '../../components/charts/sparkline.tsx';
import type { Health } from '../../lib/api/get-health.ts';
import { formatCount, formatDuration, formatRelative } from '../../lib/format.ts';
import { useNow } from '../../lib/use-now.ts';
import { formatBytes } from './bytes.ts';

interface TileProps {
  readonly name: string;
  readonly value: string;
  readonly children?: ReactNode;
}

/** A figure with its name. */
const Tile = ({ name, value, children }: TileProps) => (
  <div className="flex min-w-0 flex-col rounded-lg border border-line bg-surface px-4 py-3">
    <dt className="text-xs text-muted">{name}</dt>
    <dd className="min-w-0">
      <span className="text-base font-semibold wrap-anywhere">{value}</span>
      {children !== undefined && <div className="text-xs text-pretty text-soft">{children}</div>}
    </dd>
  </div>
);

const percent = (part: number, whole: number): string => `${Math.round((part / whole) * 100)}%`;

function DatabaseTile({ databaseBytes, databaseReachable, platform: { sizes, growthPerDay } }: Health) {
  const values = sizes.map(({ bytes }) => bytes);
  const growth =
    growthPerDay === null
      ? 'Its growth is told after some hours.'
      : `${growthPerDay < 0 ? '' : '+'}${formatBytes(growthPerDay)} a day over the last week`;
  return (
    <Tile name="Database" value={databaseBytes === 0 ? 'size unknown' : formatBytes(databaseBytes)}>
      {databaseReachable ? growth : 'It does not answer; this is what it last said.'}
      {values.length > 1 && (
        <Sparkline
          values={values}
          label={`Size by the hour, from ${formatBytes(values[0] ?? 0)} to ${formatBytes(values.at(-1) ?? 0)}`}
          className="mt-1 block h-6 w-full"
        />
      )}
    </Tile>
  );
}

function QueueTile({ queue, platform: { queueLimits } }: Health) {
  const lost = [
    ...(queue.turnedAway > 0 ? [`${formatCount(queue.turnedAway)} batches were turned away`] : []),
    ...(queue.failed > 0 ? [`${formatCount(queue.failed)} could not be written`] : []),
  ];
  return (
    <Tile name="Queue" value={`${formatCount(queue.events)} events`}>
      {percent(Math.max(queue.events / queueLimits.events, queue.bytes / queueLimits.bytes), 1)} full
      {lost.length > 0 && `; since the start ${lost.join(', ')}`}
    </Tile>
  );
}

function SpoolTile({ spool }: { readonly spool: NonNullable<Health['spool']> }) {
  const age = spool.oldestSeconds === null ? '' : `; the oldest for ${formatDuration(spool.oldestSeconds * 1000)}`;
  return (
    <Tile name="Spool, before the SQL Server" value={`${formatCount(spool.events)} events`}>
      {percent(spool.bytes, spool.limitBytes)} full{age}; {formatCount(spool.perSecond)} a second are shipped
      {spool.aside > 0 && `; ${formatCount(spool.aside)} refused`}
    </Tile>
  );
}

const CLOCK_MS = 10_000;

/** The figures that one looks at first. */
export function Tiles({ health }: { readonly health: Health }) {
  const now = useNow(CLOCK_MS);
  const { platform, spool } = health;
  const { disk, alerts, sessions } = platform;
  const evaluated = alerts.evaluatedAt === null ? 'never' : formatRelative(Date.parse(alerts.evaluatedAt), now);
  return (
    <dl className="mb-8 grid gap-3 sm:grid-cols-2 lg:grid-cols-3 xl:grid-cols-4">
      <QueueTile {...health} />
      {spool !== null && <SpoolTile spool={spool} />}
      <DatabaseTile {...health} />
      {disk !== null && (
        <Tile name="Disk" value={`${formatBytes(disk.freeBytes)} free`}>
          {percent(disk.freeBytes, disk.totalBytes)} of {formatBytes(disk.totalBytes)}
        </Tile>
      )}
      <Tile name="Sessions" value={`${formatCount(sessions.reduce((sum, { inUse }) => sum + inUse, 0))} in use`}>
        {sessions.map(({ name, inUse, most }) => `${name} ${inUse}${most === null ? '' : ` of ${most}`}`).join(', ')}
      </Tile>
      <Tile name="Alerts looked at" value={evaluated}>
        {alerts.waiting > 0 && `${formatCount(alerts.waiting)} messages wait for another try. `}
        {alerts.failed > 0 && `${formatCount(alerts.failed)} were given up in the last day.`}
      </Tile>
      <Tile name="This API process" value={platform.instance}>
        started {formatRelative(Date.parse(platform.startedAt), now)}
      </Tile>
    </dl>
  );
}
