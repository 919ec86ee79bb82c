/**
 * The lines of the waterfall: a walk down the tree of spans, with the moments (logs, exceptions, custom events) of a span
 * among its children at their time, and without what collapsed spans hide. Pure.
 */
import type { TraceLog, TraceResponse, TraceSpan } from '@scorpiox/shared/contract';

interface Placed {
  /** The same for no two lines of a trace. */
  readonly key: string;
  /** 1 for what has no parent here. */
  readonly level: number;
  /** Place among its siblings, from 1, and how many they are. */
  readonly place: number;
  readonly siblings: number;
}

export interface SpanLine extends Placed {
  readonly kind: 'span';
  readonly index: number;
  readonly span: TraceSpan;
  /** It names a parent that is not here. */
  readonly orphan: boolean;
  readonly expandable: boolean;
  /** How many lines it hides; 0 while it is expanded. */
  readonly hidden: number;
}

export interface LogLine extends Placed {
  readonly kind: 'log';
  readonly log: TraceLog;
}

export type TraceLine = SpanLine | LogLine;

type Child =
  | { readonly kind: 'span'; readonly at: number; readonly index: number; readonly span: TraceSpan }
  | { readonly kind: 'log'; readonly at: number; readonly index: number; readonly log: TraceLog };

/** Under this stands what has no parent here. */
const TOP = -1;

/** What stands right below each span, by time. Of one moment spans come first. */
function childrenOf({ spans, logs }: TraceResponse): Map<number, Child[]> {
  const children = new Map<number, Child[]>([[TOP, []]]);
  const add = (parent: number | null, child: Child): void => {
    const siblings = children.get(parent ?? TOP);
    if (siblings === undefined) children.set(parent ?? TOP, [child]);
    else siblings.push(child);
  };
  for (const [index, span] of spans.entries()) add(span.parent, { kind: 'span', at: span.startMs, index, span });
  for (const [index, log] of logs.entries()) add(log.span, { kind: 'log', at: log.atMs, index, log });
  for (const siblings of children.values()) siblings.sort((a, b) => a.at - b.at); // stable: spans were added first
  return children;
}

/** How many lines stand below each span. Parents come before their children, so backwards each is counted once. */
function countsBelow({ spans }: TraceResponse, children: ReadonlyMap<number, readonly Child[]>): number[] {
  const counts = spans.map((_, index) => children.get(index)?.length ?? 0);
  for (let index = spans.length - 1; index >= 0; index -= 1) {
    const parent = spans[index]?.parent ?? null;
    if (parent !== null) counts[parent] = (counts[parent] ?? 0) + (counts[index] ?? 0);
  }
  return counts;
}

function spanLine(
  child: Child & { kind: 'span' },
  placed: Omit<Placed, 'key'>,
  below: number,
  collapsed: boolean,
): SpanLine {
  const { index, span } = child;
  return {
    ...placed,
    kind: 'span',
    key: `span ${index}`,
    index,
    span,
    orphan: span.parent === null && span.parentId !== null,
    expandable: below > 0,
    hidden: collapsed ? below : 0,
  };
}

/** Makes the lines for a set of collapsed spans (their places in `spans`); what the set does not change is done once. */
export function traceLines(trace: TraceResponse): (collapsed: ReadonlySet<number>) => TraceLine[] {
  const children = childrenOf(trace);
  const below = countsBelow(trace, children);
  return (collapsed) => {
    const lines: TraceLine[] = [];
    const waiting = [{ siblings: children.get(TOP) ?? [], at: 0 }];
    // A walk with a stack of its own: chains may be thousands deep.
    for (let top = waiting.at(-1); top !== undefined; top = waiting.at(-1)) {
      const child = top.siblings[top.at];
      top.at += 1;
      if (child === undefined) {
        waiting.pop();
        continue;
      }
      const placed = { level: waiting.length, place: top.at, siblings: top.siblings.length };
      if (child.kind === 'log') {
        lines.push({ ...placed, kind: 'log', key: `log ${child.index}`, log: child.log });
        continue;
      }
      const line = spanLine(child, placed, below[child.index] ?? 0, collapsed.has(child.index));
      lines.push(line);
      if (line.hidden === 0) waiting.push({ siblings: children.get(child.index) ?? [], at: 0 });
    }
    return lines;
  };
}
