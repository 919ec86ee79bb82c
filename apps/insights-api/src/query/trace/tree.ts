import type { StoredEvent } from '../../store/raw/raw-port.ts';

/** A stretch of time, microseconds. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** What takes time, with its place in the tree. */
export interface Span extends Stretch {
  readonly event: StoredEvent;
  /** Place of its parent among all spans, which is always before its own; undefined where it has none. */
  readonly parent: number | undefined;
  readonly depth: number;
  /** Places of its children, by their beginning. */
  readonly children: readonly number[];
}

/** Kinds that happen at one moment, even where a sender gives them a duration. */
const MOMENTS: ReadonlySet<string> = new Set(['trace', 'exception', 'metric']);

export const isSpan = ({ details }: StoredEvent): boolean =>
  details.durationMs !== undefined && !MOMENTS.has(details.kind);

interface Node {
  readonly event: StoredEvent;
  readonly children: Node[];
  parent: Node | undefined;
}

/**
 * Spans as a tree, parents before their children, children by their beginning. A parent is the span whose id is named; one
 * that is not there leaves a root, and so does a circle, at the span in it that began first.
 */
export function toTree(events: readonly StoredEvent[]): readonly Span[] {
  const nodes = events
    .filter(isSpan)
    .toSorted((a, b) => a.time - b.time)
    .map((event): Node => ({ event, children: [], parent: undefined }));
  const byId = new Map<string, Node>();
  for (const node of nodes) {
    const { id } = node.event.details;
    if (id !== undefined && !byId.has(id)) byId.set(id, node);
  }
  // The latest first: of a circle the earliest is then the one whose parent is refused.
  for (const node of nodes.toReversed()) {
    const parent = byId.get(node.event.details.parentId ?? '');
    if (parent === undefined || isAncestor(node, parent)) continue;
    node.parent = parent;
    parent.children.unshift(node);
  }
  return layOut(nodes.filter(({ parent }) => parent === undefined));
}

/** Whether a node is the other or stands above it. */
function isAncestor(node: Node, other: Node): boolean {
  for (let one: Node | undefined = other; one !== undefined; one = one.parent) if (one === node) return true;
  return false;
}

function layOut(roots: readonly Node[]): readonly Span[] {
  const spans: (Omit<Span, 'children'> & { children: number[] })[] = [];
  // Not by recursion: a chain may be as long as a trace.
  const waiting = roots.map((node) => ({ node, parent: undefined as number | undefined })).toReversed();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, parent } = next;
    const place = spans.length;
    const above = parent === undefined ? undefined : spans[parent];
    above?.children.push(place);
    const from = node.event.time;
    const to = from + Math.round((node.event.details.durationMs ?? 0) * 1000);
    spans.push({ event: node.event, from, to, parent, depth: above === undefined ? 0 : above.depth + 1, children: [] });
    for (const child of node.children.toReversed()) waiting.push({ node: child, parent: place });
  }
  return spans;
}
