/**
 * Where the nodes and arrows of a call graph stand: in layers from left to right, callers before those they call.
 *
 * The same graph always gives the same picture, whatever order its parts arrive in, so that a refresh moves nothing and
 * two operators see the same map. Four steps, each by name where nothing else decides:
 *
 * 1. Cycles are cut: a depth-first walk finds the edges that lead back, and they count the other way round.
 * 2. A node's layer is the longest way to it.
 * 3. An edge over several layers gets a waypoint in each between, so that no arrow runs through a node; the order within
 *    layers goes to the mean place of the neighbours, to and fro a few times, which takes out most crossings.
 * 4. Every layer is centred; labels that would lie on each other are moved apart.
 */

export interface Edge {
  readonly from: string;
  readonly to: string;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Route<E extends Edge> {
  readonly edge: E;
  /** From the caller's side to the called one's. */
  readonly points: readonly Point[];
  /** The middle of its label. */
  readonly label: Point;
}

export interface Layout<E extends Edge> {
  readonly width: number;
  readonly height: number;
  /** Middles of the nodes that have edges. */
  readonly nodes: ReadonlyMap<string, Point>;
  readonly routes: readonly Route<E>[];
  /** Nodes without edges, by name. */
  readonly apart: readonly string[];
}

/** Pixels. */
export const NODE = { width: 164, height: 52 } as const;
const GAP = { x: 184, y: 24 } as const;
const LABEL_HEIGHT = 32;
/** How far below the middle of a node an edge leaves and arrives that leads back, clear of the one that leads there. */
const BACK_OFFSET = 14;
/**
 * Where on its first stretch a label stands, as parts of the way across and along: near the end at which the fewer arrows
 * meet. Both lie on the curve that is drawn.
 */
const NEAR_START = { x: 0.28, y: 0.13 } as const;
const NEAR_END = { x: 0.72, y: 0.87 } as const;
const SWEEPS = 6;

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What each name leads to, by name. */
function neighbours(names: readonly string[], edges: readonly Edge[]): Map<string, string[]> {
  const to = new Map(names.map((name): [string, string[]] => [name, []]));
  for (const edge of edges) to.get(edge.from)?.push(edge.to);
  for (const list of to.values()) list.sort(byName);
  return to;
}

/** The edges without those that lead back to a node that the walk is still below; those are turned round. */
function cutCycles(names: readonly string[], edges: readonly Edge[]): Edge[] {
  const next = neighbours(names, edges);
  const called = new Set(edges.map(({ to }) => to));
  const state = new Map<string, 'below' | 'done'>();
  const back = new Set<string>();
  const walk = (name: string): void => {
    state.set(name, 'below');
    for (const to of next.get(name) ?? []) {
      if (state.get(to) === 'below') back.add(JSON.stringify([name, to]));
      else if (!state.has(to)) walk(to);
    }
    state.set(name, 'done');
  };
  for (const name of [...names.filter((one) => !called.has(one)), ...names]) if (!state.has(name)) walk(name);
  return edges.map((edge) =>
    back.has(JSON.stringify([edge.from, edge.to])) ? { from: edge.to, to: edge.from } : edge,
  );
}

/** The layer of each node: the longest way to it over edges that have no cycle. */
function layersOf(names: readonly string[], edges: readonly Edge[]): Map<string, number> {
  const callers = neighbours(
    names,
    edges.map(({ from, to }) => ({ from: to, to: from })),
  );
  const layers = new Map<string, number>();
  const layerOf = (name: string): number => {
    const known = layers.get(name);
    if (known !== undefined) return known;
    const layer = Math.max(-1, ...(callers.get(name) ?? []).map(layerOf)) + 1;
    layers.set(name, layer);
    return layer;
  };
  for (const name of names) layerOf(name);
  return layers;
}

/** A place within a layer: a node, or where a long edge passes through. */
interface Place {
  readonly id: string;
  readonly before: Place[];
  readonly after: Place[];
}

interface Placed {
  readonly columns: Place[][];
  /** The places that an edge (as it counts, not as it points) goes through, from left to right. */
  readonly ways: Place[][];
}

function place(names: readonly string[], edges: readonly Edge[], layers: ReadonlyMap<string, number>): Placed {
  const depth = Math.max(-1, ...layers.values()) + 1;
  const columns: Place[][] = Array.from({ length: depth }, () => []);
  const put = (id: string, layer: number): Place => {
    const made: Place = { id, before: [], after: [] };
    columns[layer]?.push(made);
    return made;
  };
  const places = new Map(names.map((name) => [name, put(name, layers.get(name) ?? 0)]));
  const ways = edges.map((edge) => {
    const [from, to] = [places.get(edge.from), places.get(edge.to)];
    if (from === undefined || to === undefined) return [];
    const [first, last] = [layers.get(edge.from) ?? 0, layers.get(edge.to) ?? 0];
    const between = Array.from({ length: last - first - 1 }, (_, index) =>
      put(`${edge.from}\n${edge.to}\n${index}`, first + 1 + index),
    );
    const way = [from, ...between, to];
    for (const [index, one] of way.slice(1).entries()) {
      way[index]?.after.push(one);
      one.before.push(way[index] ?? from);
    }
    return way;
  });
  return { columns, ways };
}

/** Brings each column's places near to the mean of their neighbours, from the left and from the right in turn. */
function untangle(columns: Place[][]): void {
  const order = new Map<Place, number>();
  const note = (column: Place[]): void => {
    for (const [index, one] of column.entries()) order.set(one, index - column.length / 2);
  };
  for (const column of columns) note(column);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const forward = sweep % 2 === 0;
    for (const column of forward ? columns : columns.toReversed()) {
      const wish = new Map(
        column.map((one) => {
          const near = forward ? one.before : one.after;
          const sum = near.reduce((total, other) => total + (order.get(other) ?? 0), 0);
          return [one, near.length === 0 ? (order.get(one) ?? 0) : sum / near.length] as const;
        }),
      );
      column.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0) || byName(a.id, b.id));
      note(column);
    }
  }
}

/** The middle of every place; each column stands in the middle of the height. */
function coordinates(columns: readonly (readonly Place[])[]): Map<Place, Point> {
  const pitch = NODE.height + GAP.y;
  const tallest = Math.max(0, ...columns.map((column) => column.length));
  const points = new Map<Place, Point>();
  for (const [layer, column] of columns.entries()) {
    const top = ((tallest - column.length) * pitch) / 2;
    for (const [index, one] of column.entries()) {
      points.set(one, {
        x: layer * (NODE.width + GAP.x) + NODE.width / 2,
        y: top + index * pitch + NODE.height / 2,
      });
    }
  }
  return points;
}

/** The line of an edge: from the side of one node to the side of the other, by the waypoints between. */
function lineOf(way: readonly Place[], points: ReadonlyMap<Place, Point>, turned: boolean): Point[] {
  const middles = way.flatMap((one) => points.get(one) ?? []);
  return middles.flatMap(({ x, y: middle }, index) => {
    const y = middle + (turned ? BACK_OFFSET : 0);
    const right = { x: x + NODE.width / 2, y };
    const left = { x: x - NODE.width / 2, y };
    if (index === 0) return [right];
    return index === middles.length - 1 ? [left] : [left, right];
  });
}

/** Where the labels of the lines stand: on their first stretch, and moved down where one would lie on another. */
function placeLabels(ways: readonly (readonly Place[])[], lines: readonly (readonly Point[])[]): Point[] {
  const nowhere = { x: 0, y: 0 };
  const wished = lines.map(([first = nowhere, second = first], index) => {
    const [from, to] = ways[index] ?? [];
    const part = (from?.after.length ?? 0) >= (to?.before.length ?? 0) ? NEAR_END : NEAR_START;
    return { x: first.x + (second.x - first.x) * part.x, y: first.y + (second.y - first.y) * part.y };
  });
  const order = wished.map((_, index) => index).toSorted((a, b) => (wished[a]?.y ?? 0) - (wished[b]?.y ?? 0) || a - b);
  const free = new Map<number, number>();
  const labels = [...wished];
  for (const index of order) {
    const { x, y } = wished[index] ?? nowhere;
    const moved = Math.max(y, free.get(x) ?? Number.NEGATIVE_INFINITY);
    free.set(x, moved + LABEL_HEIGHT);
    labels[index] = { x, y: moved };
  }
  return labels;
}

/** Lays out a call graph. Edges of a node to itself, and to nodes that are not named, have no place in it. */
export function layOut<E extends Edge>(nodes: readonly string[], edges: readonly E[]): Layout<E> {
  const known = new Set(nodes);
  const drawn = edges
    .filter(({ from, to }) => from !== to && known.has(from) && known.has(to))
    .toSorted((a, b) => byName(a.from, b.from) || byName(a.to, b.to));
  const linked = new Set(drawn.flatMap(({ from, to }) => [from, to]));
  const names = [...linked].sort(byName);
  const forward = cutCycles(names, drawn);
  const { columns, ways } = place(names, forward, layersOf(names, forward));
  untangle(columns);
  const points = coordinates(columns);
  const turned = drawn.map((edge, index) => forward[index]?.from !== edge.from);
  const lines = ways.map((way, index) => lineOf(way, points, turned[index] ?? false));
  const labels = placeLabels(ways, lines);
  const middles = new Map<string, Point>();
  for (const [one, point] of points) if (known.has(one.id)) middles.set(one.id, point);
  const ys = [...points.values()].map(({ y }) => y + NODE.height / 2);
  return {
    width: columns.length === 0 ? 0 : columns.length * (NODE.width + GAP.x) - GAP.x,
    height: Math.max(0, ...ys, ...labels.map(({ y }) => y + LABEL_HEIGHT)),
    nodes: middles,
    routes: drawn.map((edge, index) => {
      const line = lines[index] ?? [];
      return { edge, points: turned[index] ? line.toReversed() : line, label: labels[index] ?? { x: 0, y: 0 } };
    }),
    apart: nodes.filter((name) => !linked.has(name)).toSorted(byName),
  };
}
