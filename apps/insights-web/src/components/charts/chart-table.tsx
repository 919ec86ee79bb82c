import { useState } from 'react';
import { formatMinute } from '../../lib/format.ts';
import { type Format, type Mark, type Series, type Steps, stepStart } from './series.ts';

interface ChartTableProps {
  readonly title: string;
  readonly steps: Steps;
  readonly series: readonly Series[];
  readonly format: Format;
  readonly marks: readonly Mark[];
}

const CELL = 'px-2 py-0.5 text-right';

function Rows({ title, steps, series, format, marks }: ChartTableProps) {
  // Newest first: that is what one looks for.
  const indices = Array.from({ length: steps.count }, (_, index) => steps.count - 1 - index);
  const within = (at: number): readonly Mark[] =>
    marks.filter((mark) => mark.at >= at && mark.at < at + steps.seconds * 1000);
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard (WCAG 2.1.1)
      tabIndex={0}
      aria-label={`${title}, as a table`}
      className="mt-1 max-h-64 overflow-auto border border-line"
    >
      <table className="w-full text-xs">
        <thead className="sticky top-0 bg-surface text-muted">
          <tr>
            <th scope="col" className="px-2 py-1 text-left font-medium">
              From
            </th>
            {series.map(({ name }) => (
              <th key={name} scope="col" className={`${CELL} font-medium`}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {indices.map((index) => {
            const at = stepStart(steps, index);
            return (
              <tr key={at} className="border-t border-line">
                <th scope="row" className="px-2 py-0.5 text-left font-normal whitespace-nowrap">
                  {[formatMinute(at), ...within(at).map(({ name }) => name)].join(' · ')}
                </th>
                {series.map(({ name, values }) => (
                  <td key={name} className={CELL}>
                    {format(values[index] ?? null)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** The figures of a chart, for those who would rather read them; made when it is opened. */
export function ChartTable(props: ChartTableProps) {
  const [open, setOpen] = useState(false);
  return (
    <details className="text-xs" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="w-fit rounded text-muted hover:text-ink">
        <span className="sr-only">{props.title} </span>as a table
      </summary>
      {open && <Rows {...props} />}
    </details>
  );
}
