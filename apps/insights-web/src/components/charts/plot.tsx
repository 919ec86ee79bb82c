import { useEffect, useEffectEvent, useLayoutEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useThemeChanges } from '../../lib/use-theme-changes.ts';
import { type Palette, type PlotInput, plotData, plotOptions } from './plot-options.ts';
import type { Mark } from './series.ts';

/** Reads the colours of styles.css as they are now: a canvas knows no custom properties. */
function readPalette(host: HTMLElement): Palette {
  const probe = host.appendChild(document.createElement('span'));
  const known = new Map<string, string>();
  for (const role of ['accent', 'fail', 'silent', 'healthy', 'violet', 'teal', 'rose', 'muted', 'soft', 'line']) {
    probe.style.color = `var(--color-${role})`;
    known.set(role, getComputedStyle(probe).color);
  }
  probe.remove();
  return (role) => known.get(role) ?? 'currentColor';
}

interface PlotProps extends Omit<PlotInput, 'marks'> {
  readonly marks: readonly Mark[];
  /** Pixels. */
  readonly height: number;
}

/**
 * The drawing of a chart over time. A refresh changes the data of the one that is there; only another theme, size or set
 * of series draws anew. A module of its own, since it brings uPlot with it.
 */
export function Plot({ marks, height, ...input }: PlotProps) {
  const { steps, series, group } = input;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const theme = useThemeChanges();
  const cursorAt = useEffectEvent((index: number | null) => input.onCursor(index));
  const zoomTo = useEffectEvent((from: number, to: number) => input.onZoom(from, to));
  const format = useEffectEvent((value: number | null) => input.format(value));
  const newestMarks = useEffectEvent(() => marks);
  const look = series.map(({ name, colour, shape, stroke }) => [name, colour, shape, stroke].join()).join('\n');
  const current = useEffectEvent(() => input);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `theme` and `look` say when to draw anew
  useLayoutEffect(() => {
    const element = host.current;
    if (element === null) return;
    const wiring = {
      ...current(),
      format: (value: number | null) => format(value),
      marks: () => newestMarks(),
      onCursor: (index: number | null) => cursorAt(index),
      onZoom: (from: number, to: number) => zoomTo(from, to),
    };
    const options = plotOptions(wiring, readPalette(element), element.clientWidth || 300, height);
    const made = new uPlot(options, plotData(current().steps, current().series), element);
    plot.current = made;
    const watcher = new ResizeObserver(() => {
      if (element.clientWidth > 0) made.setSize({ width: element.clientWidth, height });
    });
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [theme, look, group, height]);

  useEffect(() => plot.current?.setData(plotData(steps, series)), [steps, series]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn again when they change
  useEffect(() => plot.current?.redraw(false), [marks]);
  return <div ref={host} style={{ height }} />;
}
