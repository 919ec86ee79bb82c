import { formatCount, formatDuration, formatRate } from '../../lib/format.ts';

interface Bar {
  /** Milliseconds: durations above `from` up to `to`. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

interface Place {
  readonly name: string;
  /** Milliseconds; null where there is nothing to mark. */
  readonly at: number | null;
}

interface HistogramProps {
  readonly title: string;
  /** Ascending and without gaps; each wider than the one before, so the axis is logarithmic. */
  readonly bars: readonly Bar[];
  readonly places: readonly Place[];
}

/** Where a duration lies among the bars, 0 to 1: by its bar, and within it by its part. */
function position(bars: readonly Bar[], at: number): number {
  const index = bars.findIndex(({ to }) => at <= to);
  const bar = bars[index];
  if (bar === undefined) return 1;
  const part = bar.to > bar.from ? (Math.max(at, bar.from) - bar.from) / (bar.to - bar.from) : 0.5;
  return (index + part) / bars.length;
}

const percent = (part: number): string => `${(part * 100).toFixed(2)}%`;

/** From here on, of the width, names stand left of their places. */
const LATE = 0.8;

/** Bars whose lower end is written below: the first, the last, and some between. */
const LABELS = 4;

function Axis({ bars }: { readonly bars: readonly Bar[] }) {
  const count = Math.min(LABELS, bars.length);
  const ends = Array.from({ length: count }, (_, index) =>
    Math.round((index * (bars.length - 1)) / Math.max(1, count - 1)),
  );
  return (
    <div aria-hidden="true" className="mt-1 flex justify-between text-xs text-muted">
      {ends.map((index) => (
        <span key={index}>{formatDuration(bars[index]?.to ?? null)}</span>
      ))}
    </div>
  );
}

function Rows({ title, bars }: Pick<HistogramProps, 'title' | 'bars'>) {
  return (
    <details className="mt-1 text-xs">
      <summary className="w-fit rounded text-muted hover:text-ink">
        <span className="sr-only">{title} </span>as a table
      </summary>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard (WCAG 2.1.1)
        tabIndex={0}
        aria-label={`${title}, as a table`}
        className="mt-1 max-h-64 overflow-auto border border-line"
      >
        <table className="w-full">
          <thead className="sticky top-0 bg-surface text-muted">
            <tr>
              <th scope="col" className="px-2 py-1 text-left font-medium">
                Up to
              </th>
              <th scope="col" className="px-2 py-1 text-right font-medium">
                Count
              </th>
            </tr>
          </thead>
          <tbody>
            {bars.map(({ to, count }) => (
              <tr key={to} className="border-t border-line">
                <th scope="row" className="px-2 py-0.5 text-left font-normal">
                  {formatDuration(to)}
                </th>
                <td className="px-2 py-0.5 text-right">{formatCount(count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}

interface MarksProps {
  readonly bars: readonly Bar[];
  readonly places: readonly { readonly name: string; readonly at: number }[];
}

/** Lines at places of interest, and over all of them their names, one below the other in the order of their places. */
function Marks({ bars, places }: MarksProps) {
  const placed = places
    .toSorted((a, b) => a.at - b.at)
    .map(({ name, at }, row) => ({ name, row, part: position(bars, at) }));
  return (
    <div className="pointer-events-none">
      {placed.map(({ name, part }) => (
        <div
          key={name}
          className="absolute inset-y-0 border-l border-dashed border-ink"
          style={{ left: percent(part) }}
        />
      ))}
      {placed.map(({ name, part, row }) => (
        <span
          key={name}
          className="absolute mx-0.5 rounded bg-surface px-0.5 text-xs leading-4 whitespace-nowrap"
          style={{
            top: `${row - 1.25}rem`,
            ...(part > LATE ? { right: percent(1 - part) } : { left: percent(part) }),
          }}
        >
          {name}
        </span>
      ))}
    </div>
  );
}

/** How durations are distributed: a bar for each class of them, with places of interest marked. */
export function Histogram({ title, bars, places }: HistogramProps) {
  const peak = Math.max(1, ...bars.map(({ count }) => count));
  const all = bars.reduce((sum, { count }) => sum + count, 0);
  const last = bars.at(-1)?.to ?? 0;
  const known = places.filter((place): place is { name: string; at: number } => place.at !== null);
  const marked = known.filter(({ at }) => at <= last);
  const said = known.map(({ name, at }) => `${name} ${formatDuration(at)}`).join(', ');
  return (
    <figure className="min-w-0 rounded-lg border border-line bg-surface p-3">
      <figcaption className="mb-1 flex flex-wrap items-baseline justify-between gap-x-4">
        <h3 className="text-[0.8125rem] font-semibold">{title}</h3>
        <span className="text-xs text-soft">{said}</span>
      </figcaption>
      <div role="img" aria-label={`${title}: ${formatCount(all)} in all. ${said}.`} className="relative mt-6 h-32">
        <div className="flex h-full items-end gap-px border-b border-edge">
          {bars.map(({ from, to, count }) => (
            <div
              key={to}
              title={`${formatDuration(from)} to ${formatDuration(to)}: ${formatCount(count)} (${formatRate(all > 0 ? count / all : null)})`}
              className="flex h-full min-w-0 flex-1 items-end hover:bg-raised"
            >
              <div
                className="w-full rounded-t-xs bg-accent"
                style={{ height: percent(count / peak), minHeight: count > 0 ? 1 : 0 }}
              />
            </div>
          ))}
        </div>
        <Marks bars={bars} places={marked} />
      </div>
      <Axis bars={bars} />
      <Rows title={title} bars={bars} />
    </figure>
  );
}
