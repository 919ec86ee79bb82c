import type { TraceResponse } from '@scorpiox/shared/contract';
import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from 'react';
import { useVisibleRows } from '../../components/list/use-visible-rows.ts';
import { type EventAddress, printEventAddress } from '../../lib/event-address.ts';
import { stepRow } from '../../lib/keyboard.ts';
import { useMediaQuery } from '../../lib/use-media-query.ts';
import { bySpan, coloursOf } from './summary.ts';
import { type Tick, timeTicks } from './time-axis.ts';
import { AxisLabels } from './time-line.tsx';
import { type SpanLine, type TraceLine, traceLines } from './trace-lines.ts';
import type { TraceLook } from './trace-look.ts';
import { TraceRow } from './trace-row.tsx';

const WIDE = '(min-width: 48rem)';
const ROW_PX = { wide: 28, narrow: 44 };
const TICKS = { wide: 7, narrow: 4 };

const addressOf = (line: TraceLine): EventAddress => (line.kind === 'span' ? line.span : line.log);

interface WaterfallProps {
  readonly trace: TraceResponse;
  /** The event that is open, as `printEventAddress` spells it. */
  readonly open: string | null;
  readonly onOpen: (address: EventAddress) => void;
}

/** Which spans are collapsed, and how that changes. */
function useCollapsed() {
  const [collapsed, setCollapsed] = useState<ReadonlySet<number>>(new Set());
  const set = useCallback((index: number, hide: boolean) => {
    setCollapsed((before) => {
      const after = new Set(before);
      if (hide) after.add(index);
      else after.delete(index);
      return after;
    });
  }, []);
  return { collapsed, set };
}

/** Moves the focus to the row above that the line stands below. */
function focusParent(row: Element, level: number): void {
  let above = row.previousElementSibling;
  while (above !== null && Number(above.getAttribute('aria-level')) >= level) above = above.previousElementSibling;
  above?.querySelector('button')?.focus();
}

type Collapse = (index: number, hide: boolean) => void;

/** The keys of a tree: up and down, left to close or to the parent, right to open or to the first child. */
function onTreeKey(event: KeyboardEvent<HTMLElement>, line: TraceLine, set: Collapse): void {
  const isOpen = line.kind === 'span' && line.expandable && line.hidden === 0;
  const row = event.currentTarget.closest('tr');
  if (event.key === 'ArrowDown') stepRow(1);
  else if (event.key === 'ArrowUp') stepRow(-1);
  else if (event.key === 'ArrowLeft' && line.kind === 'span' && isOpen) set(line.index, true);
  else if (event.key === 'ArrowLeft' && row !== null) focusParent(row, line.level);
  else if (event.key === 'ArrowRight' && line.kind === 'span' && line.hidden > 0) set(line.index, false);
  else if (event.key === 'ArrowRight' && isOpen) stepRow(1);
  else return;
  event.preventDefault();
}

const WideHead = ({ ticks }: { readonly ticks: readonly Tick[] }) => (
  <thead className="text-left text-xs text-muted">
    <tr>
      <th scope="col" className="w-2/5 pl-2 font-medium">
        Operation
      </th>
      <th scope="col" className="w-20 pr-3 text-right font-medium">
        Duration
      </th>
      <th scope="col" aria-label="Time" className="p-0 pr-3 font-normal">
        <AxisLabels ticks={ticks} />
      </th>
    </tr>
  </thead>
);

const NarrowHead = ({ ticks }: { readonly ticks: readonly Tick[] }) => (
  <thead className="text-left">
    <tr>
      <th scope="col" aria-label="Operation, and its time" className="px-2 font-normal">
        <div className="mr-16">
          <AxisLabels ticks={ticks} />
        </div>
      </th>
    </tr>
  </thead>
);

/** The events of an operation below each other, each where it stood in time. */
export function Waterfall({ trace, open, onOpen }: WaterfallProps) {
  const wide = useMediaQuery(WIDE);
  const { collapsed, set } = useCollapsed();
  const [active, setActive] = useState<string | null>(null);
  const makeLines = useMemo(() => traceLines(trace), [trace]);
  const lines = useMemo(() => makeLines(collapsed), [makeLines, collapsed]);
  const list = useRef<HTMLTableSectionElement>(null);
  const size = wide ? 'wide' : 'narrow';
  const { first, end, before, after } = useVisibleRows(list, lines.length, ROW_PX[size]);
  const ticks = useMemo(() => timeTicks(trace.durationMs, TICKS[size]), [trace.durationMs, size]);
  const look = useMemo((): TraceLook => {
    const openLine = (line: TraceLine): void => {
      setActive(line.key);
      onOpen(addressOf(line));
    };
    return {
      wide,
      axisMs: trace.durationMs,
      ticks,
      colours: coloursOf(trace.apps),
      path: bySpan(trace.criticalPath),
      gaps: bySpan(trace.gaps),
      onOpen: openLine,
      onKey: (event, line) => onTreeKey(event, line, set),
      onToggle: (line: SpanLine) => set(line.index, line.hidden === 0),
    };
  }, [wide, trace, ticks, set, onOpen]);
  const shown = lines.slice(first, end);
  const tabbed = shown.some((line) => line.key === active) ? active : shown[0]?.key;
  return (
    <div className="overflow-clip rounded-lg border border-line bg-surface">
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows that open and close make a tree of it (ARIA 1.2)
        role="treegrid"
        aria-label="Waterfall"
        aria-rowcount={lines.length + 1}
        className="w-full table-fixed text-[0.8125rem]"
      >
        {wide ? <WideHead ticks={ticks} /> : <NarrowHead ticks={ticks} />}
        <tbody ref={list}>
          {before > 0 && <tr style={{ height: before }} />}
          {shown.map((line) => (
            <TraceRow
              key={line.key}
              line={line}
              look={look}
              isOpen={open !== null && printEventAddress(addressOf(line)) === open}
              isActive={line.key === tabbed}
            />
          ))}
          {after > 0 && <tr style={{ height: after }} />}
        </tbody>
      </table>
    </div>
  );
}
