// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Edge, layOut, NODE } from '../src/features/map/layout.ts';

const edge = (from: string, to: string): Edge => ({ from, to });
const at = (names: string, edges: Edge[]) => {
  const layout = layOut([...names], edges);
  return (name: string) => {
    const point = layout.nodes.get(name);
    if (point === undefined) throw new Error(`${name} has no place`);
    return point;
  };
};

const names = [...'abcdefgh'];
const graphs = fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)), { maxLength: 20 });
const unique = (pairs: [string, string][]): Edge[] =>
  [...new Set(pairs.map(([a, b]) => a + b))].map(([a = '', b = '']) => edge(a, b));

describe('the layout of a call graph', () => {
  it('puts callers left of those they call, as far as the longest way', () => {
    const place = at('abcd', [edge('a', 'b'), edge('b', 'c'), edge('a', 'c'), edge('a', 'd')]);
    expect(place('a').x).toBeLessThan(place('b').x);
    expect(place('b').x).toBeLessThan(place('c').x);
    expect(place('d').x).toBe(place('b').x);
  });

  it('leads a long edge past the nodes between', () => {
    const layout = layOut([...'abc'], [edge('a', 'b'), edge('b', 'c'), edge('a', 'c')]);
    const long = layout.routes.find(({ edge: { from, to } }) => from === 'a' && to === 'c');
    const b = layout.nodes.get('b');
    const passing = long?.points.filter(({ x }) => Math.abs(x - (b?.x ?? 0)) <= NODE.width / 2) ?? [];
    expect(passing).toHaveLength(2);
    for (const { y } of passing) expect(Math.abs(y - (b?.y ?? 0))).toBeGreaterThan(NODE.height / 2);
  });

  it('uncrosses what need not cross', () => {
    const place = at('abcd', [edge('a', 'd'), edge('b', 'c')]);
    expect(Math.sign(place('a').y - place('b').y)).toBe(Math.sign(place('d').y - place('c').y));
  });

  it('keeps the arrows of a cycle pointing as they do, apart from each other', () => {
    const { routes, nodes } = layOut(['a', 'b'], [edge('a', 'b'), edge('b', 'a')]);
    const [there, back] = routes;
    expect(nodes.get('a')?.x).toBeLessThan(nodes.get('b')?.x ?? 0);
    expect(there?.points[0]?.x).toBeLessThan(there?.points.at(-1)?.x ?? 0);
    expect(back?.points[0]?.x).toBeGreaterThan(back?.points.at(-1)?.x ?? 0);
    expect(there?.points[0]?.y).not.toBe(back?.points.at(-1)?.y);
  });

  it('sets apart what has no edges, or only to itself or to strangers', () => {
    const layout = layOut([...'cab'], [edge('a', 'a'), edge('b', 'x')]);
    expect(layout).toMatchObject({ width: 0, height: 0, routes: [], apart: ['a', 'b', 'c'] });
  });

  it('is the same in whatever order the graph comes, and no two nodes or labels lie on each other', () => {
    fc.assert(
      fc.property(graphs, fc.infiniteStream(fc.nat()), (pairs, random) => {
        const edges = unique(pairs);
        const shuffle = <T>(list: readonly T[]): T[] =>
          list
            .map((one) => [random.next().value ?? 0, one] as const)
            .sort((a, b) => a[0] - b[0])
            .map(([, one]) => one);
        const layout = layOut(names, edges);
        expect(layOut(shuffle(names), shuffle(edges))).toEqual(layout);
        const boxes = [...layout.nodes.values()];
        const labels = layout.routes.map(({ label }) => label);
        const overlap = (list: typeof boxes, width: number, height: number): boolean =>
          list.some((a, index) =>
            list.slice(index + 1).some((b) => Math.abs(a.x - b.x) < width && Math.abs(a.y - b.y) < height),
          );
        expect(overlap(boxes, NODE.width, NODE.height)).toBe(false);
        expect(overlap(labels, 1, 20)).toBe(false);
        for (const { x, y } of [...boxes, ...labels]) {
          expect(x).toBeLessThanOrEqual(layout.width);
          expect(y).toBeLessThanOrEqual(layout.height);
        }
      }),
    );
  });
});
