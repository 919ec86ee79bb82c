import type { Span, Stretch } from './tree.ts';

/** A stretch of the path, and the span that ran in it. */
export interface PathStretch extends Stretch {
  readonly span: number;
}

/*
 * The critical path
 *
 * What the end waited for: from the end of a span back to its beginning, the child that ended last before, then what that
 * one waited for, and so on from that child's beginning; between two such children the span itself. A child that still ran
 * when the next one on the path began is not on it: nothing waited for its end. A child that outlasts its parent counts as
 * far as the parent. Many SDKs say when a span began in whole milliseconds and how long it took in finer units, so one that
 * ended less than a millisecond after the next began counts as ended.
 */
const CLOCK_US = 1000;

/** The path through all spans, by time. Roots follow each other as the children of one span would. */
export function criticalPath(spans: readonly Span[]): readonly PathStretch[] {
  const roots = [...spans.keys()].filter((place) => spans[place]?.parent === undefined);
  const end = Math.max(...spans.map(({ to }) => to));
  const path: PathStretch[] = [];
  // What is still to be walked, the next thing last; each goes backwards in time.
  const waiting: (() => void)[] = [];
  const walk = (children: readonly number[], within: Stretch, own: number | undefined) => {
    const steps: (() => void)[] = [];
    let at = within.to;
    const add = (from: number) => {
      const to = at;
      if (own !== undefined && from < to) steps.push(() => path.push({ span: own, from, to }));
    };
    for (const child of lastFirst(spans, children, within)) {
      const ran = { from: child.from, to: Math.min(child.to, at) };
      if (child.to >= at + CLOCK_US || ran.from >= ran.to) continue;
      add(ran.to);
      steps.push(() => walk(spans[child.place]?.children ?? [], ran, child.place));
      at = child.from;
    }
    add(within.from);
    waiting.push(...steps.toReversed());
  };
  walk(roots, { from: Number.NEGATIVE_INFINITY, to: end }, undefined);
  for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) step();
  return path.toReversed();
}

/** Children as far as they lie within their parent, the one that ended last first. */
function lastFirst(
  spans: readonly Span[],
  children: readonly number[],
  within: Stretch,
): readonly (Stretch & { readonly place: number })[] {
  return children
    .flatMap((place) => {
      const span = spans[place];
      return span === undefined ? [] : [{ place, ...clip(span, within) }];
    })
    .toSorted((a, b) => b.to - a.to || b.from - a.from);
}

/** The part of a stretch within another; empty where they do not meet. */
function clip({ from, to }: Stretch, within: Stretch): Stretch {
  const start = Math.max(from, within.from);
  return { from: start, to: Math.max(start, Math.min(to, within.to)) };
}

/** Parts of a span in which none of its children ran; all of it where it has none. */
export function uncovered(spans: readonly Span[], span: Span): readonly Stretch[] {
  const covered = span.children
    .flatMap((place) => spans[place] ?? [])
    .map((child) => clip(child, span))
    .toSorted((a, b) => a.from - b.from);
  const free: Stretch[] = [];
  let at = span.from;
  for (const { from, to } of covered) {
    if (from > at) free.push({ from: at, to: from });
    at = Math.max(at, to);
  }
  if (at < span.to) free.push({ from: at, to: span.to });
  return free;
}
