import { Link } from '@tanstack/react-router';
import { Count } from '../../components/ui/figures.tsx';
import { formatCount, formatShortCount, formatStep } from '../../lib/format.ts';
import type { AppRow } from './app-row.ts';

/** Events that were not taken: shown only where there are some. */
function Rejected({ count }: { readonly count: number }) {
  if (count === 0) return null;
  return (
    <span
      className="shrink-0 rounded bg-silent-tint px-1.5 text-xs font-normal text-silent"
      title={`${formatCount(count)} events rejected since the application was added`}
    >
      {formatShortCount(count)} rejected
    </span>
  );
}

/** An application's name, which leads to its page; below it, in what way it does not do well. */
export function AppName({ row }: { readonly row: AppRow }) {
  const trouble = row.state === 'failing' || row.state === 'silent';
  return (
    <span className="flex min-w-0 flex-col py-0.5">
      <span className="flex items-center gap-2">
        <Link
          to="/apps/$app"
          params={{ app: row.name }}
          title={row.name}
          className="truncate rounded hover:text-accent hover:underline"
        >
          {row.name}
        </Link>
        <Rejected count={row.rejected} />
      </span>
      {trouble && (
        <span className="line-clamp-3 text-xs font-normal text-soft" title={row.stateReason.message}>
          {row.stateReason.message}
        </span>
      )}
    </span>
  );
}

/** Exceptions in the span, and how many kinds of them were never seen before. */
export const Exceptions = ({ row }: { readonly row: AppRow }) => (
  <span className="whitespace-nowrap">
    {row.newExceptions > 0 && (
      <span className="mr-1.5 rounded bg-fail-tint px-1.5 text-xs font-medium text-fail">
        {formatShortCount(row.newExceptions)} new
      </span>
    )}
    <Count value={row.exceptions} />
  </span>
);

/** What the sparkline of an application shows, in words. */
export function sparklineLabel(row: AppRow, stepSeconds: number): string {
  const peak = Math.max(0, ...row.sparkline);
  if (peak === 0) return 'No requests in this time range';
  const latest = row.sparkline.at(-1) ?? 0;
  return `Requests per ${formatStep(stepSeconds)}: at most ${formatCount(peak)}, latest ${formatCount(latest)}`;
}
