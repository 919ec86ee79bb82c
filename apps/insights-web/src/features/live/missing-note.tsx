import { Link } from '@tanstack/react-router';
import { formatClock, formatCount } from '../../lib/format.ts';
import type { Mark } from './live-tail.ts';

const WHY: Record<Mark['reason'], string> = {
  lost: 'The connection was lost',
  hidden: 'This tab was hidden',
  skipped: 'Too many came at once',
};

/** The least that a link to the span of a gap shows, milliseconds. */
const LEAST_MS = 60_000;

const count = (missed: number): string => `${formatCount(missed)} ${missed === 1 ? 'event is' : 'events are'}`;

/** What is missing at a place of the list, why, and where it can be read. */
export function MissingNote({ mark, q }: { readonly mark: Mark; readonly q: string }) {
  const { reason, from, to, missed } = mark;
  const span = reason === 'skipped' ? formatClock(to) : `${formatClock(from)} – ${formatClock(to)}`;
  const search = {
    q: q === '' ? undefined : q,
    range: undefined,
    from: new Date(from).toISOString(),
    to: new Date(Math.max(to, from + LEAST_MS)).toISOString(),
  };
  return (
    <>
      {WHY[reason]}, {span}: {missed === null ? 'what came is' : count(missed)} missing here.{' '}
      <Link to="/explore" search={search} className="font-medium underline underline-offset-2">
        See them in Explore
      </Link>
    </>
  );
}
