import { memo } from 'react';
import { formatDuration } from '../../lib/format.ts';
import { rowProps } from '../../lib/keyboard.ts';
import type { Stretch } from './summary.ts';
import { GridLines, TimeLine, TimePoint } from './time-line.tsx';
import type { TraceLine } from './trace-lines.ts';
import { appOf, type CellProps, type TraceRowProps } from './trace-look.ts';
import { TraceName } from './trace-name.tsx';

const NONE: readonly Stretch[] = [];

function Times({ line, look }: Pick<TraceRowProps, 'line' | 'look'>) {
  const { axisMs } = look;
  const colour = look.colours.get(appOf(line)) ?? 'currentColor';
  if (line.kind === 'log') return <TimePoint atMs={line.log.atMs} axisMs={axisMs} colour={colour} />;
  const { startMs, durationMs } = line.span;
  const path = look.path.get(line.index) ?? NONE;
  const gaps = look.gaps.get(line.index) ?? NONE;
  return <TimeLine startMs={startMs} durationMs={durationMs} axisMs={axisMs} colour={colour} path={path} gaps={gaps} />;
}

const lengthOf = (line: TraceLine): string =>
  line.kind === 'span' ? formatDuration(line.span.durationMs) : `at ${formatDuration(line.log.atMs)}`;

const Drawing = ({ line, look, className }: CellProps) => (
  <div className={`relative ${className}`}>
    <GridLines ticks={look.ticks} />
    <Times line={line} look={look} />
  </div>
);

/** A line of the waterfall: name and application, how long it took, and when as a drawing. */
export const TraceRow = memo(function TraceRow({ line, look, isOpen, isActive }: TraceRowProps) {
  return (
    <tr
      aria-level={line.level}
      aria-posinset={line.place}
      aria-setsize={line.siblings}
      aria-expanded={line.kind === 'span' && line.expandable ? line.hidden === 0 : undefined}
      aria-selected={isOpen}
      onClick={() => look.onOpen(line)}
      {...rowProps}
      className={`cursor-pointer border-t border-line -outline-offset-2 ${isOpen ? 'bg-tint' : 'hover:bg-raised/60 focus:bg-raised'}`}
    >
      {look.wide ? (
        <>
          <td className="p-0">
            <TraceName line={line} look={look} isActive={isActive} className="h-6.75" />
          </td>
          <td className="pr-3 text-right text-xs">{lengthOf(line)}</td>
          <td className="p-0 pr-3">
            <Drawing line={line} look={look} className="h-6.75" />
          </td>
        </>
      ) : (
        <td className="p-0">
          <TraceName line={line} look={look} isActive={isActive} className="h-6" />
          <div className="flex h-4.75 items-start gap-2 px-2">
            <Drawing line={line} look={look} className="h-4 flex-1" />
            <span className="w-14 shrink-0 text-right text-xs">{lengthOf(line)}</span>
          </div>
        </td>
      )}
    </tr>
  );
});
