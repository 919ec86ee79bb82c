import type { KeyboardEvent } from 'react';
import type { Stretch } from './summary.ts';
import type { Tick } from './time-axis.ts';
import type { SpanLine, TraceLine } from './trace-lines.ts';

/** What all rows of a trace have in common. */
export interface TraceLook {
  /** Beside each other, or the time line below the name. */
  readonly wide: boolean;
  readonly axisMs: number;
  readonly ticks: readonly Tick[];
  readonly colours: ReadonlyMap<string, string>;
  readonly path: ReadonlyMap<number, readonly Stretch[]>;
  readonly gaps: ReadonlyMap<number, readonly Stretch[]>;
  readonly onOpen: (line: TraceLine) => void;
  readonly onKey: (event: KeyboardEvent<HTMLElement>, line: TraceLine) => void;
  readonly onToggle: (line: SpanLine) => void;
}

export interface TraceRowProps {
  readonly line: TraceLine;
  readonly look: TraceLook;
  readonly isOpen: boolean;
  /** Whether Tab comes here. */
  readonly isActive: boolean;
}

/** A part of a row. */
export interface CellProps extends Pick<TraceRowProps, 'line' | 'look'> {
  readonly className: string;
}

export const appOf = (line: TraceLine): string => (line.kind === 'span' ? line.span.app : line.log.app);
