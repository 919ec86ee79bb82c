import {
  formatCount,
  formatDuration,
  formatExact,
  formatRate,
  formatRateChange,
  formatRelative,
  formatShortCount,
} from '../../lib/format.ts';

/** A count, shortened when it is long, in full on hover. */
export function Count({ value }: { readonly value: number }) {
  const short = formatShortCount(value);
  const full = formatCount(value);
  if (value === 0) return <span className="text-muted">0</span>;
  return <span title={short === full ? undefined : full}>{short}</span>;
}

/** A duration given in milliseconds. */
export const Duration = ({ ms }: { readonly ms: number | null }) => (
  <span className={ms === null ? 'text-muted' : ''}>{formatDuration(ms)}</span>
);

interface MomentAgoProps {
  /** ISO 8601; null is never. */
  readonly at: string | null;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** When something was: how long ago, and exactly on hover. */
export function MomentAgo({ at, now }: MomentAgoProps) {
  if (at === null) return <span className="text-muted">never</span>;
  const moment = Date.parse(at);
  return (
    <time dateTime={at} title={formatExact(moment)}>
      {formatRelative(moment, now)}
    </time>
  );
}

interface FailureRateProps {
  readonly rate: number | null;
  /** That of the span before; absent where it is not compared. */
  readonly before?: number | null;
  /** How many failed, on hover. */
  readonly failures: number;
  readonly bad?: boolean;
}

/** The share that failed, and how it changed against the span before: an arrow and the difference in per cent points. */
export function FailureRate({ rate, before, failures, bad = false }: FailureRateProps) {
  const change = before === undefined ? null : formatRateChange(rate, before);
  const worse = rate !== null && before !== undefined && before !== null && rate > before;
  return (
    <span
      title={`${formatCount(failures)} failed`}
      className={`inline-flex items-baseline justify-end gap-1.5 whitespace-nowrap ${bad ? 'font-semibold text-fail' : ''}`}
    >
      {change !== null && (
        <span className={`text-xs font-normal ${worse ? 'text-fail' : 'text-healthy'}`}>
          <span aria-hidden="true">{worse ? '▲' : '▼'} </span>
          <span className="sr-only">{worse ? 'up by' : 'down by'} </span>
          {change}
        </span>
      )}
      <span className={rate === null || (rate === 0 && !bad) ? 'text-muted' : ''}>{formatRate(rate)}</span>
    </span>
  );
}
