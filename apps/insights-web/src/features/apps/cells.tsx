import {
  formatCount,
  formatDuration,
  formatExact,
  formatRate,
  formatRelative,
  formatShortCount,
  formatStep,
} from '../../lib/format.ts';
import type { AppRow, AppState } from './app-row.ts';

const STATES: Record<AppState, { label: string; colour: string; shape: string; filled: boolean }> = {
  failing: { label: 'Failing', colour: 'text-fail', shape: 'M5 1 9.5 9h-9Z', filled: true },
  silent: {
    label: 'Silent',
    colour: 'text-silent',
    shape: 'M1.5 5a3.5 3.5 0 1 1 7 0 3.5 3.5 0 1 1-7 0Z',
    filled: false,
  },
  healthy: {
    label: 'Healthy',
    colour: 'text-healthy',
    shape: 'M1.5 5a3.5 3.5 0 1 1 7 0 3.5 3.5 0 1 1-7 0Z',
    filled: true,
  },
  waiting: { label: 'Waiting', colour: 'text-muted', shape: 'M1 5h8', filled: false },
};

/** The state as word, shape and colour. */
export function StateMark({ state }: { readonly state: AppState }) {
  const { label, colour, shape, filled } = STATES[state];
  return (
    <span
      className={`inline-flex items-center gap-1.5 text-xs ${colour} ${state === 'failing' ? 'font-semibold' : ''}`}
    >
      <svg aria-hidden="true" viewBox="0 0 10 10" className="size-2.5 shrink-0">
        <path
          d={shape}
          fill={filled ? 'currentColor' : 'none'}
          stroke="currentColor"
          strokeWidth="1.4"
          strokeLinejoin="round"
        />
      </svg>
      {label}
    </span>
  );
}

/** A count, shortened when it is long, in full on hover. */
export function Count({ value }: { readonly value: number }) {
  const short = formatShortCount(value);
  const full = formatCount(value);
  if (value === 0) return <span className="text-muted">0</span>;
  return <span title={short === full ? undefined : full}>{short}</span>;
}

/** An application's name, and a word about events of it that were not taken. */
export const AppName = ({ row }: { readonly row: AppRow }) => (
  <span className="flex items-center gap-2">
    <span className="truncate" title={row.name}>
      {row.name}
    </span>
    <Rejected count={row.rejected} />
  </span>
);

/** How many requests failed, and their share. */
export function Failures({ row }: { readonly row: AppRow }) {
  const failing = row.state === 'failing';
  return (
    <span className={failing ? 'font-semibold text-fail' : ''}>
      <Count value={row.failures} />
      <span className={`inline-block w-14 text-right ${failing ? '' : 'text-muted'}`}>
        {formatRate(row.failureRate)}
      </span>
    </span>
  );
}

/** A duration given in milliseconds. */
export const Duration = ({ ms }: { readonly ms: number | null }) => (
  <span className={ms === null ? 'text-muted' : ''}>{formatDuration(ms)}</span>
);

/** When an application was last heard of: how long ago, and exactly on hover. */
export function LastSeen({ lastSeen, now }: { readonly lastSeen: string | null; readonly now: number }) {
  if (lastSeen === null) return <span className="text-muted">never</span>;
  const moment = Date.parse(lastSeen);
  return (
    <time dateTime={lastSeen} title={formatExact(moment)}>
      {formatRelative(moment, now)}
    </time>
  );
}

/** Events that were not taken: shown only where there are some. */
function Rejected({ count }: { readonly count: number }) {
  if (count === 0) return null;
  return (
    <span
      className="shrink-0 rounded bg-silent-tint px-1.5 text-xs text-silent"
      title={`${formatCount(count)} events rejected`}
    >
      {formatShortCount(count)} rejected
    </span>
  );
}

/** What the sparkline of an application shows, in words. */
export function sparklineLabel(row: AppRow, stepSeconds: number): string {
  const peak = Math.max(0, ...row.sparkline);
  if (peak === 0) return 'No requests in this time range';
  const latest = row.sparkline.at(-1) ?? 0;
  return `Requests per ${formatStep(stepSeconds)}: at most ${formatCount(peak)}, latest ${formatCount(latest)}`;
}
