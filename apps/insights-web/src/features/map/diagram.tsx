import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { StandingMark } from '../../components/ui/standing.tsx';
import type { MapEdge, MapNode } from '../../lib/api/get-map.ts';
import { formatDuration, formatPerMinute, formatRate } from '../../lib/format.ts';
import { FAILING_CALLS } from '../../lib/limits.ts';
import { type Layout, NODE, type Point, type Route } from './layout.ts';

const MARGIN = 10;
/** Beside the drawing: the page's padding and the border, pixels. */
const PAGE_PADDING = 50;
const LARGE_SCREEN = '64rem';

/** A smooth line through the points: each stretch leaves and arrives level. */
function pathOf([first, ...others]: readonly Point[]): string {
  if (first === undefined) return '';
  let path = `M${first.x} ${first.y}`;
  let last = first;
  for (const point of others) {
    const bend = (point.x - last.x) / 2;
    path += `C${last.x + bend} ${last.y} ${point.x - bend} ${point.y} ${point.x} ${point.y}`;
    last = point;
  }
  return path;
}

const isFailing = ({ failureRate }: MapEdge): boolean => (failureRate ?? 0) >= FAILING_CALLS;

/** The busier, the thicker: a pixel more for each ten times as many calls. */
const thickness = ({ perMinute }: MapEdge): number => 1.25 + Math.min(3, Math.max(0, Math.log10(perMinute + 1)));

const sentence = ({ from, to, perMinute, failureRate, p50, p95 }: MapEdge): string =>
  `${from} calls ${to}: ${formatPerMinute(perMinute)} a minute, ${formatRate(failureRate)} failed, p50 ${formatDuration(p50)}, p95 ${formatDuration(p95)}`;

function Arrow({ route, faint }: { readonly route: Route<MapEdge>; readonly faint: boolean }) {
  const { edge, points } = route;
  const failing = isFailing(edge);
  return (
    <g className={`${failing ? 'text-fail' : 'text-edge'} ${faint ? 'opacity-15' : ''}`}>
      <title>{sentence(edge)}</title>
      <path
        d={pathOf(points)}
        fill="none"
        stroke="currentColor"
        strokeWidth={thickness(edge)}
        strokeDasharray={failing ? '7 3' : undefined}
        markerEnd={failing ? 'url(#arrow-fail)' : 'url(#arrow)'}
      />
    </g>
  );
}

const Head = ({ id, className }: { readonly id: string; readonly className: string }) => (
  <marker
    id={id}
    viewBox="0 0 8 8"
    refX="7"
    refY="4"
    markerWidth="9"
    markerHeight="9"
    markerUnits="userSpaceOnUse"
    orient="auto"
  >
    <path d="M0 0 8 4 0 8Z" className={className} />
  </marker>
);

function Label({ route, faint }: { readonly route: Route<MapEdge>; readonly faint: boolean }) {
  const { edge, label } = route;
  return (
    <span
      title={sentence(edge)}
      className={`absolute -translate-x-1/2 -translate-y-1/2 rounded bg-canvas px-1 text-center text-[0.6875rem] leading-3.5 whitespace-nowrap ${isFailing(edge) ? 'font-semibold text-fail' : 'text-soft'} ${faint ? 'opacity-15' : ''}`}
      style={{ left: label.x + MARGIN, top: label.y + MARGIN }}
    >
      <span className="block">{formatPerMinute(edge.perMinute)}/min</span>
      <span className="block">
        {[edge.failures > 0 ? formatRate(edge.failureRate) : null, edge.p95 === null ? null : formatDuration(edge.p95)]
          .filter((part) => part !== null)
          .join(' · ')}
      </span>
    </span>
  );
}

interface NodeBoxProps {
  readonly node: MapNode | undefined;
  readonly faint?: boolean;
  /** Its name while the pointer or the focus is on it. */
  readonly onActive?: (name: string | null) => void;
}

function NodeBox({ node, faint = false, onActive }: NodeBoxProps) {
  if (node === undefined) return null;
  const enter = (): void => onActive?.(node.name);
  const leave = (): void => onActive?.(null);
  return (
    <Link
      to="/apps/$app"
      params={{ app: node.name }}
      title={node.name}
      onMouseEnter={enter}
      onMouseLeave={leave}
      onFocus={enter}
      onBlur={leave}
      className={`flex flex-col justify-center rounded-lg border bg-surface px-2.5 hover:border-accent ${node.state === 'failing' ? 'border-fail' : node.state === 'silent' ? 'border-dashed border-silent' : 'border-edge'} ${faint ? 'opacity-40' : ''}`}
      style={{ height: NODE.height }}
    >
      <span className="truncate text-[0.8125rem] font-medium">{node.name}</span>
      <span className="flex items-center justify-between gap-2 text-xs text-soft">
        <StandingMark standing={node.state} />
        <span className="truncate">{formatPerMinute(node.perMinute)}/min</span>
      </span>
    </Link>
  );
}

interface DrawingProps {
  readonly layout: Layout<MapEdge>;
  readonly byName: ReadonlyMap<string, MapNode>;
}

/** Arrows, their labels and nodes. The node under pointer or focus leaves only its own calls in full strength. */
function Drawing({ layout: { width, height, nodes, routes }, byName }: DrawingProps) {
  const [active, setActive] = useState<string | null>(null);
  const touches = ({ edge }: Route<MapEdge>): boolean => active === null || edge.from === active || edge.to === active;
  const near = new Set(routes.filter(touches).flatMap(({ edge }) => [edge.from, edge.to]));
  const size = { width: width + 2 * MARGIN, height: height + 2 * MARGIN };
  const keyOf = ({ edge }: Route<MapEdge>): string => `${edge.from}\n${edge.to}`;
  return (
    <div className="relative mx-auto" style={size}>
      <svg
        aria-hidden="true"
        {...size}
        viewBox={`${-MARGIN} ${-MARGIN} ${size.width} ${size.height}`}
        className="absolute inset-0"
      >
        <defs>
          <Head id="arrow" className="fill-edge" />
          <Head id="arrow-fail" className="fill-fail" />
        </defs>
        {routes.map((route) => (
          <Arrow key={keyOf(route)} route={route} faint={!touches(route)} />
        ))}
      </svg>
      {routes.map((route) => (
        <Label key={keyOf(route)} route={route} faint={!touches(route)} />
      ))}
      {[...nodes].map(([name, { x, y }]) => (
        <div
          key={name}
          className="absolute"
          style={{ left: x - NODE.width / 2 + MARGIN, top: y - NODE.height / 2 + MARGIN, width: NODE.width }}
        >
          <NodeBox node={byName.get(name)} faint={!near.has(name)} onActive={setActive} />
        </div>
      ))}
    </div>
  );
}

/** The least width of the screen that shows the drawing whole, as CSS spells it: one that is larger still may scroll on a large screen. */
export const wideFrom = ({ width }: Layout<MapEdge>): string =>
  `min(${width + 2 * MARGIN + PAGE_PADDING}px, ${LARGE_SCREEN})`;

interface DiagramProps {
  readonly layout: Layout<MapEdge>;
  readonly byName: ReadonlyMap<string, MapNode>;
}

/** The applications and the calls between them, drawn. */
export const Diagram = ({ layout, byName }: DiagramProps) => (
  <section
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard (WCAG 2.1.1)
    tabIndex={0}
    aria-label="Map of calls; the table below has the same figures"
    className="mb-5 overflow-auto rounded-lg border border-line bg-canvas"
  >
    <Drawing layout={layout} byName={byName} />
  </section>
);

interface NodeListProps {
  readonly title: string;
  readonly nodes: readonly MapNode[];
}

/** Applications without the calls between them. */
export const NodeList = ({ title, nodes }: NodeListProps) => (
  <section className="mb-5">
    <h2 className="mb-2 text-sm font-semibold">{title}</h2>
    <ul className="grid grid-cols-[repeat(auto-fill,minmax(9.5rem,1fr))] gap-2">
      {nodes.map((node) => (
        <li key={node.name} className="min-w-0">
          <NodeBox node={node} />
        </li>
      ))}
    </ul>
  </section>
);
